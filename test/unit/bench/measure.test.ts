import { expect, test } from 'vitest';
import { parseTimes, runMeasured } from '../../../bench/measure/run-measured.ts';
import { median } from '../../../bench/measure/statistics.ts';

test.each<[number[], number]>([
  [[], NaN],
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test.each<[string, number]>([
  ['', 0],
  ['0m0.01s 0m0.02s\n0m0.00s 0m0.00s\n', 0],
  ['0m0.01s 0m0.02s\n1m2.50s 0m0.25s\n', 62.75],
])("reads the children's line of the shell's times", (text, seconds) => {
  expect(parseTimes(text)).toBeCloseTo(seconds, 6);
});

test('CPU time of a grandchild counts, and the exit code and output come through', async () => {
  const burn = 'const t = process.cpuUsage(); while (process.cpuUsage(t).user < 300e3);';
  const result = await runMeasured(['/bin/sh', '-c', `"${process.execPath}" -e "${burn}"; echo out; echo err >&2; exit 7`]);
  expect(result.exitCode).toBe(7);
  expect(result.cpuS).toBeGreaterThanOrEqual(0.3);
  expect([result.stdout, result.stderr]).toEqual(['out\n', 'err\n']);
});

test('a command over its time limit is ended', async () => {
  const result = await runMeasured([process.execPath, '-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 300 });
  expect(result.exitCode).not.toBe(0);
  expect(result.wallS).toBeLessThan(5);
});
