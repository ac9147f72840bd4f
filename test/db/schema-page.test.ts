import { afterAll, beforeAll, expect, test } from 'vitest';

import { schemaPage } from '../../scripts/schema-page/page.ts';
import { readSchema, type Schema } from '../../scripts/schema-page/read-schema.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;
let schema: Schema;
let page: string;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.knex.raw('SELECT ensure_detections_partition(now())');
  schema = await readSchema(own.knex);
  page = schemaPage(schema);
});

afterAll(() => own.drop());

test('the page has every table with every column, each relationship in a diagram, and no partition', async () => {
  const tables = await own
    .knex('pg_tables')
    .where({ schemaname: 'public' })
    .whereNot('tablename', 'like', 'knex%')
    .whereNot('tablename', 'like', 'detections_y%')
    .pluck<string[]>('tablename');
  expect(tables.length).toBeGreaterThan(40);
  for (const { name, columns, foreignKeys } of schema.tables) {
    expect(tables).toContain(name);
    const [, rest = ''] = page.split(`\n### ${name}\n`);
    const section = rest.split(/\n###? /)[0]!;
    for (const column of columns) expect(section, name).toContain(`\n| ${column.name} | `);
    for (const key of foreignKeys) {
      expect(page).toMatch(new RegExp(`\n  ${key.parent} (\\|\\||\\|o)--o[{|] ${key.table} : "${key.columns.join(' \\+ ')}[",]`));
    }
  }
  expect(schema.tables).toHaveLength(tables.length);
  expect(page).not.toContain('detections_y');
});

test('links lead to headings, and every table and what its name does not say is explained', () => {
  const headings = new Set(
    [...page.matchAll(/^###? (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => !headings.has(target))).toEqual([]);
  expect(schema.tables.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
});

test('a diagram says which end is one and which is many', () => {
  expect(page).toContain('  cameras ||--o{ media_files : "camera_id, cascade"');
  expect(page).toContain('  runs |o--o{ events : "run_id"');
  expect(page).toContain('  detections ||--o| pose_results : "detection_id + detected_at, cascade"');
});
