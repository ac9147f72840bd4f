import { expect, test } from 'vitest';

import { JOB_STATUSES, type JobStatus } from '../../../src/domain/enums.ts';
import {
  attemptDurationSeconds,
  canRetry,
  cancelJob,
  completeJob,
  durationSeconds,
  failJob,
  InvalidJobTransition,
  isActive,
  isFinished,
  prepareRetry,
  startJob,
  updateProgress,
  type JobState,
} from '../../../src/domain/job.ts';

const NOW = new Date('2026-03-01T10:00:00Z');

function jobIn(status: JobStatus, patch: Partial<JobState> = {}): JobState {
  return {
    status,
    started_at: null,
    completed_at: null,
    progress_percent: 0,
    current_step: null,
    result: null,
    error_message: null,
    error_traceback: null,
    attempt_number: 1,
    max_attempts: 3,
    next_retry_at: null,
    ...patch,
  };
}

// §9 and behaviour §10.15: every move that is not named is refused
const MOVES: Record<JobStatus, { start: boolean; complete: boolean; fail: boolean; cancel: boolean; retry: boolean }> = {
  queued: { start: true, complete: false, fail: false, cancel: true, retry: false },
  running: { start: false, complete: true, fail: true, cancel: true, retry: false },
  completed: { start: false, complete: false, fail: false, cancel: false, retry: false },
  failed: { start: false, complete: false, fail: false, cancel: false, retry: true },
  cancelled: { start: false, complete: false, fail: false, cancel: false, retry: false },
};

test.each(JOB_STATUSES)('a %s job makes exactly the moves of the life cycle (§10.15)', (status) => {
  const job = Object.freeze(jobIn(status));
  const allowed = MOVES[status];
  const check = (may: boolean, move: () => unknown): void => {
    if (may) expect(move).not.toThrow();
    else expect(move).toThrow(InvalidJobTransition);
  };
  check(allowed.start, () => startJob(job, NOW));
  check(allowed.complete, () => completeJob(job, NOW));
  check(allowed.fail, () => failJob(job, NOW, { message: 'x' }));
  expect(cancelJob(job, NOW) !== false).toBe(allowed.cancel);
  expect(prepareRetry(job) !== false).toBe(allowed.retry);
});

test.each([
  ['queued', true],
  ['running', true],
  ['completed', false],
  ['failed', false],
  ['cancelled', false],
] as const)('a %s job is active: %s', (status, active) => {
  expect(isActive({ status })).toBe(active);
  expect(isFinished({ status })).toBe(!active);
});

test('starting takes the given time and completing writes 100 percent', () => {
  expect(startJob({ status: 'queued' }, NOW)).toEqual({ status: 'running', started_at: NOW });
  const patch = { status: 'completed', progress_percent: 100, completed_at: NOW, current_step: 'Completed' };
  expect(completeJob({ status: 'running' }, NOW)).toEqual(patch);
  expect(completeJob({ status: 'running' }, NOW, { rows: 3 })).toEqual({ ...patch, result: { rows: 3 } });
  expect(completeJob({ status: 'running' }, NOW, null)).toEqual({ ...patch, result: null });
});

test.each([
  ['', 'Failed: '],
  ['disk full', 'Failed: disk full'],
  ['x'.repeat(50), `Failed: ${'x'.repeat(50)}`],
  ['x'.repeat(51), `Failed: ${'x'.repeat(50)}...`],
  ['é'.repeat(51), `Failed: ${'é'.repeat(50)}...`],
  [`${'x'.repeat(49)}🎥🎥`, `Failed: ${'x'.repeat(49)}🎥...`],
])('failing with %j shows the first 50 characters as step', (message, step) => {
  expect(failJob({ status: 'running' }, NOW, { message })).toEqual({
    status: 'failed',
    completed_at: NOW,
    error_message: message,
    error_traceback: null,
    current_step: step,
  });
  expect(failJob({ status: 'running' }, NOW, { message, trace: 'at line 1' })).toMatchObject({ error_traceback: 'at line 1' });
});

test('cancelling says so', () => {
  expect(cancelJob({ status: 'queued' }, NOW)).toEqual({
    status: 'cancelled',
    completed_at: NOW,
    current_step: 'Cancelled by user',
    error_message: 'Job cancelled by user request',
  });
});

test.each([
  [Number.NaN, undefined],
  [-Infinity, 0],
  [-1, 0],
  [0, 0],
  [0.9, 0],
  [41.9, 41],
  [99, 99],
  [99.99, 99],
  [100, 99],
  [Infinity, 99],
])('progress %s of a running job is stored as %s', (percent, stored) => {
  const patch = updateProgress({ status: 'running', progress_percent: 0 }, percent);
  expect(patch).toEqual(stored === undefined ? false : { progress_percent: stored });
});

test('progress never goes back within an attempt, and moves only while the job runs', () => {
  expect(updateProgress({ status: 'running', progress_percent: 40 }, 30, 'decoding')).toEqual({
    progress_percent: 40,
    current_step: 'decoding',
  });
  for (const status of JOB_STATUSES.filter((other) => other !== 'running')) {
    expect(updateProgress({ status, progress_percent: 0 }, 30)).toBe(false);
  }
});

test('a step is cut to the 255 characters that its column holds', () => {
  expect(updateProgress({ status: 'running', progress_percent: 0 }, 1, '🎥'.repeat(300))).toEqual({
    progress_percent: 1,
    current_step: '🎥'.repeat(255),
  });
});

test.each([
  ['failed', 1, 3, true],
  ['failed', 2, 3, true],
  ['failed', 3, 3, false],
  ['failed', 1, 1, false],
  ['cancelled', 1, 3, false],
  ['completed', 1, 3, false],
] as const)('a %s job after attempt %s of %s can be retried: %s', (status, attempt, most, expected) => {
  expect(canRetry({ status, attempt_number: attempt, max_attempts: most })).toBe(expected);
});

test('a retry clears the attempt and keeps the result', () => {
  const job = jobIn('failed', { attempt_number: 2, progress_percent: 70, error_message: 'x', result: { a: 1 } });
  const patch = prepareRetry(job);
  expect(patch).toEqual({
    status: 'queued',
    attempt_number: 3,
    started_at: null,
    completed_at: null,
    error_message: null,
    error_traceback: null,
    current_step: null,
    progress_percent: 0,
  });
  expect(patch).not.toHaveProperty('result');
});

test('a duration needs both ends', () => {
  expect(durationSeconds({ started_at: null, completed_at: null })).toBeNull();
  expect(durationSeconds({ started_at: NOW, completed_at: null })).toBeNull();
  expect(durationSeconds({ started_at: null, completed_at: NOW })).toBeNull();
  expect(durationSeconds({ started_at: NOW, completed_at: new Date(NOW.getTime() + 1500) })).toBe(1.5);
});

test('an attempt has no duration until it has ended (schema §9)', () => {
  expect(attemptDurationSeconds({ started_at: NOW, ended_at: null })).toBeNull();
  expect(attemptDurationSeconds({ started_at: NOW, ended_at: NOW })).toBe(0);
  expect(attemptDurationSeconds({ started_at: NOW, ended_at: new Date(NOW.getTime() + 2250) })).toBe(2.25);
});
