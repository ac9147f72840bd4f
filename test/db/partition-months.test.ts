import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ensureDetectionPartitions } from '../../src/db/partitions.ts';
import { listDetectionPartitions, monthOf } from '../../src/db/queries/partitions.ts';
import { listPartitions } from '../../src/services/database/list-partitions.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.knex('cameras').insert({ id: 'a', name: 'A', folder_path: '/a' });
});

afterAll(() => own.drop());

const nameOf = (month: string): string => `detections_y${month.replace('-', 'm')}`;

type Child = { ready: Promise<void>; start: () => void; ended: Promise<{ code: number | null; out: string; err: string }> };

/** A process of its own that waits for the word before it begins. */
function startCreator(url: string, months: readonly string[]): Child {
  const script = path.resolve(import.meta.dirname, '../helpers/create-months.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, ...months], { stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out: out.replace('ready\n', ''), err }));
  const ready = Promise.race([once(child.stdout, 'data'), ended]).then(() => undefined);
  return { ready, start: () => child.stdin.end('go\n'), ended };
}

test(
  'eight processes that make the same and different months at once all succeed, and each month is made once',
  { timeout: 120_000 },
  async () => {
    const shared = ['2001-01', '2001-02', '2001-03', '2001-04'];
    const children = Array.from({ length: 8 }, (_, index) => {
      const months = [...shared, `2002-0${String(index + 1)}`, `2003-0${String(1 + (index % 3))}`];
      return startCreator(own.url, index % 2 === 0 ? months : months.toReversed());
    });
    await Promise.all(children.map(({ ready }) => ready));
    for (const { start } of children) start();
    const results = await Promise.all(children.map(({ ended }) => ended));
    expect(results.map(({ code, err }) => [code, err])).toEqual(results.map(() => [0, '']));
    const created = results.flatMap(({ out }) => out.trim().split(/\s+/).filter(Boolean)).sort();
    const different = Array.from({ length: 8 }, (_, index) => `2002-0${String(index + 1)}`);
    expect(created).toEqual([...shared, ...different, '2003-01', '2003-02', '2003-03'].map(nameOf));
    expect(await own.knex('detections').count()).toEqual([{ count: 48 }]);
    const { rows } = await own.knex.raw<{ rows: [{ deadlocks: number }] }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(rows[0].deadlocks).toBe(0);
  },
);

/** The same on every run, spread over all months there may be. */
const MONTHS = Array.from({ length: 24 }, (_, index) => {
  const number = (index * 641 + 7) % (110 * 12);
  return new Date(Date.UTC(1990, number, 1 + (index % 28), index % 24)).toISOString();
});

test.each(['1990-01-01T00:00:00.000Z', '2099-12-31T23:59:59.999Z', '2024-02-29T23:59:59.999Z', ...MONTHS])(
  'a detection at %s is stored in its month without further ado',
  async (text) => {
    const at = new Date(text);
    await ensureDetectionPartitions(own.knex, [at]);
    const [row] = await own
      .knex('detections')
      .insert({ camera_id: 'a', file_path: '/a', detected_at: at })
      .returning(['id', 'detected_at']);
    expect(row.detected_at).toEqual(at);
    const { rows } = await own.knex.raw<{ rows: unknown[] }>('SELECT tableoid::regclass::text AS name FROM detections WHERE id = ?', [
      row.id,
    ]);
    expect(rows).toEqual([{ name: nameOf(text.slice(0, 7)) }]);
  },
);

test.each(['1989-12-31T23:59:59.999Z', '2100-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z', '+012345-01-01T00:00:00.000Z'])(
  'no month is made for %s',
  async (text) => {
    await expect(ensureDetectionPartitions(own.knex, [new Date(text)])).rejects.toMatchObject({ code: '22008' });
  },
);

test('no instant at all is refused', async () => {
  await expect(own.knex.raw('SELECT ensure_detections_partition(NULL)')).rejects.toMatchObject({ code: '22008' });
});

test('a month has the storage options and bounds that belong to it, whatever the time zone of the connection (schema §5)', async () => {
  await own.knex.transaction(async (trx) => {
    await trx.raw(`SET LOCAL TIME ZONE 'Asia/Kolkata'`);
    await trx.raw(`SELECT ensure_detections_partition('2010-03-31T20:00:00Z')`);
  });
  const { rows } = await own.knex.raw<{ rows: unknown[] }>(
    `SELECT reloptions, pg_get_expr(relpartbound, oid) AS bounds FROM pg_class WHERE relname = 'detections_y2010m03'`,
  );
  expect(rows).toEqual([
    {
      reloptions: ['autovacuum_vacuum_scale_factor=0.02', 'autovacuum_analyze_scale_factor=0.02'],
      bounds: `FOR VALUES FROM ('2010-03-01 00:00:00+00') TO ('2010-04-01 00:00:00+00')`,
    },
  ]);
  const parent = await own.knex.raw<{ rows: unknown[] }>(`SELECT reloptions FROM pg_class WHERE relname = 'detections'`);
  expect(parent.rows).toEqual([{ reloptions: null }]);
});

test('the list of months names bounds, sizes and those without rows', async () => {
  const partitions = await listDetectionPartitions(own.knex);
  expect(partitions.map(({ name }) => name)).toEqual(partitions.map(({ name }) => name).sort());
  const empty = partitions.find(({ name }) => name === 'detections_y2010m03');
  expect(empty).toMatchObject({ from: new Date('2010-03-01'), until: new Date('2010-04-01'), is_empty: true, rows_estimate: null });
  expect(partitions.find(({ name }) => name === 'detections_y1990m01')).toMatchObject({ is_empty: false });
  await own.knex.raw('ANALYZE detections_y2001m01');
  const counted = (await listDetectionPartitions(own.knex)).find(({ name }) => name === 'detections_y2001m01');
  expect(counted?.rows_estimate).toBe(8);
  for (const { table_bytes, index_bytes, total_bytes } of partitions) expect(total_bytes).toBe(table_bytes + index_bytes);
});

test('the list can be of empty months only', async () => {
  expect(await listPartitions(own.knex, { emptyOnly: true })).toMatchObject([
    { name: 'detections_y2010m03', month: '2010-03', is_empty: true },
  ]);
});

test('a name that is no month is a bug', () => {
  expect(monthOf('detections_y2024m12')).toEqual({ from: new Date('2024-12-01'), until: new Date('2025-01-01') });
  expect(() => monthOf('detections_default')).toThrow('not the name of a month');
});
