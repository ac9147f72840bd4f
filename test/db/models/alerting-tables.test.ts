import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  deleteAlertRule,
  findAlertRule,
  insertAlertRule,
  listAlertRules,
  updateAlertRule,
  type NewAlertRule,
} from '../../../src/db/models/alert-rules.ts';
import { findAlert, listAlerts, moveAlert } from '../../../src/db/models/alerts.ts';
import { listCameraNotificationSettings, saveCameraNotificationSetting } from '../../../src/db/models/camera-notification-settings.ts';
import { insertAlerts } from '../../../src/db/models/fire-alerts.ts';
import { readNotificationPreferences, updateNotificationPreferences } from '../../../src/db/models/notification-preferences.ts';
import { deleteQuietHours, insertQuietHours, listQuietHours, replaceQuietHours } from '../../../src/db/models/quiet-hours-periods.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { groupQuietHours, isQuiet, splitQuietHours } from '../../../src/domain/quiet-hours.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';

const START = Date.parse('2026-01-16T10:00:00Z');
const KEY = 'front_door:x';

let own: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'front_door');
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  await knex('alert_rules').delete();
  await knex('events').delete();
});

/** An event that many seconds after the first. */
async function eventAt(seconds: number): Promise<number> {
  const at = new Date(START + Math.round(seconds * 1000)).toISOString();
  return seedEvent(knex, { camera: 'front_door', members: [], at, more: { batch_id: uuidV7() } });
}

async function makeRule(more: Partial<NewAlertRule> = {}): Promise<string> {
  return (await insertAlertRule(knex, { id: uuidV7(), name: 'Night', ...more })).id;
}

/** Stores the alert as a writer does that looked at nothing before. */
async function fire(ruleId: string, eventId: number, dedupKey = KEY): Promise<string | undefined> {
  const rule = await findAlertRule(knex, ruleId);
  const event = await knex('events').where({ id: eventId }).first<{ batch_id: string; started_at: Date }>();
  const { severity = 'low', channels = [], cooldown_seconds = 0 } = rule ?? {};
  const at = { occurredAtMs: event.started_at.getTime(), cooldownMs: cooldown_seconds * 1000 };
  const alert = { ruleId, eventId, batchId: event.batch_id, dedupKey, severity, channels, metadata: { rule_name: 'Night' }, ...at };
  if ((await knex.transaction((trx) => insertAlerts(trx, [alert]))) === 0) return undefined;
  return (await listAlerts(knex, { filters: { ruleId, eventIds: [eventId] } }))[0]?.id;
}

async function fireAt(ruleId: string, seconds: number, dedupKey = KEY): Promise<string> {
  return (await fire(ruleId, await eventAt(seconds), dedupKey)) === undefined ? 'refused' : 'fired';
}

describe('what the table holds of firing once (schema §4.3)', () => {
  test('a writer that skips the lock is stopped by the unique indexes', async () => {
    const ruleId = await makeRule();
    const [first, second] = [await eventAt(0), await eventAt(1)];
    await fire(ruleId, first);
    const direct = { rule_id: ruleId, dedup_key: KEY, cooldown_seconds: 300, occurred_at: new Date(START + 1000) };
    await expect(knex('alerts').insert({ ...direct, event_id: second })).rejects.toMatchObject({ constraint: 'uq_alerts_rule_window' });
    await expect(knex('alerts').insert({ ...direct, event_id: first, dedup_key: 'other' })).rejects.toMatchObject({
      constraint: 'uq_alerts_rule_event',
    });
    await knex('alerts').insert([
      { event_id: first, dedup_key: KEY, occurred_at: new Date(START) },
      { event_id: first, dedup_key: KEY, occurred_at: new Date(START) },
    ]); // by hand: no rule, no limit
  });

  test('alerts one cooldown apart never share a window, wherever they lie in it', async () => {
    for (const cooldown of [1, 7, 300, 3600]) {
      const ruleId = await makeRule({ cooldown_seconds: cooldown });
      for (let step = 0; step < 12; step++) expect(await fireAt(ruleId, step * cooldown + 0.617, `c${cooldown}`)).toBe('fired');
    }
  });
});

