import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { createDesignedSchema } from '../schema-design/create-designed-schema.ts';
import { compareSchemas, describeSchema, type SchemaDifferences } from '../schema-design/describe-schema.ts';
import { parseSchemaDesign } from '../schema-design/parse-schema-design.ts';
import type { SchemaDesign } from '../schema-design/schema-design.ts';
import { ADDED_FUNCTIONS, ADDED_TABLES, ADDITIONS, CHANGES } from './schema-additions.ts';

const DESIGN = JSON.parse(readFileSync(new URL('schema-design.json', import.meta.url), 'utf8')) as SchemaDesign;
const DESIGN_TEXT = fileURLToPath(new URL('../../../shared/design/schema.md', import.meta.url));
const haveText = existsSync(DESIGN_TEXT);

let live: TestDatabase;
let designed: TestDatabase;
let differences: SchemaDifferences;

beforeAll(async () => {
  [live, designed] = await Promise.all([createTestDatabase(), createTestDatabase({ migrated: false })]);
  await createDesignedSchema(designed.knex, DESIGN);
  differences = compareSchemas(await describeSchema(designed.knex), await describeSchema(live.knex));
});

afterAll(async () => {
  await Promise.all([live.drop(), designed.drop()]);
});

const tableOf = (key: string): string => key.split(/[ .]/)[1] ?? '';
const keyOf = (difference: string): string => difference.split(': ')[0]!;

test('nothing of the design is missing', () => {
  expect(Object.keys(DESIGN.tables)).toHaveLength(46);
  expect(differences.missing).toEqual([]);
});

test('nothing is there beyond the design but the additions that have a reason', () => {
  const extra = differences.extra.filter((key) => !(tableOf(key) in ADDED_TABLES));
  expect(extra).toEqual(Object.keys(ADDITIONS).sort());
  for (const table of Object.keys(ADDED_TABLES)) expect(differences.extra).toContain(`table ${table}`);
});

test('nothing is otherwise than designed but the changes that have a reason', () => {
  const unexplained = differences.different.filter((difference) => !(keyOf(difference) in CHANGES));
  expect(unexplained).toEqual([]);
  expect(differences.different.map(keyOf)).toEqual(Object.keys(CHANGES).sort());
});

const BREAKAGES: [sql: string, kind: keyof SchemaDifferences, key: string][] = [
  ['ALTER TABLE zones DROP COLUMN priority', 'missing', 'column zones.priority'],
  ['ALTER TABLE zones ADD COLUMN note text', 'extra', 'column zones.note'],
  ['ALTER TABLE zones ALTER COLUMN name TYPE text', 'different', 'column zones.name'],
  ['ALTER TABLE zones ALTER COLUMN name DROP NOT NULL', 'different', 'column zones.name'],
  ['ALTER TABLE zones ALTER COLUMN enabled SET DEFAULT false', 'different', 'column zones.enabled'],
  ['ALTER TABLE zones DROP CONSTRAINT ck_zones_id', 'missing', 'constraint zones.ck_zones_id'],
  ['ALTER TABLE zones ADD CONSTRAINT ck_zones_more CHECK (priority < 9)', 'extra', 'constraint zones.ck_zones_more'],
  [
    'ALTER TABLE alerts DROP CONSTRAINT fk_alerts_rule_id, ADD CONSTRAINT fk_alerts_rule_id FOREIGN KEY (rule_id) REFERENCES alert_rules',
    'different',
    'constraint alerts.fk_alerts_rule_id',
  ],
  ['DROP INDEX uq_alerts_rule_window', 'missing', 'index alerts.uq_alerts_rule_window'],
  ['ALTER INDEX idx_zones_enabled RENAME TO idx_zones_on', 'extra', 'index zones.idx_zones_on'],
  [
    'DROP INDEX idx_events_unreviewed; CREATE INDEX idx_events_unreviewed ON events (id)',
    'different',
    'index events.idx_events_unreviewed',
  ],
  ['ALTER TABLE zones DISABLE TRIGGER trg_zones_touch', 'different', 'trigger zones.trg_zones_touch'],
  ['DROP TRIGGER trg_cameras_rename ON cameras', 'missing', 'trigger cameras.trg_cameras_rename'],
  ['DROP TABLE api_keys', 'missing', 'table api_keys'],
  ['CREATE VIEW zone_names AS SELECT name FROM zones', 'extra', 'table zone_names'],
  [`CREATE TYPE mood AS ENUM ('good')`, 'extra', 'type mood'],
  ['CREATE SEQUENCE numbers', 'extra', 'sequence numbers'],
];

test.each(BREAKAGES)('the comparison sees: %s', async (sql, kind, key) => {
  const trx = await live.knex.transaction();
  await trx.raw(sql);
  const found = compareSchemas(await describeSchema(designed.knex), await describeSchema(trx));
  await trx.rollback();
  const known = new Set(differences[kind]);
  expect(found[kind].filter((difference) => !known.has(difference)).map(keyOf)).toContain(key);
});

test('the functions are those of the design, each with a search path of its own', async () => {
  const { rows } = await live.knex.raw<{ rows: { signature: string; kind: string; settings: string | null }[] }>(`
    SELECT format('%s(%s)', p.proname, array_to_string(p.proargnames, ', ')) AS signature,
           CASE WHEN p.prorettype = 'trigger'::regtype THEN 'trigger'
                WHEN p.provolatile = 'i' THEN 'immutable ' || CASE l.lanname WHEN 'sql' THEN 'SQL' ELSE l.lanname END
                ELSE CASE p.provolatile WHEN 'v' THEN 'volatile' ELSE 'stable' END END AS kind,
           array_to_string(p.proconfig, ' ') AS settings
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public' JOIN pg_language l ON l.oid = p.prolang
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`);
  expect(Object.fromEntries(rows.map((row) => [row.signature, row.kind]))).toEqual({ ...DESIGN.functions, ...ADDED_FUNCTIONS });
  for (const row of rows) expect(row.settings, row.signature).toMatch(/search_path=/);
});

test('each table says what it is for, in the words of the design where it has its own', async () => {
  const { rows } = await live.knex.raw<{ rows: { name: string; comment: string | null }[] }>(`
    SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`);
  const comments = new Map(rows.map((row) => [row.name, row.comment ?? '']));
  const wrong = Object.entries(DESIGN.tables).filter(([name, { comment = '' }]) => {
    const said = comments.get(name) ?? '';
    return said === '' || !said.startsWith(comment.slice(0, -1));
  });
  expect(wrong.map(([name, { comment }]) => `${name}: designed ${comment ?? 'any'}, live ${comments.get(name) ?? 'none'}`)).toEqual([]);
});

test.skipIf(!haveText)(
  `the design kept here is the one that was decided${haveText ? '' : ' (skipped: no ../shared/design/schema.md beside this checkout)'}`,
  () => {
    const text = readFileSync(DESIGN_TEXT, 'utf8');
    expect(parseSchemaDesign(text)).toEqual(DESIGN);
    const names = text.slice(text.indexOf('\n## 4. '), text.indexOf('\n## 5. ')).matchAll(/\b(?:ck|fk|uq|idx|ix)_[a-z][a-z0-9_]+\b(?!<)/g);
    const known = new Set(
      Object.values(DESIGN.tables).flatMap(({ foreignKeys, checks, indexes }) => Object.keys({ ...foreignKeys, ...checks, ...indexes })),
    );
    expect([...names].map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  },
);
