import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { expect } from 'vitest';
import { encodeVector } from '../../../src/domain/vector.ts';
import { splitQuietHours } from '../../../src/domain/quiet-hours.ts';
import { runCheck, type CheckOutcome, type RunCheckOptions } from '../../../src/services/check/run-check.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedRun } from '../answers/seed.ts';
import { CAMERA, derive, sighting, storeFiles } from '../derive/synthetic-footage.ts';

export const JOB_ID = '0192f0c0-0000-7000-8000-00000000000a';
export const EXPORT_ID = '0192f0c0-0000-7000-8000-00000000000b';
export const RULE_ID = '0192f0c0-0000-7000-8000-00000000000c';
export const ENTITY_ID = '0192f0c0-0000-7000-8000-00000000000d';

const DAY_S = 86_400;
export const MONTH_BEFORE_S = -40 * DAY_S;

export type SoundStore = TestDatabase & { folder: string; dispose(): Promise<void> };

/** A database that has something of everything, all of it as it should be: two months of footage, an alert, an entity, a prompt, a job. */
export async function createSoundStore(): Promise<SoundStore> {
  const db = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'hs-check-'));
  await addFootage(db.knex);
  await addJobs(db.knex, folder);
  await addAlerts(db.knex);
  await addIdentities(db.knex);
  await addPrompts(db.knex);
  const dispose = async (): Promise<void> => {
    await db.drop();
    await rm(folder, { recursive: true });
  };
  return { ...db, folder, dispose };
}

async function addFootage(knex: Knex): Promise<void> {
  await seedRun(knex);
  await knex('runs')
    .where({ id: RUN_ID })
    .update({ ended_at: knex.ref('started_at'), exit_code: 0 });
  await seedCamera(knex, CAMERA);
  await storeFiles(
    knex,
    [MONTH_BEFORE_S, MONTH_BEFORE_S + 20, 0, 20, 40, 600].map((second) => sighting(second)),
  );
  await derive(knex);
  await knex('cameras').update({ last_seen_at: knex('media_files').max('captured_at') });
  await knex('events')
    .where('started_at', '>', '2026-01-01')
    .update({
      analysis_status: 'analyzed',
      risk_source: 'rules',
      risk_score: 42,
      risk_level: 'medium',
      analyzed_at: new Date('2026-01-15'),
      run_id: RUN_ID,
    });
}

async function addJobs(knex: Knex, folder: string): Promise<void> {
  const at = new Date('2026-01-15T00:00:00Z');
  const later = new Date('2026-01-15T00:01:00Z');
  const done = { status: 'completed', created_at: at, started_at: at, completed_at: later, progress_percent: 100 };
  await knex('jobs').insert({ id: JOB_ID, job_type: 'ingest', ...done });
  await knex('job_attempts').insert({ job_id: JOB_ID, attempt_number: 1, status: 'succeeded', started_at: at, ended_at: later });
  await knex('job_transitions').insert([
    { job_id: JOB_ID, from_status: 'queued', to_status: 'running', transitioned_at: at },
    { job_id: JOB_ID, from_status: 'running', to_status: 'completed', transitioned_at: later },
  ]);
  const path = join(folder, 'events.csv');
  await writeFile(path, 'id\n');
  await knex('export_jobs').insert({ id: EXPORT_ID, export_type: 'events', output_path: path, output_size_bytes: 3, ...done });
}

async function addAlerts(knex: Knex): Promise<void> {
  const corners = [
    [0, 0],
    [1, 0],
    [1, 0.5],
    [0, 0.5],
  ];
  await knex('zones').insert({ id: 'door', camera_id: CAMERA, name: 'Door', coordinates: JSON.stringify(corners) });
  await knex('alert_rules').insert({
    id: RULE_ID,
    name: 'night',
    camera_ids: JSON.stringify([CAMERA]),
    zone_ids: JSON.stringify(['door']),
    schedule: { days: ['friday'], start_time: '22:00', end_time: '06:00', timezone: 'Europe/Berlin' },
  });
  const events = await knex('events').where('started_at', '>', '2026-01-01').orderBy('started_at').select('id', 'started_at');
  for (const event of events) {
    await knex('alerts').insert({
      event_id: event.id,
      rule_id: RULE_ID,
      dedup_key: 'k',
      occurred_at: event.started_at,
      cooldown_seconds: 300,
    });
  }
  const group_id = ENTITY_ID;
  for (const half of splitQuietHours({ label: 'night', start: '22:00', end: '06:00', days: ['friday', 'sunday'] })) {
    await knex('quiet_hours_periods').insert({ ...half, days: [...half.days], group_id });
  }
}