describe('alerts', () => {
  async function alert(): Promise<string> {
    return (await fire(await makeRule(), await eventAt(0))) ?? '';
  }

  test('move forward only, and keep what is known about them', async () => {
    const id = await alert();
    expect(await moveAlert(knex, id, { to: 'delivered', metadata: { a: 1 } })).toMatchObject({
      status: 'delivered',
      delivered_at: expect.any(Date),
      alert_metadata: { rule_name: 'Night', a: 1 },
    });
    expect(await moveAlert(knex, id, { to: 'delivered' })).toBeUndefined();
    expect(await moveAlert(knex, id, { to: 'dismissed', metadata: { reason: 'no_longer_matches' } })).toMatchObject({
      status: 'dismissed',
      delivered_at: expect.any(Date),
      alert_metadata: { rule_name: 'Night', a: 1, reason: 'no_longer_matches' },
    });
    for (const to of ['delivered', 'acknowledged', 'dismissed'] as const) expect(await moveAlert(knex, id, { to })).toBeUndefined();
    expect(await moveAlert(knex, uuidV7(), { to: 'dismissed' })).toBeUndefined();
  });

  test('may be acknowledged before they are delivered', async () => {
    const id = await alert();
    const before = await findAlert(knex, id);
    await knex.raw('SELECT pg_sleep(0.005)');
    const after = await moveAlert(knex, id, { to: 'acknowledged' });
    expect(after).toMatchObject({ status: 'acknowledged', delivered_at: null });
    expect(after!.updated_at.getTime()).toBeGreaterThan(before!.updated_at.getTime());
  });

  test('are listed newest footage first, by status, severity, rule and event', async () => {
    const [high, low] = [await makeRule({ severity: 'high', cooldown_seconds: 0 }), await makeRule({ severity: 'low' })];
    const events = [await eventAt(0), await eventAt(10), await eventAt(5)];
    for (const event of events) await fire(high, event);
    await fire(low, events[0]!);
    const list = async (filters?: Parameters<typeof listAlerts>[1]): Promise<number[]> =>
      (await listAlerts(knex, filters)).map((row) => events.indexOf(row.event_id));
    expect(await list()).toEqual([1, 2, 0, 0]);
    expect(await list({ filters: { ruleId: high }, limit: 2 })).toEqual([1, 2]);
    expect(await list({ filters: { severity: ['low'], status: ['pending'] } })).toEqual([0]);
    expect(await list({ filters: { eventIds: [events[2]!] } })).toEqual([2]);
    expect(await list({ filters: { status: ['dismissed'] } })).toEqual([]);
    expect(await list({ filters: { eventIds: [] } })).toEqual([]);
  });

  test('lose their rule but stay when it is deleted, and go with their event', async () => {
    const ruleId = await makeRule();
    const eventId = await eventAt(0);
    await fire(ruleId, eventId);
    expect(await deleteAlertRule(knex, ruleId)).toBe(true);
    expect(await deleteAlertRule(knex, ruleId)).toBe(false);
    expect(await listAlerts(knex)).toMatchObject([{ rule_id: null, event_id: eventId }]);
    await knex('events').where({ id: eventId }).delete();
    expect(await listAlerts(knex)).toEqual([]);
  });
});

describe('alert rules', () => {
  test('come back as they were stored, and with the documented defaults', async () => {
    const full = {
      id: uuidV7(),
      name: 'Night',
      description: 'text',
      enabled: false,
      severity: 'high' as const,
      risk_threshold: 60,
      object_types: ['person'],
      camera_ids: ['front_door'],
      zone_ids: [],
      min_confidence: 0.5,
      schedule: { days: ['friday' as const], start_time: '22:00', end_time: '06:00', timezone: 'UTC' },
      dedup_key_template: '{camera_id}',
      cooldown_seconds: 0,
      channels: ['email'],
      conditions: { trust: ['unknown' as const], object_count: 2 },
    };
    expect(await insertAlertRule(knex, full)).toMatchObject(full);
    expect(await insertAlertRule(knex, { id: uuidV7(), name: 'Any' })).toMatchObject({
      enabled: true,
      severity: 'medium',
      risk_threshold: null,
      object_types: null,
      schedule: null,
      dedup_key_template: '{camera_id}:{rule_id}',
      cooldown_seconds: 300,
      channels: [],
    });
  });

  test('are evaluated worst severity first, then by name', async () => {
    await makeRule({ name: 'a', severity: 'low' });
    await makeRule({ name: 'b', severity: 'critical' });
    await makeRule({ name: 'd', severity: 'medium', enabled: false });
    await makeRule({ name: 'c', severity: 'medium' });
    expect((await listAlertRules(knex)).map((rule) => rule.name)).toEqual(['b', 'c', 'd', 'a']);
    expect((await listAlertRules(knex, { enabledOnly: true })).map((rule) => rule.name)).toEqual(['b', 'c', 'a']);
  });

  test('a change keeps what was not named and is dated, a change of nothing is not', async () => {
    const id = await makeRule({ object_types: ['person'], risk_threshold: 10 });
    const before = await findAlertRule(knex, id);
    expect(await updateAlertRule(knex, id, {})).toEqual(before);
    expect(await updateAlertRule(knex, id, { name: 'Night' })).toEqual(before);
    await knex.raw('SELECT pg_sleep(0.005)');
    const after = await updateAlertRule(knex, id, { object_types: null, channels: ['a'] });
    expect(after).toMatchObject({ object_types: null, channels: ['a'], risk_threshold: 10, name: 'Night' });
    expect(after!.updated_at.getTime()).toBeGreaterThan(before!.updated_at.getTime());
    expect(await updateAlertRule(knex, uuidV7(), { name: 'x' })).toBeUndefined();
  });
});

