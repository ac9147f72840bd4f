import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { updateAlertRule } from '../../../src/db/models/alert-rules.ts';
import { listAlerts, moveAlert } from '../../../src/db/models/alerts.ts';
import { findAlertsInCooldown } from '../../../src/db/queries/check/alerts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera } from '../answers/seed.ts';
import { evaluate, eventAt, firedAt, makeRule, START, ZONES } from './seed-alerts.ts';
import { evaluateAlerts } from '../../../src/services/alerts/evaluate-alerts.ts';

let own: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'front_door');
  await seedCamera(knex, 'yard');
});

afterAll(() => own.drop());

beforeEach(async () => {
  await knex('alert_rules').delete();
  await knex('events').delete();
});

const at = (seconds: number, more: object = {}): Promise<number> => eventAt(knex, seconds, more);
const deliver = async (): Promise<void> => {
  for (const { id } of await listAlerts(knex, { filters: { status: ['pending'] } })) await moveAlert(knex, id, { to: 'delivered' });
};

describe('evaluating events (§10.4)', () => {
  test('without rules, without events, and of events that are gone nothing comes', async () => {
    expect(await evaluate(knex, [await at(0), 999_999])).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
    await makeRule(knex);
    expect(await evaluate(knex, [])).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
    expect(await evaluate(knex, [999_999])).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
  });

  test('an alert takes severity, channels and cooldown from its rule, its time from the event, and says why', async () => {
    const ruleId = await makeRule(knex, { severity: 'critical', channels: ['email', 'hook'], cooldown_seconds: 60, risk_threshold: 70 });
    const eventId = await at(0);
    expect(await evaluate(knex, [eventId])).toEqual({ created: 1, suppressed: 0, dismissed: 0 });
    expect(await listAlerts(knex)).toMatchObject([
      {
        event_id: eventId,
        rule_id: ruleId,
        severity: 'critical',
        status: 'pending',
        channels: ['email', 'hook'],
        dedup_key: `front_door:${ruleId}`,
        occurred_at: new Date(START),
        cooldown_seconds: 60,
        delivered_at: null,
        alert_metadata: { rule_name: 'Night', conditions: [{ condition: 'risk_threshold', wanted: 70, found: 70 }], detection_id: null },
      },
    ]);
  });

  test('again it changes nothing, also after delivery; disabled rules raise none', async () => {
    await makeRule(knex, { name: 'off', enabled: false });
    await makeRule(knex);
    const ids = [await at(0), await at(10), await at(300)];
    expect(await evaluate(knex, ids)).toEqual({ created: 2, suppressed: 1, dismissed: 0 });
    const before = await listAlerts(knex);
    expect(await evaluate(knex, ids.toReversed())).toEqual({ created: 0, suppressed: 1, dismissed: 0 });
    expect(await listAlerts(knex)).toEqual(before);
    await deliver();
    const delivered = await listAlerts(knex);
    expect(await evaluate(knex, ids)).toEqual({ created: 0, suppressed: 1, dismissed: 0 });
    expect(await listAlerts(knex)).toEqual(delivered);
  });

  test.each([
    [299.999, 'suppressed'],
    [300, 'fired'],
    [-120, 'suppressed'],
    [-299.999, 'suppressed'],
    [-300, 'fired'],
    [86_400, 'fired'],
  ])('cooldown 300, delivered alert at 0: an event at %s s is %s', async (seconds, expected) => {
    await makeRule(knex);
    await evaluate(knex, [await at(0)]);
    await deliver();
    expect(await evaluate(knex, [await at(seconds)])).toMatchObject(expected === 'fired' ? { created: 1 } : { created: 0, suppressed: 1 });
  });

  test('cooldown 0: all fire', async () => {
    await makeRule(knex, { cooldown_seconds: 0 });
    expect(await evaluate(knex, [await at(0), await at(0.001), await at(1)])).toEqual({ created: 3, suppressed: 0, dismissed: 0 });
  });

  test('a sequence can be one key, and cameras can share one', async () => {
    await makeRule(knex, { name: 'by sequence', dedup_key_template: '{sequence_id}' });
    await makeRule(knex, { name: 'whole house', dedup_key_template: '{rule_id}' });
    await evaluate(knex, [
      await at(0, { sequence_id: 's1' }),
      await at(10, { sequence_id: 's1' }),
      await at(20, { sequence_id: 's2', camera_id: 'yard' }),
    ]);
    expect(await firedAt(knex)).toEqual(['by sequence 0', 'by sequence 20', 'whole house 0']);
  });

  test('a late earlier event takes the place of an alert nobody was told of, and what that kept quiet may fire', async () => {
    await makeRule(knex);
    expect(await evaluate(knex, [await at(120), await at(400)])).toEqual({ created: 1, suppressed: 1, dismissed: 0 });
    expect(await evaluate(knex, [await at(0)])).toMatchObject({ created: 2 });
    expect(await firedAt(knex)).toEqual(['Night 0', 'Night 400']);
  });

  test('an alert somebody was about to be told of is not taken back', async () => {
    await makeRule(knex);
    await evaluate(knex, [await at(120)]);
    await knex('alerts').update({ alert_metadata: { attempts: [{ channel: 'hook', ok: false }] } });
    expect(await evaluate(knex, [await at(0)])).toMatchObject({ created: 0, suppressed: 1 });
  });
});

