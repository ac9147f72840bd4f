import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JOB_ID, ENTITY_ID, RULE_ID, seedHouse } from '../db/seed-house.ts';
import { RUN_ID } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import type { InjectReport } from '../helpers/sql/inject-all.ts';
import { SQL_PAYLOADS } from '../helpers/sql/payloads.ts';
import { LEFT_OUT_COMMANDS, LEFT_OUT_FLAGS } from '../helpers/sql/slots.ts';

/** Each goes through all slots, with other payloads; `HS_TEST_ROUNDS=100` takes every payload through every slot. */
const ROUNDS = process.env['HS_TEST_ROUNDS'] ?? '2';
const LIMIT_MS = 300_000 + 60_000 * Number(ROUNDS);
const INJECT = resolve(import.meta.dirname, '../helpers/sql/inject-all.ts');

/** Made anew from footage by commands that are run with payloads elsewhere in their words. */
const DERIVED = ['activity_baselines', 'class_baselines', 'scene_change_pictures', 'scene_changes'];

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'hs-inject-'));

beforeAll(async () => {
  db = await createTestDatabase();
  await seedHouse(db.knex);
  await db.knex.raw(`CREATE TABLE hs_canary (note text); INSERT INTO hs_canary VALUES ('untouched')`);
});

afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true });
});

/** Values by the name of the flag or argument; all else is 1, an id that is there. */
async function sampleOf(knex: Knex): Promise<Record<string, string>> {
  const alert = await knex('alerts').first<{ id: string }>('id');
  return {
    camera: 'gate',
    household: 'Home',
    property: 'House',
    alert: alert.id,
    job: JOB_ID,
    run: RUN_ID,
    entity: ENTITY_ID,
    rule: RULE_ID,
    zone: 'z',
    points: '0.1,0.1 0.5,0.1 0.5,0.9',
    timezone: 'UTC',
    reason: 'x',
    since: '2026-01-01',
    schedule: 'mon 08:00-09:00',
    model: 'nemotron',
    file: join(folder, 'absent.yaml'),
    folder,
    path: folder,
    name: 'some name',
    kind: 'logs',
    age: '7d',
    trust: 'trusted',
    key: 'retention.logs',
    value: '7d',
    into: 'gate',
    threshold: '50',
    from: '22:00',
    to: '06:00',
    role: 'resident',
    type: 'correct',
  };
}

async function inject(): Promise<InjectReport> {
  const report = join(folder, 'report.json');
  const { PATH, TMPDIR } = process.env;
  const env = { PATH, HOME: folder, TMPDIR, HS_HOME: join(folder, 'home'), HS_DATABASE_URL: db.url, HS_TEST_REPORT: report };
  const args = ['--import', import.meta.resolve('tsx'), INJECT, ROUNDS, JSON.stringify(await sampleOf(db.knex))];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-2000)));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the injecting process ended with ${String(code)}: ${stderr}`);
  return JSON.parse(readFileSync(report, 'utf8')) as InjectReport;
}

const SCHEMA = `SELECT n.nspname, c.relname, c.relkind, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname NOT LIKE 'pg\\_%' AND c.relname NOT LIKE 'detections\\_y%' ORDER BY 1, 2, 4`;

async function stateOf(knex: Knex): Promise<{ schema: unknown; roles: unknown; canary: unknown }> {
  const { rows: schema } = await knex.raw<{ rows: unknown[] }>(SCHEMA.replaceAll('?', '\\?'));
  return { schema, roles: await knex('pg_roles').orderBy('rolname').pluck('rolname'), canary: await knex('hs_canary') };
}

async function countsOf(knex: Knex): Promise<Record<string, number>> {
  const tables = await knex('pg_tables').where('schemaname', 'public').pluck<string[]>('tablename');
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = (await knex(table).count<{ count: number }[]>())[0]?.count ?? 0;
  return counts;
}

test('there are a hundred payloads, and what is left out is what there is', async () => {
  expect(new Set(SQL_PAYLOADS).size).toBe(100);
  const manifest = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { flags: object }>;
  };
  for (const id of Object.keys(LEFT_OUT_COMMANDS)) expect(Object.keys(manifest.commands)).toContain(id);
  const flags = new Set(Object.values(manifest.commands).flatMap((command) => Object.keys(command.flags)));
  for (const flag of LEFT_OUT_FLAGS) expect([...flags]).toContain(flag);
});

test(
  'no payload through any flag or argument becomes SQL, makes the server complain, or removes a row',
  async () => {
    const before = { state: await stateOf(db.knex), counts: await countsOf(db.knex) };
    const { faults, ...report } = await inject();
    process.stderr.write(`injected: ${JSON.stringify(report)}\n`);
    expect(faults).toEqual([]);
    expect(report.runs).toBe(report.slots * Number(ROUNDS));
    expect(report.slots).toBeGreaterThan(500);
    expect(report.reached, JSON.stringify(report)).toBeGreaterThan(report.runs / 10);
    expect(await stateOf(db.knex)).toEqual(before.state);
    const after = await countsOf(db.knex);
    const fewer = Object.entries(before.counts).filter(([table, count]) => (after[table] ?? 0) < count);
    expect(fewer.map(([table]) => table).filter((table) => !DERIVED.includes(table))).toEqual([]);
  },
  LIMIT_MS,
);