describe('notifications', () => {
  test('the one row of preferences is there from the start and comes back when it was lost', async () => {
    const initial = { id: 1, enabled: true, sound: 'default', risk_filters: ['critical', 'high', 'medium'] };
    expect(await readNotificationPreferences(knex)).toEqual(initial);
    expect(await updateNotificationPreferences(knex, { sound: 'chime', risk_filters: [] })).toEqual({
      ...initial,
      sound: 'chime',
      risk_filters: [],
    });
    await knex('notification_preferences').delete();
    expect(await readNotificationPreferences(knex)).toEqual(initial);
    await expect(knex('notification_preferences').insert({ enabled: false })).rejects.toMatchObject({
      constraint: 'notification_preferences_pkey',
    });
  });

  test('a camera has one setting, and loses it with itself', async () => {
    await seedCamera(knex, 'shed');
    expect(await listCameraNotificationSettings(knex)).toEqual([]);
    expect(await saveCameraNotificationSetting(knex, { camera_id: 'shed' })).toMatchObject({ enabled: true, risk_threshold: 0 });
    await saveCameraNotificationSetting(knex, { camera_id: 'shed', risk_threshold: 70 });
    await saveCameraNotificationSetting(knex, { camera_id: 'shed', enabled: false });
    expect(await listCameraNotificationSettings(knex)).toMatchObject([{ camera_id: 'shed', enabled: false, risk_threshold: 70 }]);
    await knex('cameras').where({ id: 'shed' }).delete();
    expect(await listCameraNotificationSettings(knex)).toEqual([]);
  });

  test('quiet hours over midnight are stored in halves and read, replaced and deleted as one', async () => {
    const night = splitQuietHours({ label: 'Night', start: '22:00', end: '06:00', days: ['friday', 'saturday'] });
    const lunch = splitQuietHours({ label: 'Lunch', start: '12:00', end: '13:00', days: ['monday'] });
    const nightId = await insertQuietHours(knex, night);
    const lunchId = await insertQuietHours(knex, lunch);
    const rows = await listQuietHours(knex);
    expect(rows).toMatchObject([...night, ...lunch]);
    expect(groupQuietHours(rows)).toEqual([
      { groupId: nightId, label: 'Night', startTime: '22:00:00', endTime: '06:00:00', days: ['friday', 'saturday'] },
      { groupId: lunchId, label: 'Lunch', startTime: '12:00:00', endTime: '13:00:00', days: ['monday'] },
    ]);
    expect(isQuiet(rows, new Date('2026-01-18T05:59:59.999Z'), 'UTC')).toBe(true);
    expect(await knex.transaction((trx) => replaceQuietHours(trx, nightId, lunch))).toBe(true);
    expect(groupQuietHours(await listQuietHours(knex)).map((group) => group.label)).toEqual(['Lunch', 'Lunch']);
    expect(await deleteQuietHours(knex, nightId)).toBe(true);
    expect(await deleteQuietHours(knex, nightId)).toBe(false);
    expect(await knex.transaction((trx) => replaceQuietHours(trx, nightId, night))).toBe(false);
    expect((await listQuietHours(knex)).map((row) => row.group_id)).toEqual([lunchId]);
  });
});

const RULE = { name: 'r' };
const ALERT = { dedup_key: 'k', occurred_at: new Date(START) };
const QUIET = { label: 'q', start_time: '08:00', end_time: '09:00' };
const CAMERA_SETTING = { camera_id: 'front_door' };

