import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../src/db/database.ts';
import expectedSchema from '../../../src/db/expected-schema.json' with { type: 'json' };
import { readSchemaObjects } from '../../../src/db/schema-objects.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { findPostgres15 } from '../../helpers/postgres-15.ts';
import { createSoundStore, expectNamed, lookAt, namesOf, type BreakCase, type SoundStore } from './sound-store.ts';

let store: SoundStore;

beforeAll(async () => {
  store = await createSoundStore();
});

afterAll(() => store.dispose());

test('what hs check expects is what the migrations make (else: npm run schema)', async () => {
  expect(await readSchemaObjects(store.knex)).toEqual(expectedSchema);
});

const pgBin = findPostgres15();

test.skipIf(pgBin === undefined)('a database on PostgreSQL 15 is what is expected, too', async () => {
  const home = mkdtempSync(join(tmpdir(), 'hs-check-15-'));
  chmodSync(home, 0o755);
  const database = await openDatabase({ home, pgBin, migrate: 'auto', serverSettings: { fsync: 'off' } });
  try {
    expect(namesOf(await lookAt(database.knex))).toEqual([]);
    expect(await readSchemaObjects(database.knex)).toEqual(expectedSchema);
  } finally {
    await database.close();
    rmSync(home, { recursive: true, force: true });
  }
});

const CASES: BreakCase[] = [
  {
    id: 'S1',
    broken: 'a lost table',
    by: (trx) => trx.raw('DROP TABLE prometheus_alerts'),
    says: 'table prometheus_alerts: is missing',
    options: { limit: 50 },
  },
  { id: 'S1', broken: 'a lost column', by: (trx) => trx.raw('ALTER TABLE cameras DROP moving'), says: 'column cameras.moving: is missing' },
  {
    id: 'S1',
    broken: 'a column of another type',
    by: (trx) => trx.raw('ALTER TABLE media_files ALTER frames_expected TYPE bigint'),
    says: 'is bigint, not integer',
  },
  {
    id: 'S1',
    broken: 'a column that may be empty',
    by: (trx) => trx.raw('ALTER TABLE jobs ALTER job_type DROP NOT NULL'),
    says: 'column jobs.job_type: is character varying(50), not',
  },
  {
    id: 'S1',
    broken: 'a lost constraint',
    by: (trx) => trx.raw('ALTER TABLE runs DROP CONSTRAINT ck_runs_args'),
    says: 'constraint runs.ck_runs_args: is missing',
  },
  {
    id: 'S1',
    broken: 'a lost foreign key',
    by: (trx) => trx.raw('ALTER TABLE tracks DROP CONSTRAINT fk_tracks_camera_id'),
    says: 'fk_tracks_camera_id',
  },
  {
    id: 'S1',
    broken: 'a lost index',
    by: (trx) => trx.raw('DROP INDEX idx_events_camera_id'),
    says: 'index idx_events_camera_id: is missing',
  },
  {
    id: 'S1',
    broken: 'a lost trigger',
    by: (trx) => trx.raw('DROP TRIGGER trg_zones_touch ON zones'),
    says: 'trigger zones.trg_zones_touch: is missing',
  },
  {
    id: 'S1',
    broken: 'a function with another body',
    by: (trx) => trx.raw('CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$'),
    says: /function touch_updated_at\(\): is [0-9a-f]{32}, not/,
  },
  {
    id: 'S1',
    broken: 'a constraint that was never checked',
    by: (trx) =>
      trx.raw(
        'ALTER TABLE runs DROP CONSTRAINT ck_runs_args, ADD CONSTRAINT ck_runs_args CHECK (jsonb_typeof(args_json) = $$object$$) NOT VALID',
      ),
    says: 'constraint runs.ck_runs_args: was never checked on the rows that are there (NOT VALID)',
  },
  {
    id: 'S1',
    broken: 'a disabled trigger',
    by: (trx) => trx.raw('ALTER TABLE events DISABLE TRIGGER trg_events_search_vector'),
    says: 'trg_events_search_vector: is disabled',
  },
  {
    id: 'S1',
    broken: 'foreign keys that do not work',
    by: (trx) => trx.raw('ALTER TABLE cameras DISABLE TRIGGER ALL'),
    says: /RI_ConstraintTrigger_\w+: is disabled/,
  },
  {
    id: 'S2',
    broken: 'a connection that speaks another time zone',
    by: (trx) => trx.raw(`SET LOCAL TIME ZONE 'Europe/Berlin'`),
    says: 'has the time zone Europe/Berlin, not UTC',
  },
  {
    id: 'P1',
    broken: 'a default partition',
    by: (trx) => trx.raw('CREATE TABLE detections_rest PARTITION OF detections DEFAULT'),
    says: 'detections_rest: is a default partition',
  },
  {
    id: 'P1',
    broken: 'a partition of another month than its name',
    by: (trx) =>
      trx.raw(
        `CREATE TABLE detections_y2026m03 PARTITION OF detections FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-05-01 00:00:00+00')`,
      ),
    says: `detections_y2026m03: covers FOR VALUES FROM ('2026-04-01 00:00:00+00')`,
  },
  {
    id: 'P1',
    broken: 'a partition of half a month',
    by: (trx) =>
      trx.raw(
        `CREATE TABLE detections_y2026m03 PARTITION OF detections FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-03-15 00:00:00+00')`,
      ),
    says: 'covers FOR VALUES',
  },
  {
    id: 'P1',
    broken: 'a month that was taken out',
    by: (trx) => trx.raw('SELECT ensure_detections_partition($$2026-03-01$$); ALTER TABLE detections DETACH PARTITION detections_y2026m03'),
    says: 'is no partition of detections',
  },
  {
    id: 'P2',
    broken: 'an id that occurs in two months',
    by: (trx) =>
      trx.raw(`INSERT INTO detections (id, camera_id, file_path, detected_at) SELECT max(id), 'gate', '/x', '2025-12-05' FROM detections`),
    says: /detection \d+: occurs 2 times/,
  },
  {
    id: 'P3',
    broken: 'an empty month of long ago',
    by: (trx) => trx.raw(`SELECT ensure_detections_partition('2025-02-01')`),
    says: 'detections_y2025m02: holds no row',
  },
];

