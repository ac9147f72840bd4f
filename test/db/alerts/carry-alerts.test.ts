import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAlerts, moveAlert } from '../../../src/db/models/alerts.ts';
import { putBackAlerts, takeAlerts } from '../../../src/db/models/carry-alerts.ts';
import { findAlertsAtWrongTimes, findAlertsInCooldown } from '../../../src/db/queries/check/alerts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera } from '../answers/seed.ts';
import { evaluate, eventAt, firedAt, makeRule, START } from './seed-alerts.ts';

let own: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'front_door');
});
afterAll(() => own.drop());
beforeEach(async () => {
  await knex('alert_rules').delete();
  await knex('events').delete();
});

const at = (seconds: number): Promise<number> => eventAt(knex, seconds);

/** What deriving events does: some of them begin at another time, some become part of others. */
async function regroup(changes: { moved?: [id: number, seconds: number][]; absorbed?: { id: number; byId: number }[] }): Promise<void> {
  const { moved = [], absorbed = [] } = changes;
  await knex.transaction(async (trx) => {
    const alerts = await takeAlerts(trx, [...moved.map(([id]) => id), ...absorbed.map(({ id }) => id)]);
    for (const [id, seconds] of moved) {
      const time = new Date(START + seconds * 1000);
      await trx('events').where({ id }).update({ started_at: time, ended_at: time });
    }
    for (const { id } of absorbed) await trx('events').where({ id }).delete();
    await putBackAlerts(trx, alerts, absorbed);
  });
  expect(await findAlertsInCooldown(knex, { since: '-infinity', limit: 5, calibrationUser: 'local', home: '/nonexistent' })).toMatchObject({
    count: 0,
  });
  expect(
    await findAlertsAtWrongTimes(knex, { since: '-infinity', limit: 5, calibrationUser: 'local', home: '/nonexistent' }),
  ).toMatchObject({ count: 0 });
}

async function deliver(eventId: number): Promise<void> {
  for (const { id } of await listAlerts(knex, { filters: { eventIds: [eventId] } })) await moveAlert(knex, id, { to: 'delivered' });
}

test('an alert follows its event in time and stays what it was otherwise', async () => {
  await makeRule(knex);
  const id = await at(0);
  await evaluate(knex, [id]);
  const [before] = await listAlerts(knex);
  await regroup({ moved: [[id, -30]] });
  expect(await listAlerts(knex)).toEqual([{ ...before, occurred_at: new Date(START - 30_000), updated_at: expect.any(Date) }]);
});

test('an alert that comes too close to another one is left out unless somebody was told of it', async () => {
  await makeRule(knex);
  const [first, second] = [await at(0), await at(310)];
  await evaluate(knex, [first, second]);
  await regroup({ moved: [[second, 280]] });
  expect(await firedAt(knex)).toEqual(['Night 0']);
  await regroup({ moved: [[second, 310]] });
  await evaluate(knex, [second]);
  await deliver(second);
  await regroup({ moved: [[second, 280]] });
  expect(await firedAt(knex)).toEqual(['Night 0', 'Night 280']);
});

test('two alerts may change places', async () => {
  await makeRule(knex, { cooldown_seconds: 60 });
  const ids = [await at(0), await at(90)] as const;
  await evaluate(knex, ids);
  await regroup({
    moved: [
      [ids[0], 90],
      [ids[1], 0],
    ],
  });
  expect((await listAlerts(knex)).map(({ event_id: event }) => event)).toEqual([ids[0], ids[1]]);
});

test('alerts of an absorbed event go over to the one that took it, and the event is not told of again (§6.3)', async () => {
  await makeRule(knex, { cooldown_seconds: 0 });
  const [into, absorbed] = [await at(0), await at(45)];
  await evaluate(knex, [absorbed]);
  await deliver(absorbed);
  await regroup({ absorbed: [{ id: absorbed, byId: into }] });
  const expected = [{ event_id: into, status: 'delivered', alert_metadata: { absorbed_event_id: absorbed } }];
  expect(await listAlerts(knex)).toMatchObject(expected);
  expect(await evaluate(knex, [into])).toMatchObject({ created: 0 });
  expect(await listAlerts(knex)).toMatchObject(expected);
});

test('of two alerts of one rule for what is one event now, those somebody was told of are kept', async () => {
  const ruleId = await makeRule(knex, { cooldown_seconds: 0 });
  const [into, absorbed, third] = [await at(0), await at(45), await at(60)];
  await evaluate(knex, [into, absorbed, third]);
  await deliver(absorbed);
  await deliver(third);
  await regroup({
    moved: [[into, 0]],
    absorbed: [
      { id: absorbed, byId: into },
      { id: third, byId: into },
    ],
  });
  const rows = await listAlerts(knex);
  expect(rows.map(({ event_id: event, status }) => [event, status])).toEqual([
    [into, 'delivered'],
    [into, 'delivered'],
  ]);
  expect(rows.map(({ rule_id: rule }) => rule).filter((rule) => rule !== null)).toEqual([ruleId]);
  expect(await evaluate(knex, [into])).toMatchObject({ created: 0 });
});
