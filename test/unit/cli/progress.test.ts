import { expect, test } from 'vitest';
import { displayWidth } from '../../../src/cli/display-width.ts';
import { fitWidths } from '../../../src/cli/fit-widths.ts';
import { formatDuration } from '../../../src/cli/format-duration.ts';
import { formatProgress } from '../../../src/cli/format-progress.ts';
import { createProgressLine } from '../../../src/cli/progress-line.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';

function recorder(isTTY: boolean, columns?: number): { written: string[]; output: Parameters<typeof createProgressLine>[0]['output'] } {
  const written: string[] = [];
  return { written, output: { isTTY, ...(columns === undefined ? {} : { columns }), write: (text) => written.push(text) } };
}

test('on a terminal the line is rewritten, at most ten times a second, and never wider than the terminal', () => {
  const { written, output } = recorder(true, 20);
  let nowMs = 0;
  const line = createProgressLine({ quiet: false, output: output!, now: () => nowMs });
  for (; nowMs < 1000; nowMs += 10) line.update('x'.repeat(50));
  expect(written).toHaveLength(10);
  expect(written.every((text) => text.startsWith('\r\x1b[2K') && displayWidth(text.slice(5)) <= 19)).toBe(true);
  line.clear();
  expect(written.at(-1)).toBe('\r\x1b[2K');
});

test('elsewhere there is a line every 10 s, the first after 10 s', () => {
  const { written, output } = recorder(false);
  let nowMs = 0;
  const line = createProgressLine({ quiet: false, output: output!, now: () => nowMs });
  for (; nowMs <= 30_000; nowMs += 500) line.update(() => `at ${String(nowMs)}`);
  line.clear();
  expect(written).toEqual(['at 10000\n', 'at 20000\n', 'at 30000\n']);
});

test('quiet writes nothing', () => {
  const { written, output } = recorder(true, 80);
  const line = createProgressLine({ quiet: true, output: output! });
  line.update('x');
  line.clear();
  expect(written).toEqual([]);
});

test.each([
  [{ done: 0, unit: 'files', elapsedMs: 0 }, '0 files'],
  [{ done: 0, total: 0, unit: 'files', elapsedMs: 10 }, '0/0 files'],
  [{ done: 10, unit: 'files', elapsedMs: 2000 }, '10 files · 5.0 files/s'],
  [
    { done: 120, total: 400, unit: 'files', elapsedMs: 30_000, extra: ['2.1× real time'] },
    '120/400 files (30 %) · 4.0 files/s · 2.1× real time · ETA 1m 10s',
  ],
  [{ done: 400, total: 400, unit: 'files', elapsedMs: 1000 }, '400/400 files (100 %) · 400 files/s'],
])('progress %o reads %s', (counts, expected) => {
  expect(formatProgress(counts)).toBe(expected);
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1s'],
  [70_000, '1m 10s'],
  [3_600_000, '1h'],
  [7_500_000, '2h 5m'],
  [273_600_000, '3d 4h'],
  [NaN, 'unknown'],
  [-1, 'unknown'],
  [Infinity, 'unknown'],
])('%d ms reads %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [[], 80, []],
  [[5, 5], 12, [5, 5]],
  [[5, 100], 40, [5, 33]],
  [[50, 100], 40, [19, 19]],
  [[50, 101], 41, [20, 19]],
  [[3, 100, 100], 10, undefined],
])('widths %j in %i columns become %j', (natural, total, expected) => {
  expect(fitWidths(natural, total, 2)).toEqual(expected);
});

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['\x1b[1mab\x1b[22m', 2],
  ['🚗', 2],
])('%j takes %i columns', (text, expected) => {
  expect(displayWidth(text)).toBe(expected);
});

test.each([
  [{ isTTY: false }, true, {}, 'x'],
  [{ isTTY: true }, true, {}, '\x1b[1mx\x1b[22m'],
  [{ isTTY: true }, false, {}, 'x'],
  [{ isTTY: true }, true, { NO_COLOR: '1' }, 'x'],
  [{ isTTY: true }, true, { NO_COLOR: '' }, '\x1b[1mx\x1b[22m'],
  [{ isTTY: true }, true, { TERM: 'dumb' }, 'x'],
])('colours on %o with color %s and %o give %j', (output, color, env, expected) => {
  expect(toTerminal(output, { color, env }).style('bold', 'x')).toBe(expected);
});
