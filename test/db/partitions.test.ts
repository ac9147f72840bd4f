import { afterAll, beforeAll, expect, test } from 'vitest';

import { dropMonth } from '../../src/db/drop-month.ts';
import { ensureDetectionPartitions } from '../../src/db/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.knex('cameras').insert({ id: 'a', name: 'A', folder_path: '/a' });
});

afterAll(async () => {
  await own.drop();
});

const insertAt = (text: string): Promise<unknown> =>
  Promise.resolve(own.knex('detections').insert({ camera_id: 'a', file_path: '/a/1.jpg', detected_at: new Date(text) }));

test('nothing to do for no instants', async () => {
  expect(await ensureDetectionPartitions(own.knex, [])).toEqual([]);
});

test('creates one partition per UTC month, whatever the time zone of this process', async () => {
  const created = await ensureDetectionPartitions(own.knex, [
    new Date('2026-01-31T23:59:59.999Z'),
    new Date('2026-02-01T00:00:00.000Z'),
    new Date('2026-02-15T00:00:00.000Z'),
  ]);
  expect(created).toEqual(['detections_y2026m01', 'detections_y2026m02']);
  expect(await ensureDetectionPartitions(own.knex, [new Date('2026-02-28T23:59:59.999Z')])).toEqual([]);
});

test('only months that are not there are made, also one that was dropped meanwhile', async () => {
  const keep = (instants: Date[]): Promise<string[]> => ensureDetectionPartitions(own.knex, instants);
  let asked = 0;
  const listen = ({ sql }: { sql: string }): void => void (asked += sql.includes('ensure_detections_partition') ? 1 : 0);
  own.knex.on('query', listen);
  await keep([]);
  expect(asked).toBe(0);
  await keep([new Date('2026-11-05T00:00:00Z'), new Date('2026-11-06T00:00:00Z')]);
  expect(asked).toBe(1);
  await keep([new Date('2026-11-09T00:00:00Z'), new Date('2026-12-09T00:00:00Z')]);
  expect(asked).toBe(2);
  own.knex.removeListener('query', listen);
  await dropMonth(own.knex, 'detections_y2026m11', () => Promise.resolve());
  expect(await keep([new Date('2026-11-01T00:00:00Z'), new Date('2026-12-01T00:00:00Z')])).toEqual(['detections_y2026m11']);
});

test('a row at the very edge of a month lies in its own month', async () => {
  await ensureDetectionPartitions(own.knex, [new Date('2026-03-01T00:00:00Z'), new Date('2026-04-01T00:00:00Z')]);
  await insertAt('2026-03-31T23:59:59.999Z');
  await insertAt('2026-04-01T00:00:00.000Z');
  const { rows } = await own.knex.raw<{ rows: { name: string; at: Date }[] }>(
    `SELECT tableoid::regclass::text AS name, detected_at AS at FROM detections ORDER BY detected_at`,
  );
  expect(rows.map((row) => [row.name, row.at.toISOString()])).toEqual([
    ['detections_y2026m03', '2026-03-31T23:59:59.999Z'],
    ['detections_y2026m04', '2026-04-01T00:00:00.000Z'],
  ]);
});

test('a row of a month without partition is refused', async () => {
  await expect(insertAt('2031-01-01T00:00:00Z')).rejects.toThrow('no partition of relation');
});

test.each([
  ['1989-12-31T23:59:59.999Z', false],
  ['1990-01-01T00:00:00.000Z', true],
  ['2099-12-31T23:59:59.999Z', true],
  ['2100-01-01T00:00:00.000Z', false],
])('the month of %s is allowed: %s', async (text, allowed) => {
  const attempt = ensureDetectionPartitions(own.knex, [new Date(text)]);
  if (allowed) expect(await attempt).toHaveLength(1);
  else await expect(attempt).rejects.toMatchObject({ code: '22008' });
});

test('eight callers at once create each month once and none of them fails', async () => {
  const others = await Promise.all(Array.from({ length: 8 }, () => own.database.connect()));
  const months = ['2027-01', '2027-02', '2027-03', '2027-04'];
  const created = await Promise.all(
    others.map(async (client, caller) => {
      const names: (string | null)[] = [];
      for (const month of caller % 2 === 0 ? months : months.toReversed()) {
        const { rows } = await client.query<{ name: string | null }>('SELECT ensure_detections_partition($1) AS name', [
          `${month}-10T00:00:00Z`,
        ]);
        names.push(rows[0]!.name);
      }
      await client.end();
      return names.filter((name) => name !== null);
    }),
  );
  expect(created.flat().sort()).toEqual(months.map((month) => `detections_y${month.replace('-', 'm')}`));
});

test('waits for a writer that is about to commit', async () => {
  const writer = await own.knex.transaction();
  await writer('detections').insert({ camera_id: 'a', file_path: '/a/2.jpg', detected_at: new Date('2026-01-05T00:00:00Z') });
  const creating = ensureDetectionPartitions(own.knex, [new Date('2028-01-01T00:00:00Z')]);
  setTimeout(() => void writer.commit(), 300);
  expect(await creating).toEqual(['detections_y2028m01']);
});

test('moving a detection to another month keeps its id and its place in the event', async () => {
  const { knex } = own;
  const [row] = await knex('detections')
    .insert({ camera_id: 'a', file_path: '/a/3.jpg', detected_at: new Date('2026-01-31T23:00:00Z') })
    .returning<{ id: number }[]>('id');
  const [event] = await knex('events')
    .insert({ batch_id: 'b', camera_id: 'a', started_at: new Date('2026-01-31T23:00:00Z') })
    .returning<{ id: number }[]>('id');
  await knex('event_detections').insert({ event_id: event!.id, detection_id: row!.id, detected_at: new Date('2026-01-31T23:00:00Z') });
  await knex('detections')
    .where({ id: row!.id })
    .update({ detected_at: new Date('2026-02-01T01:00:00Z') });
  const [member] = await knex('event_detections').where({ event_id: event!.id });
  expect(member).toMatchObject({ detection_id: row!.id, detected_at: new Date('2026-02-01T01:00:00Z') });
});