async function addIdentities(knex: Knex): Promise<void> {
  const detection = await knex('detections').orderBy('detected_at', 'desc').first('id', 'detected_at');
  await knex('entities').insert({
    id: ENTITY_ID,
    first_seen_at: detection.detected_at,
    last_seen_at: detection.detected_at,
    detection_count: 1,
    embedding_vector: { vector: [0.5, -1], model: 'clip', dimension: 2 },
    primary_detection_id: detection.id,
  });
  const embedding = Buffer.from(encodeVector([0.5, -1]));
  await knex('reid_embeddings').insert({
    detection_id: detection.id,
    detected_at: detection.detected_at,
    embedding,
    dimension: 2,
    model_id: 'clip',
    embedding_hash: createHash('sha256').update(embedding).digest('hex'),
    entity_id: ENTITY_ID,
  });
}

async function addPrompts(knex: Knex): Promise<void> {
  await knex('prompt_configs').insert({ model: 'florence-2', system_prompt: 's', version: 2 });
  await knex('prompt_versions').insert([
    { model: 'florence2', version: 1, config_json: '{}', is_active: false },
    { model: 'florence2', version: 2, config_json: '{"queries": []}', is_active: true },
  ]);
  const { id } = await knex('events').first('id');
  await knex('event_audits').insert({ event_id: id, missing_context: '["a"]' });
  await knex('camera_calibrations').insert({
    camera_id: CAMERA,
    total_feedback_count: 3,
    false_positive_count: 1,
    false_positive_rate: 1 / 3,
  });
}

/** Looks at every rule, the deep ones too, unless asked otherwise; the files of this footage never existed. */
export async function lookAt(knex: Knex, options: Partial<RunCheckOptions> = {}): Promise<CheckOutcome[]> {
  const run = await runCheck(knex, {
    ids: [],
    deep: true,
    files: false,
    fix: false,
    limit: 5,
    actor: 'tester',
    calibrationUser: 'local',
    home: '/nonexistent',
    ...options,
  });
  const outcomes: CheckOutcome[] = [];
  for await (const outcome of run.outcomes) outcomes.push(outcome);
  return outcomes;
}

export const namesOf = (outcomes: readonly CheckOutcome[]): string[] =>
  outcomes.filter(({ remaining, problem }) => remaining > 0 || problem !== null).map(({ rule }) => rule.id);

export type BreakCase = {
  id: string;
  /** What is done to the store. */
  broken: string;
  by: (trx: Knex.Transaction) => Promise<unknown>;
  /** Part of what the finding says. */
  says: string | RegExp;
  /** Further rules that the same deed breaks. */
  also?: string[];
  options?: Partial<RunCheckOptions>;
};

/** Breaks one thing, sees it named and nothing else, repairs it where it can be repaired and sees it hold. All is taken back. */
export async function expectNamed(knex: Knex, { id, by, says, also = [], options = {} }: BreakCase): Promise<void> {
  const trx = await knex.transaction();
  try {
    await by(trx);
    const outcomes = await lookAt(trx, options);
    expect(namesOf(outcomes).sort()).toEqual([id, ...also].sort());
    const found = outcomes.find(({ rule }) => rule.id === id)!;
    expect(found.places.map(({ where, text }) => `${where}: ${text}`).join('\n')).toMatch(says);
    if (found.rule.fix !== undefined) await expectRepaired(trx, id, options);
    else expect((await lookAt(trx, { ...options, ids: [id], fix: true }))[0]).toMatchObject({ fixed: 0, remaining: found.count });
  } finally {
    await trx.rollback();
  }
}

async function expectRepaired(trx: Knex.Transaction, id: string, options: Partial<RunCheckOptions>): Promise<void> {
  const [outcome] = await lookAt(trx, { ...options, ids: [id], fix: true });
  expect(outcome).toMatchObject({ remaining: 0, problem: null });
  expect(outcome!.fixed).toBeGreaterThan(0);
  expect(namesOf(await lookAt(trx, options))).not.toContain(id);
  const audit = await trx('audit_logs').where({ resource_type: 'check', resource_id: id });
  expect(audit).toMatchObject([{ action: 'cleanup_executed', actor: 'tester', details: { rows: outcome!.fixed } }]);
}
