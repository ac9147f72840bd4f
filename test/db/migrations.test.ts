import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase, type Database } from '../../src/db/database.ts';
import { stopEmbedded } from '../../src/db/embedded/stop-embedded.ts';
import { migrateToLatest, readSchemaState, rollBack } from '../../src/db/migrate.ts';
import { migrationNames, migrationSource } from '../../src/db/migrations/index.ts';
import { ensureDetectionPartitions } from '../../src/db/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { dumpSchema } from '../helpers/dump-schema.ts';
import { findPostgres15 } from '../helpers/postgres-15.ts';

const LONG_MS = 300_000;
const POSTGRES_15 = findPostgres15();
const skipped = POSTGRES_15 === undefined ? ' (skipped: its server programs are not installed)' : '';

type Server = { database: Database; end(): Promise<void> };

async function openTestServer(): Promise<Server> {
  const own = await createTestDatabase({ migrated: false });
  return { database: own.database, end: () => own.drop() };
}

/** A cluster of its own in a temporary folder; the programs of the system take the place of those that hs brings. */
async function openPostgres15(): Promise<Server> {
  const home = mkdtempSync(path.join(os.tmpdir(), `hs-test-${process.pid}-pg15-`));
  chmodSync(home, 0o755); // as root the server runs as another account and must get through
  const database = await openDatabase({ home, migrate: 'none', pgBin: POSTGRES_15, serverSettings: { fsync: 'off' } });
  const end = async (): Promise<void> => {
    await database.close();
    await stopEmbedded(home, { force: true });
    rmSync(home, { recursive: true, force: true });
  };
  return { database, end };
}

const dumps = new Map<string, string[]>();

const OTHER_SERVER = process.env['HS_TEST_DATABASE_URL'] || undefined;

const SERVERS: [name: string, isHere: boolean, open: () => Promise<Server>, version: RegExp][] = [
  [OTHER_SERVER === undefined ? 'the embedded server' : 'the server of the tests', true, openTestServer, OTHER_SERVER ? /./ : /^18\./],
  [`PostgreSQL 15${skipped}`, POSTGRES_15 !== undefined, openPostgres15, /^15\./],
];

describe.each(SERVERS)('on %s', (name, isHere, open, version) => {
  describe.skipIf(!isHere)('migrations', () => {
    let server: Server;

    beforeAll(async () => {
      server = await open();
    });

    afterAll(async () => {
      await server.end();
    });

    test('run on the server that was meant', async () => {
      const { rows } = await server.database.knex.raw<{ rows: { server_version: string }[] }>('SHOW server_version');
      expect(rows[0]?.server_version).toMatch(version);
    });

    test(
      'go up, down and up again one by one: each undoes exactly what it did and does it again',
      async () => {
        const { knex } = server.database;
        let before = await dumpSchema(knex);
        for (const migration of migrationNames) {
          await knex.migrate.up({ migrationSource });
          const after = await dumpSchema(knex);
          await knex.migrate.down({ migrationSource });
          expect(await dumpSchema(knex), `down of ${migration}`).toEqual(before);
          await knex.migrate.up({ migrationSource });
          before = await dumpSchema(knex);
          expect(before, `second up of ${migration}`).toEqual(after);
        }
      },
      LONG_MS,
    );

    test(
      'go down and up all at once: down to nothing, and up to the schema that single steps make',
      async () => {
        const { database } = server;
        const stepByStep = await dumpSchema(database.knex);
        expect(await rollBack(database, { all: true })).toEqual([...migrationNames].reverse());
        expect(await dumpSchema(database.knex)).toEqual([]);
        expect(await migrateToLatest(database)).toEqual(migrationNames);
        const atOnce = await dumpSchema(database.knex);
        expect(atOnce).toEqual(stepByStep);
        expect(await migrateToLatest(database)).toEqual([]);
        expect(await readSchemaState(database.knex)).toEqual({ applied: [...migrationNames], pending: [], unknown: [] });
        dumps.set(name, atOnce);
      },
      LONG_MS,
    );

    test(
      'go down one by one to nothing, also with a month of detections',
      async () => {
        const { database } = server;
        await ensureDetectionPartitions(database.knex, [new Date('2026-01-31T23:59:59.999Z')]);
        expect((await dumpSchema(database.knex)).join()).toContain('detections_y2026m01');
        for (const migration of [...migrationNames].reverse()) {
          expect(await rollBack(database, { all: false })).toEqual([migration]);
        }
        expect(await dumpSchema(database.knex)).toEqual([]);
      },
      LONG_MS,
    );
  });
});

test.skipIf(POSTGRES_15 === undefined)('PostgreSQL 15 and the server of the tests hold the same schema', () => {
  const [first, second] = [...dumps.values()];
  expect(first?.length).toBeGreaterThan(100);
  expect(second).toEqual(first);
});

const CHANGES = [
  'ALTER TABLE cameras ADD extra text',
  'ALTER TABLE cameras ALTER enabled DROP NOT NULL',
  'ALTER TABLE cameras ALTER enabled SET DEFAULT false',
  'ALTER TABLE cameras ALTER folder_path TYPE varchar(300)',
  `COMMENT ON COLUMN cameras.name IS 'another'`,
  'COMMENT ON TABLE cameras IS NULL',
  'ALTER TABLE cameras DROP CONSTRAINT ck_cameras_status',
  'ALTER TABLE events DROP CONSTRAINT fk_events_run_id, ADD CONSTRAINT fk_events_run_id FOREIGN KEY (run_id) REFERENCES runs ON DELETE CASCADE',
  'DROP INDEX idx_events_unreviewed; CREATE INDEX idx_events_unreviewed ON events (id)',
  'ALTER TABLE events DISABLE TRIGGER trg_events_search_vector',
  'ALTER SEQUENCE detections_id_seq OWNED BY NONE',
  'ALTER TABLE events SET (fillfactor = 70)',
  'ALTER FUNCTION ensure_detections_partition(timestamptz) RESET ALL',
  'CREATE VIEW extra AS SELECT 1 AS one',
  'CREATE TYPE extra AS ENUM ()',
];

describe('a dump of the schema', () => {
  let own: TestDatabase;

  beforeAll(async () => {
    own = await createTestDatabase();
  });

  afterAll(async () => {
    await own.drop();
  });

  test.each(CHANGES)('shows %s', async (sql) => {
    const before = await dumpSchema(own.knex);
    const trx = await own.knex.transaction();
    try {
      await trx.raw(sql);
      expect(await dumpSchema(trx)).not.toEqual(before);
    } finally {
      await trx.rollback();
    }
  });
});
