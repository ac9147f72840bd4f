import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { round } from '../measure/statistics.ts';
import { makeTinyStills } from '../product/make-stills.ts';
import { makeTempFolder, runHs, withHome } from '../product/hs.ts';

type Options = { counts: string; real: boolean; realLimit: number; heapMb?: number };

const { counts, real, realLimit, heapMb } = new Command('bench/listing-memory')
  .description('Memory of the parent process of `hs ingest` as the number of listed files grows')
  .option('--counts <list>', 'numbers of files, ascending', '1000,10000,100000')
  .option('--no-real', 'only --dry-run')
  .option('--real-limit <s>', 'stop a real ingest after this long; its peak until then counts', positiveNumber, 300)
  .option('--heap-mb <mb>', 'limit of the heap of hs: garbage that waits for its collection then does not count', positiveNumber)
  .parse()
  .opts<Options>();

if (heapMb !== undefined) process.env['NODE_OPTIONS'] = `--max-old-space-size=${heapMb}`;

const folder = await makeTempFolder('listing');
const rows: Record<string, string | number>[] = [];

async function measure(count: number, mode: 'dry run' | 'real'): Promise<void> {
  await withHome(async (home) => {
    const dry = mode === 'dry run' ? ['--dry-run'] : [];
    const result = await runHs(home, ['ingest', folder, '--quiet', ...dry], mode === 'real' ? { timeoutMs: realLimit * 1000 } : {});
    const ended = result.exitCode === 0 ? 'all files' : `stopped (${result.exitCode})`;
    rows.push({
      files: count,
      mode,
      'parent peak MB': toMegabytes(result.peakOwnBytes),
      'all processes MB': toMegabytes(result.peakTreeBytes),
      'wall s': round(result.wallS, 1),
      ended,
    });
    process.stderr.write(`${count} ${mode}: parent ${toMegabytes(result.peakOwnBytes)} MB, ${ended}\n`);
  });
}

try {
  let made = 0;
  for (const count of counts.split(',').map(Number)) {
    await makeTinyStills(folder, made, count);
    made = count;
    await measure(count, 'dry run');
    if (real) await measure(count, 'real');
  }
  printFigures(rows);
} finally {
  await rm(folder, { recursive: true, force: true });
}
