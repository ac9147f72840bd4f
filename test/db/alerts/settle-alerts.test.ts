import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clearDueAlerts, findDueAlerts, markAlertsDue } from '../../../src/db/models/due-alerts.ts';
import { settleAlerts, settleBeside } from '../../../src/services/alerts/settle-alerts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera } from '../answers/seed.ts';
import { eventAt, makeRule, ZONES } from './seed-alerts.ts';

let own: TestDatabase;
let knex: Knex;
const options = { zones: ZONES, signal: new AbortController().signal };
const mark = (ids: readonly number[]): Promise<void> => knex.transaction((trx) => markAlertsDue(trx, ids));
const due = async (): Promise<number[]> => (await findDueAlerts(knex, 10)).map(({ event_id: id }) => id);

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'front_door');
  await makeRule(knex, { cooldown_seconds: 0 });
});

afterAll(() => own.drop());

beforeEach(async () => {
  await knex('events').delete();
});

test('nothing due, nothing done', async () => {
  await mark([]);
  expect(await settleAlerts(knex, options)).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
});

test('what a run rated before it died gets its alerts by the next one, once', async () => {
  await mark([await eventAt(knex, 0), await eventAt(knex, 60)]);
  expect(await settleAlerts(knex, options)).toMatchObject({ created: 2 });
  expect(await due()).toEqual([]);
  expect(await settleAlerts(knex, options)).toMatchObject({ created: 0 });
});

test('a rating that comes while alerts are looked at is due again; one that is rolled back is not', async () => {
  const id = await eventAt(knex, 0);
  await mark([id]);
  const seen = await findDueAlerts(knex, 10);
  await mark([id]);
  await clearDueAlerts(knex, seen);
  expect(await due()).toEqual([id]);
  await settleAlerts(knex, options);
  const failed = knex.transaction(async (trx) => {
    await markAlertsDue(trx, [id]);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await due()).toEqual([]);
});

test('an event that is gone is no longer due', async () => {
  const id = await eventAt(knex, 0);
  await mark([id]);
  await knex('events').where({ id }).delete();
  expect(await due()).toEqual([]);
});

test('alerts are raised beside the rating and after it; when rating fails, what is due stays', async () => {
  const rated = await settleBeside(knex, options, async () => {
    await mark([await eventAt(knex, 0)]);
    return 'rated';
  });
  expect(rated).toMatchObject({ result: 'rated', alerts: { created: 1 } });
  const id = await eventAt(knex, 60);
  const stopped = { ...options, signal: AbortSignal.abort() };
  const failing = settleBeside(knex, stopped, async () => {
    await mark([id]);
    throw new Error('the model is on fire');
  });
  await expect(failing).rejects.toThrow('on fire');
  expect(await due()).toEqual([id]);
});
