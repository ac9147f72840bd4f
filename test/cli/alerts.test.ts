import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateAlerts } from '../../src/services/alerts/evaluate-alerts.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

const folder = mkdtempSync(join(tmpdir(), 'hs-alerts-'));
const config = join(folder, 'hs.yaml');
const told = join(folder, 'told.ndjson');
const AT = ['2026-01-16T21:59:00Z', '2026-01-16T22:00:00Z', '2026-01-16T22:03:00Z', '2026-01-17T05:59:00Z', '2026-01-17T06:00:00Z'];

let db: TestDatabase;
const hs = (...args: string[]): Promise<HsResult> => hsWith('', ...args);
const hsWith = (input: string, ...args: string[]): Promise<HsResult> =>
  runHs([...args, '--config', config], { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: '/tmp', input });
const json = async (...args: string[]): Promise<Record<string, unknown>[]> => {
  const { stdout } = await hs(...args, '--json');
  const parsed = JSON.parse(stdout) as { items?: Record<string, unknown>[]; item?: Record<string, unknown> };
  return parsed.items ?? [parsed.item ?? {}];
};
const audited = (...actions: string[]): Promise<{ action: string; actor: string; resource_type: string }[]> =>
  db.knex('audit_logs').whereIn('action', actions).orderBy('id').select('action', 'actor', 'resource_type', 'status');

