import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listAlerts, moveAlert } from '../../../src/db/models/alerts.ts';
import { updateNotificationPreferences } from '../../../src/db/models/notification-preferences.ts';
import { saveCameraNotificationSetting } from '../../../src/db/models/camera-notification-settings.ts';
import { deliverAlerts, type Delivered, type DeliverOptions } from '../../../src/services/notifications/deliver-alerts.ts';
import type { ChannelSettings } from '../../../src/services/notifications/load-channels.ts';
import { addQuietHours } from '../../../src/services/notifications/quiet-hours.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera } from '../answers/seed.ts';
import { evaluate, eventAt, makeRule, START } from './seed-alerts.ts';

let own: TestDatabase;
let knex: Knex;
const folder = mkdtempSync(join(tmpdir(), 'hs-deliver-'));
const out = join(folder, 'alerts.ndjson');
const FILE: ChannelSettings = { type: 'file', enabled: true, path: out };

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
  await seedCamera(knex, 'front_door');
});
afterAll(async () => {
  await own.drop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const table of ['alert_rules', 'events', 'quiet_hours_periods', 'camera_notification_settings', 'scene_changes'])
    await knex(table).delete();
  await updateNotificationPreferences(knex, { enabled: true, risk_filters: ['critical', 'high', 'medium'] });
});
afterEach(() => {
  rmSync(out, { force: true });
});

/** Seconds after `START` that lie a minute ago. */
const recent = (): number => (Date.now() - 60_000 - START) / 1000;

async function raise(seconds: number, more: object = {}): Promise<string> {
  const eventId = await eventAt(knex, seconds, more);
  await evaluate(knex, [eventId]);
  return (await listAlerts(knex, { filters: { eventIds: [eventId] } }))[0]!.id;
}

type More = Partial<DeliverOptions> & { channels?: Record<string, ChannelSettings>; maxAge?: string; sceneChanges?: boolean };

function deliver({ channels = { log: FILE }, maxAge = '24h', sceneChanges = false, ...more }: More = {}): Promise<Delivered> {
  const settings = { cameras: {}, notifications: { maxAge, sceneChanges, channels } };
  return deliverAlerts(own.database, { settings, retryDelaysMs: [1, 1, 1], ...more });
}

const told = (): string[] =>
  existsSync(out)
    ? readFileSync(out, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id)
    : [];
const NONE = { delivered: 0, held: 0, failed: 0, scene_changes: 0, busy: false };

