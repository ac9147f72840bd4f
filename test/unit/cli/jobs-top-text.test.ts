import { expect, test } from 'vitest';

import { displayWidth } from '../../../src/cli/display-width.ts';
import { jobsTopText } from '../../../src/cli/jobs-top-text.ts';
import { fitRows, openLiveScreen, showLive } from '../../../src/cli/live-screen.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';

const AT = new Date('2026-03-01T10:00:00Z');
const JOB = '019aab00-0000-7000-8000-000000000000';

const ingest = {
  run_id: JOB,
  command: 'ingest',
  started_at: new Date('2026-03-01T09:47:29Z'),
  job_id: JOB,
  job_type: 'ingest',
  progress_percent: 12,
  current_step: 'analysing: 1234 of 9876 files of which some have a long name',
  files_per_min: 98.7,
  jobs_per_min: null,
  eta_s: 5_500,
};
const idle = {
  ...ingest,
  command: 'worker',
  job_id: null,
  job_type: null,
  progress_percent: null,
  current_step: null,
  files_per_min: null,
  jobs_per_min: 3.25,
  eta_s: null,
};
const direct = { queue_name: null, queued: 0, running: 1, failed: 2, oldest_queued_at: null, jobs_per_min: null, empty_in_s: null };
const detect = {
  queue_name: 'detect',
  queued: 120,
  running: 2,
  failed: 0,
  oldest_queued_at: new Date('2026-03-01T09:00:00Z'),
  jobs_per_min: 12,
  empty_in_s: 610,
};

const at = (columns: number): ReturnType<typeof toTerminal> => toTerminal({ isTTY: true, columns }, { color: false, env: {} });

test('with nobody at work and nothing waiting it says so', async () => {
  expect(await jobsTopText({ at: AT, workers: [], queues: [] }, at(80))).toBe(
    'nobody works on anything\n\nnothing waits, and nothing was finished lately\n',
  );
});

test.each([80, 100, 149])('on %d columns all but the id is there, and no line is wider', async (columns) => {
  const text = await jobsTopText({ at: AT, workers: [ingest, idle], queues: [detect, direct] }, at(columns));
  expect(text).toMatch(/^command +for +job +step +% +rate +eta\n/);
  expect(text).toMatch(/ingest +12m 31s +ingest +analysing: 1234.* 12 +99 files\/min +1h 31m\n/);
  expect(text).toMatch(/worker +12m 31s +3\.3 jobs\/min\n/);
  expect(text).toMatch(/\nqueue +queued +running +failed +oldest +jobs\/min +empty in\n/);
  expect(text).toMatch(/detect +120 +2 +0 +1h +12 +10m 10s\n/);
  expect(text).toMatch(/\(direct\) +0 +1 +2\n$/);
  expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(columns);
});

test('where there is room the id of the job is there', async () => {
  expect(await jobsTopText({ at: AT, workers: [ingest], queues: [] }, at(150))).toContain(JOB);
});

test('control characters of a step do not reach the terminal', async () => {
  const text = await jobsTopText({ at: AT, workers: [{ ...ingest, current_step: 'a\x1b[2Jb\nc' }], queues: [] }, at(80));
  expect(text).not.toContain('\x1b');
  expect(text.split('\n')).toHaveLength(5);
});

test.each([
  [[], 5, []],
  [['a'], 1, ['a']],
  [['a', 'b'], 1, ['… 2 more lines']],
  [['a', 'b', 'c'], 2, ['a', '… 2 more lines']],
  [['a'], 0, ['… 1 more lines']],
])('%j on a terminal of %d rows is %j', (lines, rows, shown) => {
  expect(fitRows(lines, rows)).toEqual(shown);
});

function record(): { columns: number; rows: number; text: string; write: (text: string) => void } {
  const output = { columns: 10, rows: 3, text: '', write: (text: string) => void (output.text += text) };
  return output;
}

test('a live view fits its terminal, and gives it back once', () => {
  const output = record();
  const screen = openLiveScreen(output);
  output.text = '';
  screen.show('first line is long\nb\nc\nd\n');
  expect(output.text).toBe('\x1b[Hfirst lin…\x1b[K\r\nb\x1b[K\r\n… 2 more …\x1b[K\x1b[J');
  screen.close();
  screen.close();
  expect(output.text.split('\x1b[?1049l')).toHaveLength(2);
  expect(process.listeners('exit')).not.toContain(screen.close);
});

test('a view that cannot be drawn any more gives the terminal back before the error is told', async () => {
  const output = record();
  let draws = 0;
  const draw = (): Promise<string> => (++draws > 2 ? Promise.reject(new Error('gone')) : Promise.resolve('x'));
  await expect(showLive({ draw, intervalMs: 1, signal: new AbortController().signal, output })).rejects.toThrow('gone');
  expect(output.text).toMatch(/x.*x.*\x1b\[\?1049l$/s);
});

test('a stop request ends it at once', async () => {
  const output = record();
  const stop = new AbortController();
  const draw = (): Promise<string> => {
    stop.abort();
    return Promise.resolve('x');
  };
  await showLive({ draw, intervalMs: 3_600_000, signal: stop.signal, output });
  expect(output.text).toContain('\x1b[?1049l');
});
