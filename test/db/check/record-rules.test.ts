import { afterAll, beforeAll, expect, test } from 'vitest';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_ID } from '../answers/seed.ts';
import {
  createSoundStore,
  ENTITY_ID,
  EXPORT_ID,
  expectNamed,
  JOB_ID,
  lookAt,
  namesOf,
  RULE_ID,
  type BreakCase,
  type SoundStore,
} from './sound-store.ts';

let store: SoundStore;

beforeAll(async () => {
  store = await createSoundStore();
});

afterAll(() => store.dispose());

const OTHER_RUN = '0192f0c0-0000-7000-8000-0000000000ff';

const CASES: BreakCase[] = [
  {
    id: 'A1',
    broken: 'two alerts within the cooldown',
    by: (trx) => trx('alerts').update({ cooldown_seconds: 602 }),
    says: /alert .*: came 600\.0+ s after alert .* of the same key, its cooldown is 602 s/,
  },
  {
    id: 'A2',
    broken: 'an alert at another time than its event',
    by: (trx) =>
      trx.raw(
        `UPDATE alerts SET occurred_at = occurred_at + interval '1 s' WHERE id = (SELECT id FROM alerts ORDER BY occurred_at DESC LIMIT 1)`,
      ),
    says: 'occurred at 2026-01-14 08:25:01+00, its event',
  },
  {
    id: 'A3',
    broken: 'a rule for a camera that is gone',
    by: (trx) => trx('alert_rules').update({ camera_ids: '["gone"]' }),
    says: `rule night (${RULE_ID}): names camera gone, which does not exist`,
  },
  { id: 'A3', broken: 'a rule for a zone that is gone', by: (trx) => trx('zones').delete(), says: 'names zone door, which does not exist' },
  {
    id: 'A3',
    broken: 'a dedup key with an unknown variable',
    by: (trx) => trx('alert_rules').update({ dedup_key_template: '{camera}' }),
    says: 'uses {camera}, which is no variable',
  },
  {
    id: 'A3',
    broken: 'a schedule that cannot be followed',
    by: (trx) =>
      trx('alert_rules').update({ schedule: { days: ['someday'], start_time: '25:00', end_time: '06:00', timezone: 'Mars/Base' } }),
    says: 'its schedule has the day "someday"; its schedule has the time "25:00"; its schedule has the time zone "Mars/Base"',
  },
  { id: 'A4', broken: 'preferences that are gone', by: (trx) => trx('notification_preferences').delete(), says: 'has 0 rows, not one' },
  {
    id: 'A5',
    broken: 'a second half on the same days as the first',
    by: (trx) =>
      trx('quiet_hours_periods')
        .where({ start_time: '00:00' })
        .update({ days: ['friday', 'sunday'] }),
    says: 'night 00:00:00–06:00:00 friday, sunday and night 22:00:00–24:00:00 friday, sunday',
  },
  {
    id: 'A5',
    broken: 'halves with two labels',
    by: (trx) => trx('quiet_hours_periods').where({ start_time: '00:00' }).update({ label: 'day' }),
    says: 'quiet hours night',
  },
  {
    id: 'A5',
    broken: 'a half that starts after midnight',
    by: (trx) => trx('quiet_hours_periods').where({ start_time: '00:00' }).update({ start_time: '01:00' }),
    says: 'night 01:00:00–06:00:00',
  },
  {
    id: 'A5',
    broken: 'three rows of one group',
    by: (trx) =>
      trx.raw(
        `INSERT INTO quiet_hours_periods (group_id, label, start_time, end_time) SELECT group_id, label, '12:00', '13:00' FROM quiet_hours_periods LIMIT 1`,
      ),
    says: '12:00:00–13:00:00',
  },
  {
    id: 'Z1',
    broken: 'a corner outside the picture',
    by: (trx) => trx('zones').update({ coordinates: '[[0,0],[1.5,0],[1,1],[0,1]]' }),
    says: 'zone door: has the corner [1.5,0]',
  },
  {
    id: 'Z1',
    broken: 'a corner that is no pair',
    by: (trx) => trx('zones').update({ coordinates: '[[0,0],["1",0],[1,1,1],5]' }),
    says: 'has the corner ["1",0]',
  },
  {
    id: 'N1',
    broken: 'an entity whose detection is gone',
    by: (trx) => trx('entities').update({ primary_detection_id: 99_999 }),
    says: `entity ${ENTITY_ID}: shows detection 99999, which does not exist`,
  },
  {
    id: 'N2',
    broken: 'an entity that knows less than its sightings',
    by: (trx) => trx('entities').update({ detection_count: 0, last_seen_at: '2026-01-01', first_seen_at: '2026-01-01' }),
    says: 'says 0 sightings from 2026-01-01',
  },
  {
    id: 'N2',
    broken: 'an entity seen first after a sighting',
    by: (trx) => trx('entities').update({ last_seen_at: '2027-01-01', first_seen_at: '2027-01-01' }),
    says: 'has 1 from 2026-01-14 08:25:00+00',
  },
  {
    id: 'N3',
    broken: 'a vector of another length than it says',
    by: (trx) => trx('entities').update({ embedding_vector: { vector: [1, 2, 3], model: 'clip', dimension: 2 } }),
    says: 'has 3 numbers, not 2',
  },
  {
    id: 'N3',
    broken: 'a vector with a number that is not finite',
    by: (trx) => trx.raw(`UPDATE entities SET embedding_vector = '{"vector": [1e400, 2], "model": "clip", "dimension": 2}'`),
    says: 'no list of finite numbers',
  },
  {
    id: 'N3',
    broken: 'a vector of no model',
    by: (trx) => trx('entities').update({ embedding_vector: { vector: [1, 2], dimension: 2 } }),
    says: 'names no model',
  },
  {
    id: 'N3',
    broken: 'a vector of a part of a number',
    by: async (trx) => {
      await trx.raw('ALTER TABLE reid_embeddings DROP CONSTRAINT ck_reid_embeddings_embedding');
      await trx('reid_embeddings').update({ embedding: Buffer.alloc(7) });
    },
    says: /reid embedding \d+: holds 7 bytes for 2 numbers/,
    also: ['S1', 'N4'],
  },
  {
    id: 'N3',
    broken: 'vectors of one model with two dimensions',
    by: async (trx) => {
      const [household] = await trx('households').insert({ name: 'Home' }).returning('id');
      await trx('registered_vehicles').insert({
        household_id: household.id,
        description: 'd',
        vehicle_type: 'car',
        reid_embedding: Buffer.alloc(12),
        reid_model_id: 'clip',
      });
    },
    says: 'model clip: has vectors of 2 dimensions: 2, 3',
  },
  {
    id: 'N4',
    broken: 'a hash of other bytes',
    by: (trx) => trx('reid_embeddings').update({ embedding_hash: 'f'.repeat(64) }),
    says: `has the hash ${'f'.repeat(64)}`,
  },
  { id: 'N4', broken: 'no hash', by: (trx) => trx('reid_embeddings').update({ embedding_hash: null }), says: 'has the hash none' },
  {
    id: 'Q1',
    broken: 'a prompt behind its history',
    by: (trx) => trx('prompt_configs').update({ version: 1 }),
    says: 'prompt florence-2: is at version 1, its history ends with 2, active is 2',
  },
  {
    id: 'Q1',
    broken: 'a history without an active version',
    by: (trx) => trx('prompt_versions').update({ is_active: false }),
    says: 'active is none',
  },
  {
    id: 'Q1',
    broken: 'an old version that is active',
    by: async (trx) => {
      await trx('prompt_versions').update({ is_active: false });
      await trx('prompt_versions').where({ version: 1 }).update({ is_active: true });
    },
    says: 'active is 1',
  },
  {
    id: 'Q1',
    broken: 'a prompt without history',
    by: (trx) => trx('prompt_configs').insert({ model: 'nemotron', system_prompt: 's' }),
    says: 'prompt nemotron: is at version 1, its history ends with none',
  },
  {
    id: 'Q2',
    broken: 'a configuration that is no JSON',
    by: (trx) => trx('prompt_versions').where({ version: 1 }).update({ config_json: '{' }),
    says: /prompt version \d+: is not a JSON object/,
  },
  {
    id: 'Q2',
    broken: 'a configuration that is a list',
    by: (trx) => trx('prompt_versions').where({ version: 1 }).update({ config_json: '[]' }),
    says: 'is not a JSON object',
  },
  {
    id: 'Q2',
    broken: 'an advice that is no list',
    by: (trx) => trx('event_audits').update({ model_gaps: '{}' }),
    says: /event audit \d+, model_gaps: is not a JSON array/,
  },
  {
    id: 'Q3',
    broken: 'a rate that is not that of the counts',
    by: (trx) => trx('camera_calibrations').update({ false_positive_rate: 0.5 }),
    says: 'calibration of camera gate: says a rate of 0.5, has 1 of 3',
  },
  {
    id: 'Q3',
    broken: 'a rate without feedback',
    by: (trx) => trx('camera_calibrations').update({ total_feedback_count: 0, false_positive_count: 0 }),
    says: 'has 0 of 0',
  },
  {
    id: 'J1',
    broken: 'a completed job at 50 %',
    by: async (trx) => {
      await trx.raw('ALTER TABLE jobs DROP CONSTRAINT ck_jobs_progress_completed');
      await trx('jobs').update({ progress_percent: 50 });
    },
    says: `job ${JOB_ID}: is completed at 50 %`,
    also: ['S1'],
  },
  {
    id: 'J1',
    broken: 'a failed export at 100 %',
    by: async (trx) => {
      await trx.raw('ALTER TABLE export_jobs DROP CONSTRAINT ck_export_jobs_progress_completed');
      await trx('export_jobs').update({ status: 'failed' });
    },
    says: `export job ${EXPORT_ID}: is failed at 100 %`,
    also: ['S1'],
  },
  {
    id: 'J2',
    broken: 'a transition that is missing at the begin',
    by: (trx) => trx('job_transitions').where({ from_status: 'queued' }).delete(),
    says: `job ${JOB_ID}: goes on from running, it was queued`,
  },
  {
    id: 'J2',
    broken: 'a transition that is missing at the end',
    by: (trx) => trx('job_transitions').where({ from_status: 'running' }).delete(),
    says: 'is completed, its transitions end in running',
  },
  { id: 'J2', broken: 'no transitions', by: (trx) => trx('job_transitions').delete(), says: 'is completed, its transitions end in queued' },
  {
    id: 'J3',
    broken: 'an attempt that is missing',
    by: (trx) => trx('job_attempts').delete(),
    says: 'is at attempt 1, its attempts end with none',
  },
  {
    id: 'J3',
    broken: 'an attempt that is still open',
    by: (trx) => trx('job_attempts').update({ status: 'started', ended_at: null }),
    says: 'is completed, its attempt 1 is still open',
  },
  {
    id: 'J3',
    broken: 'an attempt that is missing in between',
    by: (trx) =>
      trx('jobs')
        .update({ attempt_number: 3 })
        .then(() => trx('job_attempts').update({ attempt_number: 3 })),
    says: `job ${JOB_ID}: has 1 of its attempts 1 to 3`,
  },
  {
    id: 'J3',
    broken: 'a job that waits, with an attempt it has not begun',
    by: async (trx) => {
      await trx('job_transitions').delete();
      await trx('jobs').update({ status: 'queued', started_at: null, completed_at: null, progress_percent: 0 });
    },
    says: 'waits for attempt 1, its attempts end with 1',
  },
  {
    id: 'J3',
    broken: 'a running job whose attempt was closed',
    by: async (trx) => {
      await trx('job_transitions').where({ to_status: 'completed' }).delete();
      await trx('jobs').update({ status: 'running', completed_at: null, progress_percent: 99 });
    },
    says: 'is running at attempt 1, open is none',
    also: ['J4'],
  },
  {
    id: 'J6',
    broken: 'a job that ended before it started',
    by: (trx) => trx.raw(`UPDATE jobs SET completed_at = started_at, started_at = started_at + interval '1 s'`),
    says: `job ${JOB_ID}: ended at 2026-01-15 00:00:00+00, before it started at 2026-01-15 00:00:01+00`,
  },
  {
    id: 'J6',
    broken: 'a completed job that never started',
    by: async (trx) => {
      await trx('job_attempts').delete();
      await trx('jobs').update({ started_at: null });
    },
    says: 'is completed and never started',
  },
  {
    id: 'J6',
    broken: 'a status change and an attempt before the job was created',
    by: (trx) => trx.raw(`UPDATE jobs SET created_at = created_at + interval '1 ms', started_at = created_at + interval '1 ms'`),
    says: /became running at .*, before it was created.*\n.*began attempt 1 at .*, before it was created/,
  },
  {
    id: 'J4',
    broken: 'a running job without a run',
    by: async (trx) => {
      await trx('job_transitions').where({ to_status: 'completed' }).delete();
      await trx('jobs').update({ status: 'running', completed_at: null, progress_percent: 99 });
      await trx('job_attempts').update({ status: 'started', ended_at: null });
    },
    says: `job ${JOB_ID}: ingest is running, and no process works on it`,
  },
  {
    id: 'J4',
    broken: 'a running job whose run died',
    by: async (trx) => {
      await trx('job_transitions').where({ to_status: 'completed' }).delete();
      await trx('jobs').update({ status: 'running', completed_at: null, progress_percent: 99 });
      await trx('job_attempts').update({ status: 'started', ended_at: null });
      await trx('runs').insert({ id: OTHER_RUN, command: 'ingest', hs_version: '0', config_fingerprint: 'x', job_id: JOB_ID });
    },
    says: 'no process works on it',
    also: ['R1'],
  },
  {
    id: 'J5',
    broken: 'an export of another size',
    by: (trx) => trx('export_jobs').update({ output_size_bytes: 4 }),
    says: 'events.csv has 3 bytes, not 4',
  },
  {
    id: 'J5',
    broken: 'an export that is gone',
    by: (trx) => trx('export_jobs').update({ output_path: '/nonexistent/e.csv' }),
    says: '/nonexistent/e.csv is not there',
  },
  {
    id: 'R1',
    broken: 'a run that never ended',
    by: (trx) => trx('runs').insert({ id: OTHER_RUN, command: 'ingest', hs_version: '0', config_fingerprint: 'x' }),
    says: `run ${OTHER_RUN}: ingest: never ended, its process is gone`,
  },
  {
    id: 'R2',
    broken: 'a password among the arguments',
    by: (trx) => trx('runs').update({ args_json: { password: 'sesame', camera: 'gate' } }),
    says: `run ${RUN_ID}: shows a secret in password`,
  },
  {
    id: 'R2',
    broken: 'a URL with its password',
    by: (trx) => trx('runs').update({ args_json: { db: 'postgres://hs:sesame@h/d' } }),
    says: 'shows a secret in db',
  },
];

test.each(CASES)('$id names $broken', (one) => expectNamed(store.knex, one));

test('an export that a later one overwrote is not missed, and one to standard output has no file', async () => {
  const trx = await store.knex.transaction();
  try {
    const row = await trx('export_jobs').first();
    const at = '2026-01-10T00:00:00Z';
    const earlier = { ...row, created_at: at, started_at: at, completed_at: at, output_size_bytes: 77 };
    await trx('export_jobs').insert([
      { ...earlier, id: OTHER_RUN },
      { ...earlier, id: RUN_ID, output_path: null },
    ]);
    expect(namesOf(await lookAt(trx))).toEqual([]);
    await unlink(join(store.folder, 'events.csv'));
    expect((await lookAt(trx, { ids: ['J5'] }))[0]).toMatchObject({ count: 1, places: [{ where: `export job ${EXPORT_ID}` }] });
  } finally {
    await trx.rollback();
  }
});

test('a job that waits for its retry may be ahead of its attempts', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx('jobs').update({ status: 'queued', started_at: null, completed_at: null, progress_percent: 0, attempt_number: 2 });
    expect(namesOf(await lookAt(trx, { ids: ['J3'] }))).toEqual([]);
  } finally {
    await trx.rollback();
  }
});