describe('delivering (§10.5)', () => {
  test('nothing of nothing', async () => {
    expect(await deliver()).toEqual(NONE);
    expect(await deliver({ channels: {} })).toEqual(NONE);
  });

  test('an alert is told once, and how that went is kept', async () => {
    await makeRule(knex);
    const id = await raise(recent());
    expect(await deliver()).toEqual({ ...NONE, delivered: 1 });
    expect(await deliver()).toEqual(NONE);
    expect(told()).toEqual([id]);
    expect(await listAlerts(knex)).toMatchObject([
      {
        status: 'delivered',
        delivered_at: expect.any(Date),
        alert_metadata: { rule_name: 'Night', attempts: [{ channel: 'log', ok: true }] },
      },
    ]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      type: 'alert',
      title: '[medium] Night: event at front_door',
      event: { camera_id: 'front_door', risk_score: 70, risk_level: 'high', timezone: 'UTC' },
    });
  });

  test('old footage wakes nobody; the alert is there and says why', async () => {
    await makeRule(knex);
    await raise(0);
    expect(await deliver()).toEqual({ ...NONE, held: 1 });
    expect(await deliver()).toEqual(NONE);
    expect(told()).toEqual([]);
    expect(await listAlerts(knex)).toMatchObject([{ status: 'pending', alert_metadata: { suppressed_by: ['backfill'] } }]);
    const id = (await listAlerts(knex))[0]!.id;
    expect(await deliver({ ids: [id] })).toMatchObject({ held: 1 });
    expect(await deliver({ ids: [id], force: true })).toMatchObject({ delivered: 1 });
  });

  test('preferences, cameras, quiet hours and snoozes hold it back, and what passes is told of then', async () => {
    await makeRule(knex, { cooldown_seconds: 0 });
    const at = recent();
    const ids = [
      await raise(at, { risk_score: 10, risk_level: 'low' }),
      await raise(at + 1, { snooze_until: new Date(Date.now() + 60_000) }),
    ];
    await saveCameraNotificationSetting(knex, { camera_id: 'front_door', risk_threshold: 60 });
    await addQuietHours(knex, { period: { from: '00:00', to: '24:00' }, actor: 'x', dryRun: false });
    await updateNotificationPreferences(knex, { enabled: false });
    expect(await deliver()).toEqual({ ...NONE, held: 2 });
    const reasons = (await listAlerts(knex)).map(({ alert_metadata }) => alert_metadata?.['suppressed_by']);
    expect(reasons).toEqual([
      ['master', 'quiet', 'snooze'],
      ['master', 'level', 'camera', 'quiet'],
    ]);
    await updateNotificationPreferences(knex, { enabled: true });
    await knex('quiet_hours_periods').delete();
    await knex('events').update({ snooze_until: null });
    expect(await deliver()).toEqual({ ...NONE, delivered: 1, held: 1 });
    expect(told()).toEqual([ids[1]]);
    expect((await listAlerts(knex))[0]?.alert_metadata).not.toHaveProperty('suppressed_by');
  });

  test('without a channel it waits; a rule may name its channels', async () => {
    await makeRule(knex, { channels: ['phone'] });
    const id = await raise(recent());
    expect(await deliver()).toEqual({ ...NONE, held: 1 });
    expect((await listAlerts(knex))[0]?.alert_metadata).toMatchObject({ suppressed_by: ['no_channel'] });
    expect(
      await deliver({ channels: { log: { ...FILE, path: '/nonexistent/x' }, phone: FILE, off: { ...FILE, enabled: false } } }),
    ).toMatchObject({ delivered: 1 });
    expect(told()).toEqual([id]);
  });

  test('one channel is enough; one that failed twice in a row is left alone, and the next run tries again', async () => {
    await makeRule(knex, { cooldown_seconds: 0 });
    const at = recent();
    for (const step of [0, 1, 2, 3]) await raise(at + step);
    const broken = { ...FILE, path: '/nonexistent/x' };
    expect(await deliver({ channels: { broken } })).toEqual({ ...NONE, failed: 4 });
    expect((await listAlerts(knex)).map(({ alert_metadata: data }) => (data?.['attempts'] as unknown[] | undefined)?.length ?? 0)).toEqual([
      0, 0, 1, 1,
    ]);
    expect(await deliver({ channels: { broken, log: FILE } })).toEqual({ ...NONE, delivered: 4 });
    expect(told()).toHaveLength(4);
    const attempts = (await listAlerts(knex)).at(-1)?.alert_metadata?.['attempts'];
    expect(attempts).toMatchObject([
      { channel: 'broken', ok: false, error: 'file /nonexistent/x cannot be written (ENOENT)' },
      { channel: 'broken', ok: false },
      { channel: 'log', ok: true },
    ]);
  });

  test('an alert the user dealt with is not told of', async () => {
    await makeRule(knex);
    await moveAlert(knex, await raise(recent()), { to: 'acknowledged' });
    expect(await deliver()).toEqual(NONE);
  });

  test('of several processes that deliver at once each alert is told once', async () => {
    await makeRule(knex, { cooldown_seconds: 0 });
    const at = recent();
    for (let step = 0; step < 10; step++) await raise(at + step);
    const results = await Promise.all([deliver(), deliver(), deliver()]);
    expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(10);
    expect(new Set(told()).size).toBe(10);
    expect(told()).toHaveLength(10);
  });

  test('a secret that cannot be read fails only its channel', async () => {
    await makeRule(knex);
    await raise(recent());
    const hook: ChannelSettings = { type: 'webhook', enabled: true, url: 'http://127.0.0.1:1/', secretFile: '/nonexistent/key' };
    expect(await deliver({ channels: { hook, log: FILE } })).toMatchObject({ delivered: 1 });
    expect((await listAlerts(knex))[0]?.alert_metadata).toMatchObject({
      attempts: [{ ok: false, error: '/nonexistent/key cannot be read' }, { ok: true }],
    });
  });
});

