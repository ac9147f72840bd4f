import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SchemaError, TemporaryError } from '../../../../src/errors/hs-error.ts';
import { checkDisk } from '../../../../src/services/doctor/check-disk.ts';
import { checkFfmpeg } from '../../../../src/services/doctor/check-ffmpeg.ts';
import { checkZones } from '../../../../src/services/doctor/check-zones.ts';
import { failed, ok, warn, type DoctorLine } from '../../../../src/services/doctor/doctor-line.ts';
import { formatBytes } from '../../../../src/lib/format-bytes.ts';
import { doctorExitCode, runDoctor, type RunDoctorOptions } from '../../../../src/services/doctor/run-doctor.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hs-doctor-'));
});
afterEach(() => rm(home, { recursive: true }));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_949_999, '9.9 MB'],
  [83_000_000_000, '83 GB'],
  [5e15, '5000 TB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [199_999_999, 'fail'],
  [200_000_000, 'warn'],
  [1_999_999_999, 'warn'],
  [2_000_000_000, 'ok'],
])('%d free bytes are %s', async (free, status) => {
  expect((await checkDisk(home, () => Promise.resolve(free))).status).toBe(status);
});

test('the space of a folder that is not made yet is that of the disk it will be on', async () => {
  const there = await checkDisk(home);
  const later = await checkDisk(join(home, 'a', 'b'));
  expect(later.status).toBe(there.status);
});

const camera = (id: string, timezone: string | null): Parameters<typeof checkZones>[0][number] => ({
  id,
  name: id,
  timezone,
  property_timezone: null,
});

test.each<[string, Parameters<typeof checkZones>, DoctorLine['status'], RegExp]>([
  ['no cameras, nothing set', [[], { cameras: {} }], 'warn', /none is set/],
  ['a zone for all', [[camera('gate', null)], { cameras: {}, timezone: 'Europe/Berlin' }], 'ok', /Europe\/Berlin/],
  ['each camera its own', [[camera('gate', 'Asia/Tokyo')], { cameras: {} }], 'ok', /all 1/],
  ['one of two without', [[camera('gate', 'Asia/Tokyo'), camera('yard', null)], { cameras: {} }], 'warn', /yard/],
  ['one set in the configuration', [[camera('gate', null)], { cameras: { gate: { timezone: 'Asia/Tokyo' } } }], 'ok', /all 1/],
])('time zones, %s', (_, args, status, message) => {
  expect(checkZones(...args)).toMatchObject({ status, message: expect.stringMatching(message) });
});

test('an ffmpeg that is set but does not work is a failure with code 6, not passed over', async () => {
  expect(await checkFfmpeg({ ffmpeg: '/nonexistent/ffmpeg' })).toMatchObject({ check: 'ffmpeg', status: 'fail', exitCode: 6 });
});

test('warnings end with 0, of several failures the most telling counts', () => {
  const temporary = failed('database', new TemporaryError('x', 'away'));
  expect(doctorExitCode([])).toBe(0);
  expect(doctorExitCode([ok('disk', 'fine'), warn('ffmpeg', 'old', 'newer')])).toBe(0);
  expect(doctorExitCode([temporary, ok('disk', 'fine')])).toBe(5);
  expect(doctorExitCode([temporary, failed('database', new SchemaError('y', 'behind'))])).toBe(10);
});

const NOTHING_ON = { imageQuality: false, threats: true, faces: false, plates: false };

async function linesOf(more: Partial<RunDoctorOptions>): Promise<DoctorLine[]> {
  const lines: DoctorLine[] = [];
  const options: RunDoctorOptions = {
    home,
    device: 'auto',
    ffmpeg: {},
    zones: { cameras: {} },
    llm: { concurrency: 2, vision: 'auto', context: 8192, deadlineS: 600 },
    signal: new AbortController().signal,
    withDatabase: () => Promise.reject(new TemporaryError('database_unreachable', 'the database does not answer')),
    required: [],
    enrichments: { enrich: NOTHING_ON, detector: { cocoThreats: false } },
    ...more,
  };
  for await (const line of runDoctor(options)) lines.push(line);
  return lines;
}

test('a database that does not answer is told, and everything else is looked at all the same', async () => {
  const lines = await linesOf({});
  expect(lines[0]).toMatchObject({ check: 'database', status: 'fail', exitCode: 5, message: 'the database does not answer' });
  expect(new Set(lines.map(({ check }) => check))).toEqual(
    new Set(['database', 'disk', 'ffmpeg', 'model', 'device', 'gpu', 'timezone', 'llm', 'threats']),
  );
});

test('says that threats are not looked for', async () => {
  expect((await linesOf({})).at(-1)).toMatchObject({ check: 'threats', status: 'warn' });
});

test('a model that is required but not there fails with 6, one that is not is a warning', async () => {
  const find = (lines: DoctorLine[]): DoctorLine | undefined => lines.find(({ check }) => check === 'model');
  expect(find(await linesOf({}))).toMatchObject({ status: 'warn', hint: expect.stringContaining('hs models install') });
  expect(find(await linesOf({ required: ['model'] }))).toMatchObject({ status: 'fail', exitCode: 6 });
});

test('a language model that is set up but does not answer is a failure, one that is not set up a warning', async () => {
  const find = (lines: DoctorLine[]): DoctorLine | undefined => lines.find(({ check }) => check === 'llm');
  const none = { concurrency: 2, vision: 'auto' as const, context: 8192, deadlineS: 600 };
  expect(find(await linesOf({}))).toMatchObject({ status: 'warn', message: expect.stringContaining('judged by rules') });
  expect(find(await linesOf({ required: ['llm'] }))).toMatchObject({ status: 'fail', exitCode: 6 });
  expect(find(await linesOf({ llm: { ...none, baseUrl: 'http://127.0.0.1:1' } }))).toMatchObject({ status: 'fail', exitCode: 2 });
  const keyed = { ...none, baseUrl: 'http://127.0.0.1:1', model: 'm', apiKeyFile: join(home, 'none') };
  expect(find(await linesOf({ llm: keyed }))).toMatchObject({ status: 'fail', message: expect.stringContaining('cannot be read') });
});
