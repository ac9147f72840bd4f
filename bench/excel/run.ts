import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures, toMegabytes } from '../measure/print-figures.ts';
import { runMeasured } from '../measure/run-measured.ts';
import { round } from '../measure/statistics.ts';

const PEAK_LIMIT_MB = 300;
const WRITERS = ['hs', 'hucre'] as const;

const { rows } = new Command('bench/excel')
  .description('Time and memory of an Excel export, against the bare streaming writer of a library with the same values')
  .option('--rows <n>', 'detections', positiveNumber, 1_000_000)
  .parse()
  .opts<{ rows: number }>();

const script = fileURLToPath(new URL('write-workbook.ts', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'hs-bench-excel-'));
const figures: Record<string, string | number>[] = [];
let isOver = false;
try {
  for (const writer of WRITERS) {
    const path = join(folder, `${writer}.xlsx`);
    const result = await runMeasured([process.execPath, '--import', 'tsx', script, writer, String(rows), path]);
    if (result.exitCode !== 0) throw new Error(`${writer} ended with ${String(result.exitCode)}: ${result.stderr}`);
    const peakMb = toMegabytes(result.peakOwnBytes);
    isOver ||= writer === 'hs' && peakMb > PEAK_LIMIT_MB;
    figures.push({
      writer,
      rows,
      'wall s': round(result.wallS, 1),
      'CPU s': round(result.cpuS, 1),
      'rows per s': Math.round(rows / result.wallS),
      'peak MB': peakMb,
      'file MB': toMegabytes((await stat(path)).size),
    });
  }
} finally {
  await rm(folder, { recursive: true });
}
printFigures(figures);
if (isOver) process.exitCode = 1;
