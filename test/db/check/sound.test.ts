import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../helpers/database.ts';
import { createSoundStore, lookAt, namesOf, type SoundStore } from './sound-store.ts';

let store: SoundStore;

beforeAll(async () => {
  store = await createSoundStore();
});

afterAll(() => store.dispose());

test('an empty database breaks no rule, quick or deep', async () => {
  const empty = await createTestDatabase();
  try {
    expect(namesOf(await lookAt(empty.knex))).toEqual([]);
    expect(namesOf(await lookAt(empty.knex, { deep: false, files: true }))).toEqual([]);
  } finally {
    await empty.drop();
  }
});

test('a sound store breaks none either, and a fix finds nothing to do', async () => {
  const outcomes = await lookAt(store.knex, { fix: true });
  expect(outcomes.filter(({ count, problem }) => count > 0 || problem !== null)).toEqual([]);
  expect(await store.knex('audit_logs').count({ rows: '*' })).toEqual([{ rows: 0 }]);
});
