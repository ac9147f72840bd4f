import type { Knex } from 'knex';

import { planPrune, type PlannedTable } from '../../../src/services/retention/plan-prune.ts';
import { prune, type PruneOptions, type PruneOutcome } from '../../../src/services/retention/prune.ts';
import type { RetentionSettings } from '../../../src/services/retention/retention-kinds.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedRun } from '../answers/seed.ts';
import { CAMERA, derive, sighting, storeFiles } from '../derive/synthetic-footage.ts';

export const KEEP: RetentionSettings = {
  footage: '30d',
  activityHours: '60d',
  gpuStats: '30d',
  jobs: '30d',
  logs: '7d',
  auditLogs: 'never',
};

export const pruneOptions = (more: Partial<PruneOptions> = {}): PruneOptions => ({
  settings: KEEP,
  kinds: [],
  originals: undefined,
  force: true,
  actor: 'tester',
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onProblem: () => undefined,
  ...more,
});

export const removedOf = ({ tables }: PruneOutcome): Record<string, number> =>
  Object.fromEntries(tables.flatMap(({ table, removed }) => (removed ? [[table, removed]] : [])));

export async function plannedOf(knex: Knex, more: Partial<PruneOptions> = {}): Promise<Record<string, PlannedTable>> {
  const { tables } = await planPrune(knex, pruneOptions(more));
  return Object.fromEntries(tables.map((table) => [table.table, table]));
}

/** Prunes again and again, each time stopped at the first thing that went, until one comes to its end; returns how many there were. */
export async function pruneBitByBit(knex: Knex, more: Partial<PruneOptions> = {}): Promise<number> {
  for (let runs = 1; ; runs += 1) {
    const stop = new AbortController();
    const onProgress = (): void => {
      stop.abort(new Error('stop'));
    };
    const { stopped } = await prune(knex, pruneOptions({ ...more, signal: stop.signal, onProgress }));
    if (!stopped) return runs;
  }
}

const DAY_S = 86_400;
/** The newest footage ends 41 s after the start: so much later footage is older than 30 days. */
export const LIMIT_S = 41 - 30 * DAY_S;

/** Events by what becomes of them: where their first sighting is. Each has two sightings 20 s apart, the one at the limit three. */
export const EVENTS_AT_S = {
  wholeMonth: -60 * DAY_S,
  plain: -44 * DAY_S,
  noted: -42 * DAY_S,
  flagged: -41 * DAY_S,
  missed: -40 * DAY_S,
  held: -39 * DAY_S,
  heldOnce: -38 * DAY_S,
  atLimit: LIMIT_S - 21,
  young: 0,
} as const;

export type EventName = keyof typeof EVENTS_AT_S;

/** Footage of one camera as ingest would leave it: three months, events of every kind, and rows of everything else, young and old. */
export async function createAgedStore(): Promise<TestDatabase & { ids: Record<EventName, number> }> {
  const db = await createTestDatabase();
  await seedRun(db.knex);
  await db
    .knex('runs')
    .where({ id: RUN_ID })
    .update({ ended_at: db.knex.ref('started_at'), exit_code: 0 });
  await seedCamera(db.knex, CAMERA);
  const seconds = Object.values(EVENTS_AT_S).flatMap((second) => [second, second + 20]);
  const weak = sighting(-43 * DAY_S, { score: 0.26 });
  await storeFiles(db.knex, [...[...seconds, LIMIT_S + 19, 40].map((second) => sighting(second)), weak]);
  await derive(db.knex);
  await db.knex('cameras').update({ last_seen_at: db.knex('media_files').max('captured_at') });
  const ids = await findEvents(db.knex);
  await keepSome(db.knex, ids);
  await addResults(db.knex);
  await addTimedRows(db.knex);
  return { ...db, ids };
}

async function findEvents(knex: Knex): Promise<Record<EventName, number>> {
  const ids = await knex('events').orderBy('started_at').pluck<number[]>('id');
  const names = (Object.keys(EVENTS_AT_S) as EventName[]).sort((a, b) => EVENTS_AT_S[a] - EVENTS_AT_S[b]);
  return Object.fromEntries(names.map((name, place) => [name, ids[place]])) as Record<EventName, number>;
}

