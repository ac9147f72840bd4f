import type { Knex } from 'knex';

import type { Severity } from '../../domain/enums.ts';

/** Events that a run rated with one of the levels. */
export async function countRatedEvents(knex: Knex, { runId, levels }: { runId: string; levels: readonly Severity[] }): Promise<number> {
  const [row] = await knex('events')
    .where({ run_id: runId })
    .whereIn('risk_level', [...levels])
    .count<{ count: number }[]>({ count: '*' });
  return row?.count ?? 0;
}

/** From the first to the last moment of the files a run worked through, by camera. */
export async function findSpansOfRun(knex: Knex, runId: string): Promise<{ camera_id: string; since: Date; until: Date }[]> {
  return knex('media_files')
    .where({ run_id: runId })
    .whereNotNull('captured_at')
    .groupBy('camera_id')
    .orderBy('camera_id')
    .select('camera_id')
    .select({ until: knex.raw("max(greatest(ended_at, captured_at + coalesce(duration_ms, 0) * interval '1 millisecond'))") })
    .min<{ camera_id: string; since: Date; until: Date }[]>({ since: 'captured_at' });
}