describe('after another analysis (§10.4)', () => {
  test('an alert nobody was told of is dismissed when its rule no longer matches, and keeps nobody else quiet', async () => {
    await makeRule(knex, { risk_threshold: 60 });
    const [first, second] = [await at(0), await at(100)];
    await evaluate(knex, [first, second]);
    await knex('events').where({ id: first }).update({ risk_score: 20, risk_level: 'low' });
    expect(await evaluate(knex, [first])).toEqual({ created: 1, suppressed: 0, dismissed: 1 });
    expect(await firedAt(knex)).toEqual(['Night 100']);
    expect(await listAlerts(knex, { filters: { status: ['dismissed'] } })).toMatchObject([
      { event_id: first, alert_metadata: { dismissed_reason: 'no_longer_matches' } },
    ]);
    expect(await evaluate(knex, [first])).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
  });

  test('it comes back when the rule matches once more', async () => {
    await makeRule(knex, { risk_threshold: 60 });
    const [first, second] = [await at(0), await at(100)];
    await evaluate(knex, [first, second]);
    for (const risk_score of [20, 90]) {
      await knex('events').where({ id: first }).update({ risk_score });
      await evaluate(knex, [first]);
    }
    expect(await firedAt(knex)).toEqual(['Night 0']);
    expect(await listAlerts(knex)).toHaveLength(1);
  });

  test('a delivered alert stays, and so does one the user dismissed', async () => {
    await makeRule(knex, { risk_threshold: 60, cooldown_seconds: 0 });
    const ids = [await at(0), await at(100)];
    await evaluate(knex, ids);
    const [newest, oldest] = await listAlerts(knex);
    await moveAlert(knex, oldest!.id, { to: 'delivered' });
    await moveAlert(knex, newest!.id, { to: 'dismissed' });
    await knex('events').update({ risk_score: 20, risk_level: 'low' });
    expect(await evaluate(knex, ids)).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
    expect((await listAlerts(knex)).map(({ status }) => status)).toEqual(['dismissed', 'delivered']);
    await knex('events').update({ risk_score: 90, risk_level: 'critical' });
    expect(await evaluate(knex, ids)).toEqual({ created: 0, suppressed: 0, dismissed: 0 });
  });

  test('an alert takes the key of its rule as it is now', async () => {
    const ruleId = await makeRule(knex);
    const id = await at(0);
    await evaluate(knex, [id]);
    await updateAlertRule(knex, ruleId, { dedup_key_template: 'x' });
    await evaluate(knex, [id]);
    expect((await listAlerts(knex)).map(({ dedup_key: key }) => key)).toEqual(['x']);
  });
});

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const shuffled = <Item>(items: readonly Item[], roll: (sides: number) => number): Item[] =>
  items
    .map((item) => ({ item, place: roll(1e9) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

describe('a live night, and the same footage later in any order and any number of runs, raise the same alerts', () => {
  const RULES = [
    { name: 'a', cooldown_seconds: 300, risk_threshold: 50 },
    { name: 'b', cooldown_seconds: 900, dedup_key_template: '{rule_id}' },
    { name: 'c', cooldown_seconds: 0, risk_threshold: 90 },
    { name: 'd', cooldown_seconds: 61 },
  ];

  test.each([1, 2, 3, 4, 5])('night %s', async (seed) => {
    const roll = dice(seed);
    for (const rule of RULES) await makeRule(knex, rule);
    const night = Array.from({ length: 60 }, () => ({
      seconds: roll(7200),
      score: roll(101),
      camera_id: roll(2) === 0 ? 'yard' : 'front_door',
    }))
      .sort((a, b) => a.seconds - b.seconds)
      .map(({ seconds, score, camera_id }, index) => ({
        seconds,
        more: { risk_score: score, camera_id, batch_id: `batch ${String(index).padStart(3, '0')}` },
      }));
    for (const { seconds, more } of night) {
      await evaluate(knex, [await at(seconds, more)]);
      await deliver();
    }
    const live = await firedAt(knex);
    expect(live.length).toBeGreaterThan(20);
    for (const runs of [1, 3, 60]) {
      await knex('events').delete();
      const later = shuffled(night, roll);
      let created = 0;
      for (let run = 0; run < runs; run++) {
        const ids = [];
        for (const { seconds, more } of later.filter((_, index) => index % runs === run)) ids.push(await at(seconds, more));
        created += (await evaluate(knex, ids)).created;
      }
      expect(await firedAt(knex)).toEqual(live);
      expect(created).toBeGreaterThanOrEqual(live.length);
      expect(
        (await findAlertsInCooldown(knex, { since: '-infinity', limit: 10, calibrationUser: 'local', home: '/nonexistent' })).count,
      ).toBe(0);
    }
  });
});

test('of 8 processes with events within one cooldown the first event fires, once', async () => {
  await makeRule(knex);
  const ids = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((step) => at(step)));
  await Promise.all(shuffled(ids, dice(7)).map((id) => evaluate(knex, [id])));
  expect(await firedAt(knex)).toEqual(['Night 0']);
  await Promise.all(Array.from({ length: 8 }, () => evaluate(knex, ids)));
  expect(await listAlerts(knex)).toHaveLength(1);
});

test('a stopped run leaves whole pages; the next one makes up for it', async () => {
  await makeRule(knex);
  const ids = [await at(0)];
  const stopped = AbortSignal.abort(new Error('stop'));
  await expect(evaluateAlerts(knex, { eventIds: ids, zones: ZONES, signal: stopped })).rejects.toThrow('stop');
  expect(await evaluate(knex, ids)).toMatchObject({ created: 1 });
});