async function keepSome(knex: Knex, ids: Record<EventName, number>): Promise<void> {
  await knex('events').where({ id: ids.noted }).update({ notes: 'mine' });
  await knex('events').where({ id: ids.flagged }).update({ flagged: true });
  await knex('event_feedback').insert([
    { event_id: ids.missed, feedback_type: 'missed_threat' },
    { event_id: ids.plain, feedback_type: 'correct' },
  ]);
  const hold = { reason: 'claim', actor: 'tester', created_at: new Date('2026-01-01') };
  await knex('evidence_holds').insert([
    { ...hold, event_id: ids.held },
    { ...hold, event_id: ids.heldOnce, held_until: new Date('2026-01-02') },
  ]);
  const rule = { name: 'all', severity: 'low' };
  const [saved] = await knex('alert_rules').insert(rule).returning<{ id: string }[]>('id');
  const events = await knex('events').select('id', 'started_at');
  for (const { id, started_at } of events) {
    await knex('alerts').insert({ event_id: id, rule_id: saved?.id, dedup_key: String(id), occurred_at: started_at, cooldown_seconds: 0 });
    await knex('event_audits').insert({ event_id: id });
    await knex('due_alerts').insert({ event_id: id });
    await knex('experiment_results').insert({
      event_id: id,
      camera_id: CAMERA,
      experiment_name: 'e',
      experiment_version: 'v',
      v1_risk_score: 1,
      v2_risk_score: 1,
      v1_latency_ms: 1,
      v2_latency_ms: 1,
    });
  }
}

/** A pose and a vector for each detection: the entity of the first half is not seen later. */
async function addResults(knex: Knex): Promise<void> {
  const detections = await knex('detections').orderBy('detected_at').select<{ id: number; detected_at: Date }[]>('id', 'detected_at');
  const entities = await knex('entities')
    .insert([{ entity_type: 'person' }, { entity_type: 'person' }])
    .returning<{ id: string }[]>('id');
  for (const [place, { id, detected_at }] of detections.entries()) {
    const key = { detection_id: id, detected_at };
    await knex('pose_results').insert(key);
    const entity_id = entities[place < 2 ? 0 : 1]?.id;
    await knex('reid_embeddings').insert({ ...key, embedding: Buffer.alloc(8), dimension: 2, model_id: 'm', entity_id });
  }
  await knex.raw(
    `UPDATE entities e SET (first_seen_at, last_seen_at, detection_count, primary_detection_id) =
       (SELECT min(detected_at), max(detected_at), count(*), min(detection_id) FROM reid_embeddings r WHERE r.entity_id = e.id)`,
  );
}

/** One row just over age, one just under, by the clock of the database. */
async function addTimedRows(knex: Knex): Promise<void> {
  const ago = (days: number): Knex.Raw => knex.raw(`now() - ? * interval '1 day'`, [days]);
  for (const days of [29.9, 30.1]) {
    await knex('gpu_stats').insert({ recorded_at: ago(days) });
    const over = { created_at: ago(90), started_at: ago(90), completed_at: ago(days), status: 'completed', progress_percent: 100 };
    const [job] = await knex('jobs')
      .insert({ job_type: 'ingest', ...over })
      .returning<{ id: string }[]>('id');
    await knex('job_logs').insert({ job_id: job?.id, attempt_number: 1, level: 'info', message: 'x' });
    await knex('export_jobs').insert({ export_type: 'events', ...over });
  }
  await knex('jobs').insert({ job_type: 'ingest', created_at: ago(90), status: 'queued' });
  for (const days of [6.9, 7.1]) await knex('logs').insert({ timestamp: ago(days), level: 'info', component: 'x', message: 'x' });
  await knex('audit_logs').insert({ timestamp: ago(4000), action: 'settings_changed', resource_type: 'x', actor: 'x' });
  for (const hour of [8, 9]) {
    const started = new Date(Date.UTC(2025, 10, 15, hour));
    await knex('activity_hours').insert({ camera_id: CAMERA, local_date: '2025-11-15', hour, started_at: started, counts: '{"person":1}' });
  }
}
