import { expect, test } from 'vitest';

import { EXPORT_JOB_STATUSES } from '../../../src/domain/enums.ts';
import { durationSeconds, isComplete, isRunning } from '../../../src/domain/export-job.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

test('an export is complete when it is over, well or not, and running when it runs (schema §9)', () => {
  expect(EXPORT_JOB_STATUSES.filter((status) => isComplete({ status }))).toEqual(['completed', 'failed']);
  expect(EXPORT_JOB_STATUSES.filter((status) => isRunning({ status }))).toEqual(['running']);
});

// schema §9: null if not started, else (completed_at or now) − started_at
test.each([
  [null, null, null],
  [null, NOW, null],
  [NOW, null, 0],
  [before(90), null, 90],
  [before(90), before(30), 60],
  [before(0.5), NOW, 0.5],
])('an export started at %s and completed at %s took %s seconds (schema §9)', (startedAt, completedAt, seconds) => {
  expect(durationSeconds({ started_at: startedAt, completed_at: completedAt }, NOW)).toBe(seconds);
});
