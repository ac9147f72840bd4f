import type { BaselineResult } from './rebuild-camera.ts';

/** Columns of `hs baselines rebuild` and `update`; new ones are only ever added at the end. */
export const RESULT_COLUMNS = [
  'camera_id',
  'as_of',
  'recording',
  'timezone',
  'activity_slots',
  'class_slots',
  'changed_hours',
  'changed_slots',
  'changed_events',
  'as_of_local',
] as const satisfies readonly (keyof BaselineResult)[];

/** Columns of `--verify`. */
export const VERIFY_COLUMNS = [
  'camera_id',
  'as_of',
  'identical',
  'different_hours',
  'different_slots',
  'different_events',
  'as_of_local',
] as const;

export const RESULT_LIST_COLUMNS = RESULT_COLUMNS.filter((column) => !column.endsWith('_local'));
export const VERIFY_LIST_COLUMNS = VERIFY_COLUMNS.filter((column) => !column.endsWith('_local'));
