import type { ExperimentRow } from '../../db/models/experiments.ts';

/** Columns of `hs experiments list` in their order; new ones are only ever added at the end. */
export const EXPERIMENT_COLUMNS = [
  'name',
  'mode',
  'control_version',
  'treatment_version',
  'split',
  'started_at',
  'ended_at',
  'created_by',
] as const;

export type ExperimentRecord = Readonly<Record<(typeof EXPERIMENT_COLUMNS)[number], string | number | Date | null>>;

export function toExperimentRecord(row: ExperimentRow): ExperimentRecord {
  const { name, mode, control_version, treatment_version, split, started_at, ended_at, created_by } = row;
  return { name, mode, control_version, treatment_version, split, started_at, ended_at, created_by };
}
