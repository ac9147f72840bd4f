import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertLogs } from '../../../src/db/models/logs.ts';
import { insertRun, listRuns } from '../../../src/db/models/runs.ts';
import { findMissingFileIds } from '../../../src/db/queries/media-files.ts';
import { findUnmatchedWords, listWords } from '../../../src/db/queries/unmatched-words.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(() => own.drop());

test('words that no row has are found; without words or rows too', async () => {
  const { knex } = own;
  expect(await findUnmatchedWords(knex, 'logs.component', [])).toEqual([]);
  expect(await findUnmatchedWords(knex, 'logs.component', ['ingest', "o'neill"])).toEqual(['ingest', "o'neill"]);
  expect(await listWords(knex, 'logs.component', 5)).toEqual([]);
  await insertLogs(
    knex,
    ['b', 'a', 'b', 'c'].map((component) => ({ level: 'info', component, message: '' })),
  );
  expect(await findUnmatchedWords(knex, 'logs.component', ['a', 'x', 'b'])).toEqual(['x']);
  expect(await listWords(knex, 'logs.component', 2)).toEqual(['a', 'b']);
});

test('every word column can be asked', async () => {
  for (const column of [
    'jobs.job_type',
    'runs.command',
    'audit_logs.actor',
    'media_files.failure_code',
    'detections.object_type',
  ] as const) {
    expect(await findUnmatchedWords(own.knex, column, ['x'])).toEqual(['x']);
    expect(await listWords(own.knex, column, 1)).toEqual([]);
  }
  expect(await findMissingFileIds(own.knex, [])).toEqual([]);
  expect(await findMissingFileIds(own.knex, [2, 1])).toEqual([1, 2]);
});

test('runs are narrowed to a half-open span of their start; missing values sort last either way', async () => {
  const { knex } = own;
  const ids = [uuidV7(), uuidV7()];
  for (const [day, id] of ids.entries()) {
    await insertRun(knex, { id, command: 'ingest', args_json: {}, hs_version: '0', config_fingerprint: 'x' });
    await knex('runs')
      .where({ id })
      .update({ started_at: new Date(Date.UTC(2026, 0, 1 + day)) });
  }
  await knex('runs')
    .where({ id: ids[0]! })
    .update({ ended_at: new Date(Date.UTC(2026, 0, 3)), exit_code: 0 });
  const listed = async (options: Parameters<typeof listRuns>[1]): Promise<number[]> =>
    (await listRuns(knex, options)).map(({ id }) => ids.indexOf(id));
  expect(await listed({})).toEqual([1, 0]);
  expect(await listed({ until: new Date(Date.UTC(2026, 0, 2)) })).toEqual([0]);
  expect(await listed({ since: new Date(Date.UTC(2026, 0, 2)) })).toEqual([1]);
  for (const descending of [true, false]) expect(await listed({ sort: { field: 'ended_at', descending } })).toEqual([0, 1]);
});
