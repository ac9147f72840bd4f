import type { Knex } from 'knex';

import { deleteAllEvents } from './event-deletion.ts';

/** Everything that came from footage or from work on it, children first. What a user set up is not in it. */
export const DATA_TABLES = [
  'event_detections',
  'pose_results',
  'threat_detections',
  'demographics_results',
  'reid_embeddings',
  'action_results',
  'plate_reads',
  'face_detection_events',
  'event_audits',
  'event_feedback',
  'experiment_results',
  'llm_interactions',
  'due_alerts',
  'evidence_holds',
  'alerts',
  'events',
  'summaries',
  'scene_change_pictures',
  'scene_changes',
  'scene_checks',
  'scene_checkpoints',
  'scene_references',
  'activity_baselines',
  'class_baselines',
  'activity_hours',
  'baseline_states',
  'entities',
  'tracks',
  'detections',
  'media_file_parts',
  'media_files',
  'export_jobs',
  'runs',
  'job_attempts',
  'job_logs',
  'job_transitions',
  'jobs',
  'gpu_stats',
  'prometheus_alerts',
] as const;

/** Configuration points at events, and events at runs and jobs: such tables cannot be truncated. They are small beside the others. */
const DELETED = ['runs', 'jobs'] as const satisfies (typeof DATA_TABLES)[number][];

/** Rows of each data table; those without any are left out. */
export async function countData(knex: Knex): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of DATA_TABLES) {
    const [row] = await knex(table).count<{ count: number }[]>();
    if (row !== undefined && row.count > 0) counts[table] = row.count;
  }
  return counts;
}

/**
 * Empties the data tables. Cameras forget when they were last seen; their settings stay. Returns the paths of clips, as
 * `deleteEvents` does.
 */
export async function clearDataTables(trx: Knex.Transaction): Promise<string[]> {
  const truncated = DATA_TABLES.filter((table) => table !== 'events' && !DELETED.some((other) => other === table));
  await trx.raw(`TRUNCATE ${truncated.map(() => '??').join(', ')}`, [...truncated]);
  const clips = await deleteAllEvents(trx);
  for (const table of DELETED) await trx(table).delete();
  await trx('cameras').update({ last_seen_at: null, pruned_until: null });
  return clips;
}
