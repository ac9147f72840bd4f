import type { Knex } from 'knex';

import type { RecordingMode } from '../../domain/enums.ts';

/** One row of `baseline_states`, as stored. */
export type BaselineStateRow = Omit<BaselineState, 'stale'> & {
  /** A tstzmultirange, as text. */
  stale: string;
};

/** What the baselines of a camera reflect. */
export type BaselineState = {
  camera_id: string;
  as_of: Date | null;
  /** Null: activity hours and baselines have to be computed anew. */
  time_zone: string | null;
  recording: RecordingMode | null;
  counts_motion: boolean;
  /** Footage time they do not reflect yet, ascending. */
  stale: { from: Date; until: Date }[];
};

export type NewBaselineState = Omit<BaselineState, 'camera_id' | 'stale'>;

export async function findBaselineState(knex: Knex, cameraId: string): Promise<BaselineState | undefined> {
  const row = await knex('baseline_states')
    .where('camera_id', cameraId)
    .first<Omit<BaselineStateRow, 'stale'> | undefined>('camera_id', 'as_of', 'time_zone', 'recording', 'counts_motion');
  if (row === undefined) return undefined;
  const { rows } = await knex.raw<{ rows: BaselineState['stale'] }>(
    'SELECT lower(r) AS "from", upper(r) AS until FROM baseline_states s, unnest(s.stale) AS r WHERE s.camera_id = ? ORDER BY 1',
    [cameraId],
  );
  return { ...row, stale: rows };
}

/** Says what was computed with what; nothing is stale after that. */
export async function saveBaselineState(trx: Knex.Transaction, cameraId: string, state: NewBaselineState): Promise<void> {
  await trx('baseline_states')
    .insert({ camera_id: cameraId, ...state, stale: '{}' })
    .onConflict('camera_id')
    .merge();
}

/** Footage time, both ends included, in which tracks, events or coverage of a camera changed. */
export async function markActivityStale(trx: Knex.Transaction, change: { cameraId: string; from: Date; until: Date }): Promise<void> {
  await trx.raw(
    `INSERT INTO baseline_states AS s (camera_id, stale) VALUES (:cameraId, tstzmultirange(tstzrange(:from, :until, '[]')))
     ON CONFLICT (camera_id) DO UPDATE SET stale = s.stale + excluded.stale`,
    change,
  );
}

/** What was computed of a camera no longer holds. */
export async function markActivityUnknown(trx: Knex.Transaction, cameraId: string): Promise<void> {
  await trx('baseline_states').insert({ camera_id: cameraId }).onConflict('camera_id').merge({ time_zone: null });
}

/** Footage of files that are about to go. */
export async function markFilesStale(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await trx.raw(
    `INSERT INTO baseline_states AS s (camera_id, stale)
     SELECT camera_id, range_agg(tstzrange(captured_at, greatest(ended_at, captured_at), '[]'))
       FROM media_files WHERE id = ANY (?::bigint[]) AND captured_at IS NOT NULL GROUP BY 1
     ON CONFLICT (camera_id) DO UPDATE SET stale = s.stale + excluded.stale`,
    [[...ids]],
  );
}

export type BaselineStateSummary = Pick<BaselineState, 'camera_id' | 'time_zone' | 'recording'> & { is_stale: boolean };

export async function listBaselineStates(knex: Knex): Promise<BaselineStateSummary[]> {
  return knex('baseline_states')
    .orderBy('camera_id')
    .select<BaselineStateSummary[]>('camera_id', 'time_zone', 'recording', knex.raw('NOT isempty(stale) AS is_stale'));
}

/** Whether there was one. */
export async function deleteBaselineState(knex: Knex, cameraId: string): Promise<boolean> {
  return (await knex('baseline_states').where('camera_id', cameraId).delete()) > 0;
}

/** Footage time, by camera, that baselines do not reflect yet. */
export async function listStaleSpans(knex: Knex): Promise<{ camera_id: string; from: Date; until: Date }[]> {
  const { rows } = await knex.raw<{ rows: { camera_id: string; from: Date; until: Date }[] }>(
    `SELECT s.camera_id, lower(r) AS "from", upper(r) AS until
       FROM baseline_states s, unnest(s.stale) AS r
      WHERE NOT lower_inf(r) AND NOT upper_inf(r) ORDER BY 1, 2`,
  );
  return rows;
}
