import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HS_BIN, runHs, type HsResult } from '../helpers/run-hs.ts';

let home: string;
const print = (...args: string[]): Promise<HsResult> =>
  runHs(['schedules', 'print', ...args], { env: { HS_HOME: home, HS_DATABASE_URL: 'postgresql://hs@127.0.0.1:1/hs' } });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hs-schedules-'));
});
afterAll(() => rm(home, { recursive: true }));

test('what cron would run is the command that was given, with flags of its own', async () => {
  const { stdout, code, stderr } = await print('--cron', '@daily', '--', 'models', 'list', '--columns', 'id,task', '--csv');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  expect(line).toMatch(/^0 0 \* \* \* flock -n -E 11 \S+hs-models-list\.lock /);
  const command = line.replace(/^.*?\.lock /, '').replaceAll('\\%', '%');
  const ran = await promisify(execFile)('/bin/sh', ['-c', command], { env: { HS_HOME: home }, cwd: '/' });
  expect(ran.stdout).toMatch(/^id,task\nyolox_nano,detection\n/);
});

test('JSON has the times and the files, whatever --json of the command says', async () => {
  const json = JSON.parse(
    (await print('--cron', '0 6 * * 1-5', '--tz', 'Asia/Tokyo', '--format', 'systemd', '--json', '--', 'hs', 'stats', '--json')).stdout,
  ) as {
    next: string[];
    files: { path: string; text: string }[];
  };
  expect(json).toMatchObject({ schema_version: 1, cron: '0 6 * * 1-5', zone: 'Asia/Tokyo', warnings: [] });
  expect(json.next).toHaveLength(5);
  for (const at of json.next) expect(at).toMatch(/T21:00:00\.000Z$/);
  expect(json.files[0]?.text).toContain(`ExecStart=${process.execPath} ${HS_BIN} stats --json\n`);
  expect(json.files[1]?.text).toContain('OnCalendar=Mon..Fri *-*-* 06:00:00 Asia/Tokyo\n');
  expect((await print('--cron', '0 6 * * *', '--', 'stats', '--json')).stdout).toMatch(/^# hs stats --json\n/);
});

test('words of the command stay in order, also where they occur twice or are flags of this one', async () => {
  const words = ['events', 'list', '--camera', 'a', '--camera', 'b', '--', '--cron', 'a'];
  const { stdout } = await print('--cron', '0 6 * * *', '--name', 'a', '--', ...words);
  expect(stdout.split('\n')[0]).toBe(`# hs ${words.join(' ')}`);
});

test.each([
  [['--cron', '0 6 * * *', 'stats'], 'no command to run'],
  [['--cron', '0 6 * *', '--', 'stats'], 'has not five fields'],
  [['--cron', '0 6 * * *'], 'no command to run'],
  [['--cron', '0 6 * * *', '--', 'ingst', '/f'], '"ingst" is not a command of hs'],
  [['--cron', '0 6 * * *', '--tz', 'Berlin', '--', 'stats'], '"Berlin" is not a time zone'],
  [['--', 'stats'], 'Missing required flag cron'],
])('%j is an error of the user', async (args, reason) => {
  expect(await print(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(reason) });
});
