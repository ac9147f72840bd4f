import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../src/exporters/report/report-data.ts';
import { gatherReport } from '../../../src/services/report/gather-report.ts';
import { resolveReportSpan, type ReportChoice } from '../../../src/services/report/report-span.ts';
import { writeReport, type WriteReportOptions } from '../../../src/services/report/write-report.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';

const ZONES = { cameras: {} };
const HOSTILE = '<b>"Gate" & co</b>';

let db: TestDatabase;
let folder: string;
let critical: number;

/** A wednesday at two cameras in Berlin and one in New York; a picture that is there, one that is gone. */
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-report-'));
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin', name: HOSTILE, recording: 'continuous' });
  await seedCamera(db.knex, 'yard', { timezone: 'Europe/Berlin' });
  await seedCamera(db.knex, 'cabin', { timezone: 'America/New_York' });
  const picture = join(folder, 'still.jpg');
  await sharp({ create: { width: 800, height: 600, channels: 3, background: '#246' } })
    .jpeg()
    .toFile(picture);
  const still = { path: picture, media_type: 'image', duration_ms: null, width: 800, height: 600 };
  const first = await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T07:00:00Z', more: still });
  const second = await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T09:00:00Z' });
  const seen = await seedDetection(db.knex, { fileId: first, camera: 'gate', at: '2026-01-14T07:00:00Z' });
  const gone = await seedDetection(db.knex, { fileId: second, camera: 'gate', at: '2026-01-14T09:00:00Z' });
  const scored = { risk_score: 90, risk_level: 'critical', risk_source: 'rules', summary: 'A knife.' };
  critical = await seedEvent(db.knex, { camera: 'gate', members: [seen], more: scored });
  await seedEvent(db.knex, { camera: 'gate', members: [gone] });
  await seedFile(db.knex, {
    camera: 'gate',
    at: '2026-01-14T10:00:00Z',
    more: { status: 'failed', failure_code: 'no_frames', processed_at: null },
  });
  await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T22:59:50Z' });
  const undated = { status: 'failed', failure_code: 'too_small', captured_at: null, captured_at_source: null, ended_at: null };
  await seedFile(db.knex, { camera: 'yard', at: '2026-01-01T00:00:00Z', more: { ...undated, processed_at: null } });
  // 22:00 of the thirteenth there is four in the morning of the fourteenth in Berlin.
  await seedFile(db.knex, { camera: 'cabin', at: '2026-01-14T03:00:00Z' });
  await seedEvent(db.knex, { camera: 'cabin', members: [], at: '2026-01-14T03:00:00Z' });
  await db.knex('alerts').insert({ event_id: critical, dedup_key: 'k', occurred_at: '2026-01-14T07:00:00Z', severity: 'critical' });
  const change = { camera_id: 'gate', similarity_score: 0.1, change_type: 'view_blocked' };
  await db.knex('scene_changes').insert([
    { ...change, detected_at: '2026-01-10T08:00:00Z' },
    { ...change, detected_at: '2026-01-11T08:00:00Z', ended_at: '2026-01-11T09:00:00Z' },
    { ...change, detected_at: '2026-01-14T08:00:00Z', acknowledged: true },
    { ...change, detected_at: '2026-01-15T08:00:00Z' },
  ]);
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

async function report(choice: ReportChoice): Promise<Report> {
  return gatherReport(db.knex, await resolveReportSpan(db.knex, choice, ZONES), ZONES);
}

const local = ({ since_local: since, until_local: until }: Report): string[] => [since, until];