test('killed while a channel is used, the next run tells of what is open, and of nothing twice', { timeout: 60_000 }, async () => {
  await makeRule(knex, { cooldown_seconds: 0 });
  const at = recent();
  const ids: string[] = [];
  for (let step = 0; step < 4; step++) ids.push(await raise(at + step));
  let posts = 0;
  const server = createServer((request, response) => {
    request.resume();
    posts += 1;
    if (posts > 2) server.emit('stalled');
    else response.writeHead(200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const hook: ChannelSettings = { type: 'webhook', enabled: true, url, allowPrivate: true };
  const script = `
    import { openDatabase } from '${join(import.meta.dirname, '../../../src/db/database.ts')}';
    import { deliverAlerts } from '${join(import.meta.dirname, '../../../src/services/notifications/deliver-alerts.ts')}';
    const database = await openDatabase({ url: process.argv[1], home: '/nonexistent', migrate: 'none' });
    await deliverAlerts(database, { settings: { cameras: {}, notifications: { maxAge: '24h', sceneChanges: false, channels: { hook: ${JSON.stringify(hook)} } } } });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, own.url], { stdio: 'inherit' });
  await once(server, 'stalled');
  child.kill('SIGKILL');
  await once(child, 'exit');
  server.closeAllConnections();
  server.close();
  expect((await listAlerts(knex)).map(({ status }) => status).sort()).toEqual(['delivered', 'delivered', 'pending', 'pending']);
  expect(await deliver()).toEqual({ ...NONE, delivered: 2 });
  expect(told()).toEqual(ids.slice(2));
});

describe('changes of views (§10.3)', () => {
  const change = (secondsAgo: number, more: object = {}): Promise<unknown> =>
    knex('scene_changes').insert({
      camera_id: 'front_door',
      detected_at: new Date(Date.now() - secondsAgo * 1000),
      change_type: 'view_blocked',
      similarity_score: 0.1,
      ...more,
    });

  test('are told of when that is switched on, once an hour of one kind', async () => {
    await change(7000);
    await change(5000);
    await change(3300);
    await change(3000, { change_type: 'angle_changed' });
    await change(2000, { acknowledged: true, acknowledged_at: new Date(), change_type: 'unknown' });
    await change(1000, { ended_at: new Date(), change_type: 'view_tampered' });
    await change(100_000);
    expect(await deliver()).toEqual(NONE);
    expect(await deliver({ sceneChanges: true })).toEqual({ ...NONE, scene_changes: 3 });
    expect(await deliver({ sceneChanges: true })).toEqual(NONE);
    const keys = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { dedup_key: string }).dedup_key);
    expect(keys).toEqual(['scene:front_door:view_blocked', 'scene:front_door:view_blocked', 'scene:front_door:angle_changed']);
  });

  test('not in quiet hours, nor of a camera that is off', async () => {
    await change(60);
    await saveCameraNotificationSetting(knex, { camera_id: 'front_door', enabled: false });
    expect(await deliver({ sceneChanges: true })).toEqual(NONE);
    await saveCameraNotificationSetting(knex, { camera_id: 'front_door', enabled: true });
    await addQuietHours(knex, { period: { from: '00:00', to: '24:00' }, actor: 'x', dryRun: false });
    expect(await deliver({ sceneChanges: true })).toEqual(NONE);
  });
});