test.each(CASES)('$id names $broken', (one) => expectNamed(store.knex, one));

test('an empty month that files are of, or that is not long over, is left alone', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx.raw(
      `SELECT ensure_detections_partition('2026-02-01'), ensure_detections_partition('2025-02-01'), ensure_detections_partition('2025-03-01')`,
    );
    await trx('media_files').insert({
      camera_id: 'gate',
      path: '/quiet',
      size_bytes: 1,
      modified_at: '2025-02-03',
      media_type: 'image',
      captured_at: '2025-02-03',
      captured_at_source: 'filename',
    });
    const [found] = await lookAt(trx, { ids: ['P3'], fix: true });
    expect(found).toMatchObject({ count: 1, fixed: 1, places: [{ where: 'detections_y2025m03' }] });
    expect(await trx('detections').count({ rows: '*' })).toEqual([{ rows: 6 }]);
  } finally {
    await trx.rollback();
  }
});

test('S3 names sequences behind their tables and moves them on', async () => {
  const fresh: TestDatabase = await createTestDatabase();
  const { knex } = fresh;
  try {
    await knex('households').insert({ id: 41, name: 'restored' });
    await knex('cameras').insert({ id: 'a', name: 'a', folder_path: '/a' });
    await knex.raw(`SELECT ensure_detections_partition('2026-01-01')`);
    await knex('detections').insert({ id: 1, camera_id: 'a', file_path: '/x', detected_at: '2026-01-05' });
    const [found] = await lookAt(knex, { ids: ['S3'] });
    expect(found!.places).toEqual([
      { where: 'sequence detections_id_seq', text: 'would give 1 next, detections.id is at 1' },
      { where: 'sequence households_id_seq', text: 'would give 1 next, households.id is at 41' },
    ]);
    expect((await lookAt(knex, { ids: ['S3'], fix: true }))[0]).toMatchObject({ fixed: 2, remaining: 0 });
    expect(await knex('households').insert({ name: 'next' }).returning('id')).toEqual([{ id: 42 }]);
    expect(await knex('audit_logs').pluck('resource_id')).toEqual(['S3']);
  } finally {
    await fresh.drop();
  }
});

test('a rule whose table is gone says so, counts as wrong, and the others are looked at', async () => {
  const fresh = await createTestDatabase();
  try {
    await fresh.knex.raw('DROP TABLE zones');
    const outcomes = await lookAt(fresh.knex);
    expect(namesOf(outcomes)).toEqual(['S1', 'A3', 'Z1']);
    expect(outcomes.find(({ rule }) => rule.id === 'Z1')).toMatchObject({
      problem: 'could not be looked at: relation "zones" does not exist',
    });
    await fresh.knex.raw('DROP TABLE detections CASCADE');
    expect((await lookAt(fresh.knex, { deep: false })).length).toBeGreaterThan(40);
  } finally {
    await fresh.drop();
  }
});