describe('the span', () => {
  const daily = (date?: string, cameras: string[] = ['gate', 'yard']): ReportChoice => ({ kind: 'daily', date, cameras });

  test('is by default the day of the newest footage: what ends at midnight is of the day before', async () => {
    expect(local(await report(daily()))).toEqual(['2026-01-14T00:00:00.000+01:00', '2026-01-15T00:00:00.000+01:00']);
  });

  test.each([
    ['2026-03-29', '2026-03-29T00:00:00.000+01:00', '2026-03-30T00:00:00.000+02:00'],
    ['2026-10-25', '2026-10-25T00:00:00.000+02:00', '2026-10-26T00:00:00.000+01:00'],
  ])('of %s, when clocks change, is a day on the wall', async (date, since, until) => {
    expect(local(await report(daily(date)))).toEqual([since, until]);
  });

  test('of a week begins on monday, whichever of its days is named', async () => {
    for (const date of ['2026-01-12', '2026-01-14', '2026-01-18']) {
      const { dates } = await resolveReportSpan(db.knex, { kind: 'weekly', date, cameras: ['gate'] }, ZONES);
      expect([dates[0], dates.at(-1), dates.length]).toEqual(['2026-01-12', '2026-01-18', 7]);
    }
  });

  test('of a camera is the seven days up to its newest footage, or as asked', async () => {
    const { dates } = await resolveReportSpan(db.knex, { kind: 'camera', camera: 'gate' }, ZONES);
    expect([dates[0], dates.at(-1)]).toEqual(['2026-01-08', '2026-01-14']);
    const asked = await resolveReportSpan(db.knex, { kind: 'camera', camera: 'gate', since: '2026-01-01', until: '2026-01-02' }, ZONES);
    expect(asked.dates).toEqual(['2026-01-01', '2026-01-02']);
    const overChange = await resolveReportSpan(db.knex, { kind: 'camera', camera: 'gate', until: '2026-10-27' }, ZONES);
    expect([overChange.dates[0], overChange.dates.length]).toEqual(['2026-10-21', 7]);
  });

  test.each<[string, ReportChoice]>([
    ['no day', daily('soon')],
    ['no camera', daily(undefined, ['gaet'])],
    ['several cameras', { kind: 'camera', camera: '*a*' }],
    ['an end before the beginning', { kind: 'camera', camera: 'gate', since: '2026-01-20' }],
    ['a camera without footage', { kind: 'daily', cameras: ['yard'] }],
  ])('that is %s is refused', async (_, choice) => {
    await expect(report(choice)).rejects.toMatchObject({ exitCode: 2 });
  });
});

test('a day tells counts that agree, what is open from before, and files without a time', async () => {
  const day = await report({ kind: 'daily', date: '2026-01-14', cameras: ['gate', 'yard'] });
  expect(day.counts).toMatchObject({
    events: 2,
    events_by_level: { critical: 1, high: 0, medium: 0, low: 0, unscored: 1 },
    alerts: 1,
    holes: 2,
    scene_changes: 2,
    open_scene_changes: 1,
    files: 4,
    failed_files: 1,
    partial_files: 0,
    undated_files: 1,
  });
  expect(day.events.items.map(({ id }) => id)).toContain(critical);
  expect(day.holes.items.map(({ cause, from_local: from }) => [cause, from])).toEqual([
    ['none_recorded', '2026-01-14T08:00:01.000+01:00'],
    ['failed_files', '2026-01-14T10:00:10.000+01:00'],
  ]);
  const [gate, yard] = day.cameras;
  expect([gate?.missing_s, gate?.days, yard?.days]).toEqual([
    day.counts.missing_s,
    [{ share: expect.any(Number), has_hole: true }],
    [null],
  ]);
  expect(day.activity.rows).toEqual([HOSTILE, 'yard']);
  expect(day.activity.events[0]?.[8]).toBe(1);
  expect(day.activity.events[1]?.every((value) => value === null)).toBe(true);
});

test('each camera keeps its own clock; where they differ, days are of the configured one', async () => {
  const week = await report({ kind: 'weekly', date: '2026-01-14' });
  expect([week.timezone, week.counts.events]).toEqual(['UTC', 3]);
  const cabin = week.events.items.find(({ camera_id: id }) => id === 'cabin');
  expect(cabin?.started_at_local).toBe('2026-01-13T22:00:00.000-05:00');
  expect(week.activity.events[1]?.[22]).toBe(1);
});

test('a time without footage is told to be empty', async () => {
  const day = await report({ kind: 'daily', date: '2025-06-01', cameras: ['yard'] });
  expect(day.counts).toMatchObject({ events: 0, files: 0, footage_s: 0, holes: 0 });
});

