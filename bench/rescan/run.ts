import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { runMeasured, type Measured } from '../measure/run-measured.ts';
import { median, round } from '../measure/statistics.ts';
import { makeTinyStills } from '../product/make-stills.ts';
import { makeTempFolder, runHs, runHsOrThrow, withHome } from '../product/hs.ts';

type Options = { files: number; rounds: number };

const { files, rounds } = new Command('bench/rescan')
  .description('A second ingest of a known tree, which has nothing to do, against find + stat of the same tree')
  .option('--files <n>', 'files in the tree', positiveNumber, 10_000)
  .option('--rounds <n>', 'both take turns this often', positiveNumber, 5)
  .parse()
  .opts<Options>();

/** Size, time and inode of every file: what has to be known to see that nothing changed. */
function findAndStat(folder: string): Promise<Measured> {
  return runMeasured(['/bin/sh', '-c', 'find "$0" -type f -printf "%s %T@ %i %p\\n" >/dev/null', folder]);
}

function describe(what: string, results: readonly Measured[]): Record<string, string | number> {
  const wallS = median(results.map((result) => result.wallS));
  return {
    what,
    files,
    'wall s': round(wallS, 3),
    'files/s': Math.round(files / wallS),
    'CPU s': round(median(results.map((result) => result.cpuS))),
    'peak MB': toMegabytes(median(results.map((result) => result.peakTreeBytes))),
  };
}

const folder = await makeTempFolder('rescan');
try {
  await makeTinyStills(folder, 0, files);
  await withHome(async (home) => {
    const first = await runHsOrThrow(home, ['ingest', folder, '--quiet']);
    const again: Measured[] = [];
    const found: Measured[] = [];
    const idle: Measured[] = [];
    for (let i = 0; i < rounds; i += 1) {
      again.push(await runHsOrThrow(home, ['ingest', folder, '--quiet']));
      found.push(await findAndStat(folder));
      idle.push(await runHs(home, ['files', 'list', '--limit', '1', '--quiet']));
    }
    printFigures([
      describe('first ingest', [first]),
      describe('no-op ingest', again),
      describe('find + stat', found),
      describe('hs files list', idle),
    ]);
    const wall = (results: readonly Measured[]): number => median(results.map((result) => result.wallS));
    process.stdout.write(
      `no-op ingest: ${round(wall(again) / wall(found), 1)} times find + stat; ${round((wall(again) - wall(idle)) / wall(found), 1)} times without start-up\n`,
    );
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
