import type { Column } from './column.ts';

type Moved = { id: string; event_id: number; from: string; to: string; changed: boolean };

/** Columns of alerts that somebody dealt with. */
export const MOVED_COLUMNS: Column<Moved>[] = (['id', 'event_id', 'from', 'to', 'changed'] as const).map((key) => ({
  key,
  value: (alert) => alert[key],
}));

export type MovedJob = { id: string; was: string; outcome: string };

/** Columns of jobs that somebody cancelled or queued again. */
export const MOVED_JOB_COLUMNS: Column<MovedJob>[] = (['id', 'was', 'outcome'] as const).map((key) => ({ key, value: (job) => job[key] }));
