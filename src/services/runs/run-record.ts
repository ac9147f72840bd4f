import type { RunRow } from '../../db/models/runs.ts';

/** Columns of `hs runs list` in their order; new ones are only ever added at the end. */
export const RUN_COLUMNS = [
  'id',
  'command',
  'started_at',
  'ended_at',
  'duration_s',
  'exit_code',
  'job_id',
  'hs_version',
  'config_fingerprint',
  'model_fingerprint',
  'heartbeat_at',
  'args',
  'enrichments',
] as const;

export type RunColumn = (typeof RUN_COLUMNS)[number];

export const RUN_LIST_COLUMNS = [
  'id',
  'command',
  'started_at',
  'duration_s',
  'exit_code',
  'hs_version',
  'job_id',
] as const satisfies readonly RunColumn[];

export type RunRecord = Readonly<Record<RunColumn, string | number | Date | object | null>>;

export function toRunRecord(row: RunRow): RunRecord {
  return {
    id: row.id,
    command: row.command,
    started_at: row.started_at,
    ended_at: row.ended_at,
    duration_s: row.ended_at === null ? null : (row.ended_at.getTime() - row.started_at.getTime()) / 1000,
    exit_code: row.exit_code,
    job_id: row.job_id,
    hs_version: row.hs_version,
    config_fingerprint: row.config_fingerprint,
    model_fingerprint: row.model_fingerprint,
    heartbeat_at: row.heartbeat_at,
    args: row.args_json,
    enrichments: row.enrichments,
  };
}