beforeAll(async () => {
  db = await createTestDatabase();
  writeFileSync(
    config,
    `notifications:\n  channels:\n    log: {type: file, path: ${told}}\n    hook: {type: webhook, url: 'http://127.0.0.1:1/s3cret', secret: hunter2}\n`,
  );
  await seedRun(db.knex);
  await seedCamera(db.knex, 'front_door', { timezone: 'UTC' });
  await db.knex('zones').insert({ id: 'z1', camera_id: 'front_door', name: 'Porch', coordinates: '[[0,0],[1,0],[1,1],[0,1]]' });
  for (const [index, at] of AT.entries()) {
    const fileId = await seedFile(db.knex, { camera: 'front_door', at });
    const one = await seedDetection(db.knex, { fileId, camera: 'front_door', at, more: { confidence: 0.5 + index / 10 } });
    await seedEvent(db.knex, {
      camera: 'front_door',
      members: [one],
      more: { risk_score: 60 + index, risk_level: 'high', risk_source: 'rules' },
    });
  }
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('hs rules', () => {
  test('without any the list says so', async () => {
    expect(await hs('rules', 'list')).toMatchObject({ code: 0, stdout: 'no rules\n' });
  });

  test.each([
    [['--zones', 'Porhc'], 'there is no zone "Porhc"', 'did you mean Porch?'],
    [['--cameras', 'front_dor'], 'no camera matches "front_dor"', 'did you mean front_door?'],
    [['--types', 'persn'], 'there is no class "persn"', 'did you mean person?'],
    [['--channels', 'lgo'], 'there is no channel "lgo"', 'did you mean log?'],
    [['--trust', 'trustd'], 'trust "trustd" is not one of', 'did you mean trusted?'],
    [['--dedup-key', '{camra_id}'], 'a dedup key has no variable {camra_id}', 'did you mean {camera_id}?'],
    [['--schedule', '22:00-22:00'], 'starts when it ends', 'such as'],
    [['--schedule', '22:00-06:00 Mars/Base'], 'has the time zone "Mars/Base"', 'such as'],
    [['--threshold', '101'], 'threshold 101 is not a whole number from 0 to 100', ''],
  ])('add refuses %j', async (flags, message, hint) => {
    const { code, stderr } = await hs('rules', 'add', 'Night', ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('add, with everything it can ask for, is recorded, and a dry run keeps nothing', async () => {
    const flags = [
      '--types',
      'Person',
      '--zones',
      'Porch',
      '--min-confidence',
      '0.6',
      '--schedule',
      'friday 22:00-6:00',
      '--severity',
      'high',
    ];
    expect((await hs('rules', 'add', 'Night', ...flags, '--dry-run')).code).toBe(0);
    expect(await hs('rules', 'list', '--ids')).toMatchObject({ stdout: '' });
    const [rule] = await json('rules', 'add', 'Night', ...flags, '--threshold', '60', '--cameras', 'front_door', '--channels', 'log');
    expect(rule).toMatchObject({
      name: 'Night',
      enabled: true,
      object_types: ['person'],
      zone_ids: ['z1'],
      camera_ids: ['front_door'],
      schedule: 'friday 22:00-06:00',
      channels: ['log'],
      conditions: 'risk ≥ 60, person, confidence ≥ 0.6, camera front_door, zone z1, friday 22:00-06:00',
    });
    expect(await hs('rules', 'add', 'Night')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is a rule "Night" already'),
    });
    expect(await audited('rule_created')).toEqual([
      { action: 'rule_created', actor: 'tester', resource_type: 'alert_rule', status: 'success' },
    ]);
  });

  test('test says what it would do and which condition fails, and writes nothing (§10.4)', async () => {
    const rows = await json('rules', 'test', 'Night', '--since', '2026-01-01');
    expect(rows.map(({ result, failed_condition: failed }) => [result, failed])).toEqual([
      ['miss', 'schedule'],
      ['alert', null],
      ['suppressed', null],
      ['alert', null],
      ['miss', 'schedule'],
    ]);
    const only = await hs('rules', 'test', 'Night', '--matches', '--csv', '--columns', 'result,object_type');
    expect(only.stdout).toBe('result,object_type\nalert,person\nsuppressed,person\nalert,person\n');
    expect(await db.knex('alerts')).toEqual([]);
    expect(await hs('rules', 'test', 'Nigt')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean Night?') });
  });

  test('set changes what is named, an empty text unsets, delete needs --yes', async () => {
    expect(await json('rules', 'set', 'Night', '--min-dwell', '0', '--cooldown', '60', '--channels', '')).toMatchObject([
      { column: 'cooldown_seconds', from: 300, to: 60 },
      { column: 'channels', from: ['log'], to: [] },
      { column: 'conditions', from: null, to: { min_dwell_seconds: 0 } },
    ]);
    expect(await json('rules', 'set', 'Night', '--min-dwell', '', '--cooldown', '300')).toHaveLength(2);
    expect(await hs('rules', 'set', 'Night', '--cooldown', '300')).toMatchObject({ code: 0, stdout: 'nothing to change\n' });
    await hs('rules', 'add', 'Other');
    expect((await hs('rules', 'delete', 'Other')).code).toBe(2);
    expect(await hs('rules', 'delete', 'Other', '--yes')).toMatchObject({ code: 0, stdout: 'rule Other deleted\n' });
    expect((await audited('rule_updated', 'rule_deleted')).map(({ action }) => action)).toEqual([
      'rule_updated',
      'rule_updated',
      'rule_deleted',
    ]);
  });

  test.each(['rules.yaml', 'rules.json'])('export to %s and import give the same rules, all of them or none', async (name) => {
    const file = join(folder, name);
    expect((await hs('rules', 'export', '--out', file)).code).toBe(0);
    expect(await json('rules', 'import', file)).toMatchObject([{ name: 'Night', result: 'unchanged' }]);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"Night"', '"Copy"').replace('name: Night', 'name: Copy'));
    expect(await json('rules', 'import', file)).toMatchObject([{ name: 'Copy', result: 'added' }]);
    await hs('rules', 'delete', 'Copy', '--yes');
    const two = 'schema: hs-rules\nschema_version: 1\nrules:\n  - {name: New}\n  - {name: Bad, zone_ids: [Gate]}\n';
    expect(await hsWith(two, 'rules', 'import', '-')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rule 2 ("Bad") of the file: there is no zone "Gate"'),
    });
    expect(await json('rules', 'list')).toHaveLength(1);
  });
});

describe('hs alerts', () => {
  beforeAll(async () => {
    await evaluateAlerts(db.knex, { eventIds: await db.knex('events').pluck<number[]>('id'), zones: { cameras: {} } });
  });

  test('lists what was raised, with filters; a wrong rule is an error', async () => {
    const rows = await json('alerts', 'list');
    expect(rows.map(({ occurred_at: at, status, rule_name: rule, zones }) => [at, status, rule, zones])).toEqual([
      ['2026-01-17T05:59:00.000Z', 'pending', 'Night', ['Porch']],
      ['2026-01-16T22:00:00.000Z', 'pending', 'Night', ['Porch']],
    ]);
    expect(
      await json('alerts', 'list', '--rule', 'Night', '--severity', 'high', '--status', 'pending', '--since', '2026-01-17'),
    ).toHaveLength(1);
    expect(await json('alerts', 'list', '--severity', 'low')).toEqual([]);
    expect((await hs('alerts', 'list', '--rule', 'None')).code).toBe(2);
    expect((await hs('alerts', 'list', '--csv')).stdout.split('\n')[0]).toBe(
      'id,occurred_at,severity,status,event_id,rule_name,camera_id,risk_score,summary',
    );
    expect((await json('rules', 'show', 'Night'))[0]).toMatchObject({ alerts_30d: 2 });
  });

  test('deliver holds back old footage, --force sends what is named', async () => {
    expect(await json('alerts', 'deliver')).toMatchObject([{ delivered: 0, held: 2 }]);
    const [newest] = (await hs('alerts', 'list', '--ids')).stdout.split('\n');
    expect((await hs('alerts', 'deliver', '--force')).code).toBe(2);
    expect(await hsWith(`${newest}\n`, 'alerts', 'deliver', '-', '--force', '--json')).toMatchObject({ code: 0 });
    expect(readFileSync(told, 'utf8')).toContain(newest);
    const [shown] = await json('alerts', 'show', newest!);
    expect(shown).toMatchObject({
      status: 'delivered',
      attempts: [
        { channel: 'log', ok: true },
        { channel: 'hook', ok: false },
      ],
    });
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|hunter2/);
  });

  test('ack and dismiss take ids from standard input, once, and are recorded', async () => {
    const [newest = '', oldest = ''] = (await hs('alerts', 'list', '--ids')).stdout.split('\n');
    expect((await hs('alerts', 'ack', newest, '--dry-run', '--json')).stdout).toContain('"changed":true');
    expect((await hsWith(`${newest}\n`, 'alerts', 'ack', '-', '--json')).stdout).toContain('"to":"acknowledged","changed":true');
    expect((await hs('alerts', 'dismiss', newest, oldest, '--json')).stdout).toContain(
      '"from":"acknowledged","to":"acknowledged","changed":false',
    );
    expect((await json('alerts', 'list')).map(({ status }) => status)).toEqual(['acknowledged', 'dismissed']);
    expect(await hs('alerts', 'ack', 'nonsense')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no alert "nonsense"'),
    });
    expect((await audited('event_reviewed', 'event_dismissed')).map(({ action }) => action)).toEqual(['event_reviewed', 'event_dismissed']);
  });
});

describe('hs notifications', () => {
  test('quiet hours over midnight are one: shown, changed and deleted (§10.5)', async () => {
    const [added] = await json(
      'notifications',
      'quiet',
      'add',
      '--from',
      '22:00',
      '--to',
      '06:00',
      '--days',
      'friday,saturday',
      '--label',
      'Weekend',
    );
    expect(added).toMatchObject({ label: 'Weekend', from: '22:00', to: '06:00', days: ['friday', 'saturday'] });
    expect(await db.knex('quiet_hours_periods')).toHaveLength(2);
    expect(await json('notifications', 'quiet', 'set', 'Weekend', '--to', '07:00')).toMatchObject([{ from: '22:00', to: '07:00' }]);
    expect(await json('notifications', 'quiet', 'list')).toMatchObject([{ label: 'Weekend', to: '07:00' }]);
    expect((await hs('notifications', 'quiet', 'add', '--from', '22:00', '--to', '22:00')).code).toBe(2);
    expect(await hs('notifications', 'quiet', 'delete', 'Weekend', '--yes')).toMatchObject({
      code: 0,
      stdout: 'quiet hours Weekend deleted\n',
    });
    expect(await db.knex('quiet_hours_periods')).toEqual([]);
  });

  test('preferences and cameras are changed and recorded, and shown without addresses and secrets', async () => {
    expect(await json('notifications', 'set', '--levels', 'high,critical')).toMatchObject([
      { column: 'risk_filters', to: ['critical', 'high'] },
    ]);
    expect(await json('notifications', 'camera', 'front_*', '--threshold', '70')).toMatchObject([
      { camera_id: 'front_door', column: 'risk_threshold', from: 0, to: 70 },
    ]);
    expect((await hs('notifications', 'camera', 'nobody', '--disable')).code).toBe(2);
    const { stdout } = await hs('notifications', 'show', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      item: {
        enabled: true,
        levels: ['critical', 'high'],
        cameras: [{ camera_id: 'front_door', risk_threshold: 70 }],
        channels: [{ name: 'log', type: 'file' }, { name: 'hook' }],
      },
    });
    expect(`${stdout}${(await hs('config', 'show', '--json')).stdout}`).not.toMatch(/s3cret|hunter2/);
    expect((await audited('settings_changed')).map(({ resource_type: type }) => type)).toEqual([
      'quiet_hours',
      'quiet_hours',
      'quiet_hours',
      'notification_preferences',
      'camera_notification_settings',
    ]);
  });

  test('test sends over the channels, ends with 5 when one fails, and every try is recorded', async () => {
    expect(await hs('notifications', 'test', 'log', '--json')).toMatchObject({ code: 0 });
    const all = await hs('notifications', 'test', '--json');
    expect(all.code).toBe(5);
    expect(all.stdout).toContain('leads to the private address 127.0.0.1');
    expect((await hs('notifications', 'test', 'hok')).stderr).toContain('did you mean hook?');
    expect(await audited('notification_test')).toMatchObject([{ status: 'success' }, { status: 'success' }, { status: 'failure' }]);
  });

  test('a channel is set as a whole and checked', async () => {
    expect((await hs('config', 'set', 'notifications.channels.phone', '{type: ntfy}')).stderr).toContain('topic');
    expect((await hs('config', 'set', 'notifications.channels.phone', '{type: ntfy, topic: home, path: /x}')).stderr).toContain('path');
    expect((await hs('config', 'set', 'notifications.channels.phone', '{type: ntfy, topic: home}')).code).toBe(0);
    expect((await hs('notifications', 'show')).stdout).toContain('phone');
  });
});