test.each([
  ['alert_rules', RULE],
  ['alerts', ALERT],
  ['quiet_hours_periods', QUIET],
  ['quiet_hours_periods', { ...QUIET, start_time: '00:00', end_time: '24:00', days: ['sunday'] }],
  ['camera_notification_settings', CAMERA_SETTING],
])('%s takes a plain row', async (table, row) => {
  await knex.transaction(async (trx) => {
    await trx(table).insert(await complete(table, row));
    await trx.rollback();
  });
});

test.each([
  ['alert_rules', { ...RULE, severity: 'CRITICAL' }, 'ck_alert_rules_severity'],
  ['alert_rules', { ...RULE, risk_threshold: -1 }, 'ck_alert_rules_risk_threshold_range'],
  ['alert_rules', { ...RULE, risk_threshold: 101 }, 'ck_alert_rules_risk_threshold_range'],
  ['alert_rules', { ...RULE, min_confidence: 1.01 }, 'ck_alert_rules_min_confidence_range'],
  ['alert_rules', { ...RULE, min_confidence: 'NaN' }, 'ck_alert_rules_min_confidence_range'],
  ['alert_rules', { ...RULE, cooldown_seconds: -1 }, 'ck_alert_rules_cooldown_non_negative'],
  ['alert_rules', { ...RULE, object_types: '{}' }, 'ck_alert_rules_json'],
  ['alert_rules', { ...RULE, camera_ids: '"a"' }, 'ck_alert_rules_json'],
  ['alert_rules', { ...RULE, zone_ids: '1' }, 'ck_alert_rules_json'],
  ['alert_rules', { ...RULE, schedule: '[]' }, 'ck_alert_rules_json'],
  ['alert_rules', { ...RULE, channels: 'null' }, 'ck_alert_rules_json'],
  ['alert_rules', { ...RULE, conditions: '[]' }, 'ck_alert_rules_conditions'],
  ['alerts', { ...ALERT, severity: 'none' }, 'ck_alerts_severity'],
  ['alerts', { ...ALERT, status: 'new' }, 'ck_alerts_status'],
  ['alerts', { ...ALERT, dedup_key: '' }, 'ck_alerts_dedup_key'],
  ['alerts', { ...ALERT, status: 'delivered' }, 'ck_alerts_delivered'],
  ['alerts', { ...ALERT, cooldown_seconds: -1 }, 'ck_alerts_cooldown'],
  ['alerts', { ...ALERT, channels: '{}' }, 'ck_alerts_json'],
  ['alerts', { ...ALERT, alert_metadata: '[]' }, 'ck_alerts_json'],
  ['alerts', { ...ALERT, event_id: 0 }, 'fk_alerts_event_id'],
  ['alerts', { ...ALERT, rule_id: uuidV7() }, 'fk_alerts_rule_id'],
  ['notification_preferences', { id: 2 }, 'ck_notification_preferences_singleton'],
  ['notification_preferences', { sound: 'loud' }, 'ck_notification_preferences_sound'],
  ['notification_preferences', { risk_filters: ['high', 'none'] }, 'ck_notification_preferences_risk_filters'],
  ['camera_notification_settings', { ...CAMERA_SETTING, risk_threshold: -1 }, 'ck_camera_notification_settings_risk_threshold'],
  ['camera_notification_settings', { ...CAMERA_SETTING, risk_threshold: 101 }, 'ck_camera_notification_settings_risk_threshold'],
  ['camera_notification_settings', { camera_id: 'none' }, 'fk_camera_notification_settings_camera_id'],
  ['quiet_hours_periods', { ...QUIET, end_time: '08:00' }, 'ck_quiet_hours_periods_time_range'],
  ['quiet_hours_periods', { ...QUIET, end_time: '07:00' }, 'ck_quiet_hours_periods_time_range'],
  ['quiet_hours_periods', { ...QUIET, days: [] }, 'ck_quiet_hours_periods_days'],
  ['quiet_hours_periods', { ...QUIET, days: ['monday', 'Friday'] }, 'ck_quiet_hours_periods_days'],
])('%s refuses %j', async (table, row, constraint) => {
  await expect(knex(table).insert(await complete(table, row))).rejects.toMatchObject({ constraint });
});

async function complete(table: string, row: object): Promise<object> {
  return table === 'alerts' ? { event_id: await eventAt(0), ...row } : row;
}