test('hours unlike those of the 30 days before are told: busy ones, and quiet ones of a camera that always records', async () => {
  const hours = Array.from({ length: 30 }, (_, index) => ({ day: new Date(Date.UTC(2026, 1, 1 + index)), index }));
  const rows = hours.flatMap(({ day, index }) =>
    [
      { hour: 3, counts: index === 28 ? { person: 4 } : {}, at: new Date(day.getTime() + 2 * 3_600_000) },
      { hour: 12, counts: index === 28 ? {} : { car: 8 }, at: new Date(day.getTime() + 11 * 3_600_000) },
    ].map(({ hour, counts, at }) => ({
      camera_id: 'gate',
      local_date: day.toISOString().slice(0, 10),
      hour,
      fold: 0,
      started_at: at,
      covered_seconds: 3600,
      exposure: 1,
      counts: JSON.stringify(counts),
    })),
  );
  await db.knex('activity_hours').insert(rows);
  const { unusual_hours: unusual } = await report({ kind: 'daily', date: '2026-03-01', cameras: ['gate'] });
  expect(unusual.items).toMatchObject([
    { kind: 'busy', object_type: 'person', seen: 4, started_at_local: '2026-03-01T03:00:00.000+01:00' },
    { kind: 'quiet', object_type: null, seen: 0, started_at_local: '2026-03-01T12:00:00.000+01:00' },
  ]);
});

describe('writing', () => {
  const options = (more: Partial<WriteReportOptions> = {}): WriteReportOptions => ({
    choice: { kind: 'daily', date: '2026-01-14', cameras: ['gate'] },
    format: 'html',
    out: folder,
    folder,
    settings: { ...ZONES, home: folder },
    withPictures: true,
    version: '1',
    actor: 'ann',
    writeOut: () => Promise.resolve(),
    signal: new AbortController().signal,
    onPicture: () => undefined,
    ...more,
  });

  test('a page goes whole into a file of its owner, with the pictures that can be cut, and into the audit log', async () => {
    const written = await writeReport(db.knex, options());
    expect(written).toMatchObject({ path: join(folder, 'hs-report-daily-2026-01-14.html'), events: 2, pictures: 1, isEmpty: false });
    const text = await readFile(written.path!, 'utf8');
    expect(text.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(1);
    expect(text).toContain('&lt;b&gt;&quot;Gate&quot; &amp; co&lt;/b&gt;');
    expect(text).toContain('the footage of 1 cannot be read any more');
    expect(((await stat(written.path!)).mode & 0o777).toString(8)).toBe('600');
    const [entry] = await db.knex('audit_logs').where({ action: 'media_exported', resource_type: 'report' });
    expect(entry).toMatchObject({
      actor: 'ann',
      resource_id: 'daily',
      details: { sha256: written.sha256, pictures: 1, cameras: ['gate'] },
    });
  });

  test('JSON tells its version and holds no pictures; a text on standard output leaves no trace', async () => {
    const chunks: Uint8Array[] = [];
    const writeOut = (chunk: Uint8Array): Promise<void> => Promise.resolve(void chunks.push(chunk));
    await db.knex('audit_logs').delete();
    await writeReport(db.knex, options({ format: 'json', out: '-', writeOut }));
    const json = JSON.parse(Buffer.concat(chunks).toString()) as { schema_version: number; report: Report };
    expect(json).toMatchObject({ schema_version: 1, report: { kind: 'daily', since: '2026-01-13T23:00:00.000Z', counts: { events: 2 } } });
    await writeReport(db.knex, options({ format: 'text', out: '-', writeOut }));
    expect(await db.knex('audit_logs')).toEqual([]);
  });

  test('a folder that is not there is refused; a run that is stopped leaves no file', async () => {
    await expect(writeReport(db.knex, options({ out: join(folder, 'no', 'x.html') }))).rejects.toMatchObject({ exitCode: 2 });
    await writeFile(join(folder, 'kept.html'), 'old');
    const stopped = options({ out: 'kept.html', signal: AbortSignal.abort(new Error('stopped')) });
    await expect(writeReport(db.knex, stopped)).rejects.toThrow('stopped');
    expect(await readFile(join(folder, 'kept.html'), 'utf8')).toBe('old');
  });
});
