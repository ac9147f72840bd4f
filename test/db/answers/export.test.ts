import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { DETECTION_COLUMNS } from '../../../src/services/detections/detection-record.ts';
import { EVENT_COLUMNS } from '../../../src/services/events/event-record.ts';
import { exportRecords, type ExportRecordsOptions, type ExportSummary } from '../../../src/services/export/export-records.ts';
import type { EventChoice } from '../../../src/services/events/list-events.ts';
import { alertSource, detectionSource, eventSource, type ExportSource } from '../../../src/services/export/export-source.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';
import { readZipTexts } from '../../helpers/read-zip-texts.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './seed.ts';

const HOSTILE = '=HYPERLINK("http://x")\n"quoted", 👩‍👩‍👧 \u202E';
const zones = { cameras: {} };
let db: TestDatabase;
let folder: string;
let eventId: number;

beforeAll(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  await seedCamera(knex, 'gate', { name: HOSTILE, timezone: 'Asia/Kolkata' });
  const fileId = await seedFile(knex, { camera: 'gate', at: '2026-01-31T23:59:59Z' });
  const first = await seedDetection(knex, { fileId, camera: 'gate', at: '2026-01-31T23:59:59Z' });
  const second = await seedDetection(knex, {
    fileId,
    camera: 'gate',
    at: '2026-01-31T23:59:59Z',
    offsetMs: 1500,
    more: { object_type: 'car' },
  });
  eventId = await seedEvent(knex, { camera: 'gate', members: [first, second], more: { object_types: 'car,person', notes: HOSTILE } });
});
afterAll(() => db.drop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noFilter: EventChoice = { scope: {}, filter: {} };

type Exported = { summary: ExportSummary; jobId: string; text: string; percents: number[] };

async function exported(source: ExportSource, more: Partial<ExportRecordsOptions> = {}): Promise<Exported> {
  const jobId = uuidV7();
  const percents: number[] = [];
  const path = join(folder, 'out');
  const summary = await exportRecords(db.knex, source, {
    format: 'csv',
    version: '0.0.0',
    timezone: 'UTC',
    bom: false,
    target: { kind: 'file', path },
    writeOut: () => Promise.resolve(),
    jobId,
    actor: 'tester',
    signal: new AbortController().signal,
    progress: (percent) => percents.push(percent),
    now: () => new Date('2026-02-01T00:00:00Z'),
    ...more,
  });
  return { summary, jobId, text: await readFile(path, 'utf8').catch(() => ''), percents };
}

test('a CSV of events reads back as the stored values', async () => {
  const { text } = await exported(await eventSource(db.knex, noFilter, zones));
  const [header, row, ...rest] = parseCsv(text);
  expect(header).toEqual([...EVENT_COLUMNS]);
  expect(rest).toEqual([]);
  const record = Object.fromEntries(header!.map((key, index) => [key, row![index]]));
  expect(record).toMatchObject({
    id: String(eventId),
    camera_name: HOSTILE,
    notes: HOSTILE,
    started_at: '2026-01-31T23:59:59.000Z',
    started_at_local: '2026-02-01T05:29:59.000+05:30',
    ended_at: '2026-02-01T00:00:00.500Z',
    timezone: 'Asia/Kolkata',
    duration_s: '1.5',
    object_types: 'car; person',
    detection_count: '2',
    reviewed: 'false',
    risk_score: undefined,
    risk_source: 'none',
    zones: undefined,
    time_source: 'filename',
  });
});

test('the file is for its owner only and nothing else is left in the folder', async () => {
  const { summary } = await exported(await eventSource(db.knex, noFilter, zones));
  expect((await stat(summary.path!)).mode & 0o777).toBe(0o600);
  expect((await stat(summary.path!)).size).toBe(summary.bytes);
  expect(await readdir(folder)).toEqual(['out']);
});

test('a JSON document describes itself and repeats byte for byte', async () => {
  const source = await eventSource(db.knex, { scope: { cameras: ['g*'], since: '1d' }, filter: { types: ['person'] } }, zones);
  const first = await exported(source, { format: 'json' });
  const second = await exported(source, { format: 'json' });
  expect(second.text).toBe(first.text);
  expect(second.summary.sha256).toBe(first.summary.sha256);
  const document = JSON.parse(first.text) as { items: object[] };
  expect(document).toMatchObject({
    schema: 'hs-events',
    schema_version: 1,
    exported_at: '2026-02-01T00:00:00.000Z',
    filters: { camera_ids: ['gate'], types: ['person'], since: '2026-01-31T00:00:09.000Z' },
    count: 1,
    items: [{ id: eventId, notes: HOSTILE, object_types: ['car', 'person'], risk_score: null }],
  });
  expect(Object.keys(document.items[0]!)).toEqual([...EVENT_COLUMNS]);
});

test('NDJSON has one item per line', async () => {
  const { text } = await exported(await detectionSource(db.knex, { scope: {}, filter: {} }, zones), { format: 'ndjson' });
  const items = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(items).toHaveLength(2);
  expect(Object.keys(items[0]!)).toEqual([...DETECTION_COLUMNS]);
  expect(items.map((item) => item['object_type'])).toEqual(['person', 'car']);
  expect(items[1]).toMatchObject({ event_ids: [eventId], frame_offset_ms: 1500, file_path: '/footage/gate/2026-01-31T23:59:59Z.mp4' });
});

test('columns are those asked for, in that order', async () => {
  const { text } = await exported(await eventSource(db.knex, noFilter, zones), { columns: ['camera_id', 'id'] });
  expect(text).toBe(`camera_id,id\ngate,${String(eventId)}\n`);
});

test('an unknown column is a usage error', async () => {
  const source = await eventSource(db.knex, noFilter, zones);
  await expect(exported(source, { columns: ['id', 'camera'] })).rejects.toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('an empty export is a header, and its job goes 0, 10, 80, 95 (§10.14)', async () => {
  const { text, summary, percents, jobId } = await exported(await eventSource(db.knex, { scope: {}, filter: { minScore: 100 } }, zones), {
    columns: ['id'],
  });
  expect(text).toBe('id\n');
  expect(summary.rows).toBe(0);
  expect(percents).toEqual([0, 10, 80, 95]);
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({
    status: 'completed',
    total_items: 0,
    progress_percent: 100,
  });
});

test('the job row and the audit log say what was exported', async () => {
  const { jobId, summary } = await exported(await eventSource(db.knex, noFilter, zones));
  const job = await db.knex('export_jobs').where('id', jobId).first();
  expect(job).toMatchObject({
    status: 'completed',
    export_type: 'events',
    export_format: 'csv',
    total_items: 1,
    processed_items: 1,
    output_path: summary.path,
    output_size_bytes: summary.bytes,
  });
  const audit = await db.knex('audit_logs').where('resource_id', jobId).first();
  expect(audit).toMatchObject({
    action: 'media_exported',
    status: 'success',
    actor: 'tester',
    details: { rows: 1, sha256: summary.sha256, type: 'events' },
  });
});

test('a zip holds the CSV and a manifest that it can be checked by, and repeats byte for byte', async () => {
  const source = await eventSource(db.knex, noFilter, zones);
  const { text: csv } = await exported(source);
  const { jobId } = await exported(source, { format: 'zip' });
  const zip = await readFile(join(folder, 'out'));
  const { 'events.csv': inside, 'manifest.json': manifest, ...rest } = await readZipTexts(zip);
  expect(rest).toEqual({});
  expect(inside).toBe(csv);
  const sha256 = createHash('sha256').update(csv).digest('hex');
  expect(JSON.parse(manifest!)).toMatchObject({
    exported_at: '2026-02-01T00:00:00.000Z',
    count: 1,
    files: { 'events.csv': { bytes: Buffer.byteLength(csv), sha256 } },
  });
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({ export_format: 'zip', output_size_bytes: zip.length });
  await exported(source, { format: 'zip' });
  expect((await readFile(join(folder, 'out'))).equals(zip)).toBe(true);
});

test('alerts come in the order of footage, narrowed as their list is', async () => {
  const alert = { event_id: eventId, severity: 'high', dedup_key: HOSTILE };
  const [first, second] = await db
    .knex('alerts')
    .insert([
      { ...alert, occurred_at: new Date('2026-01-31T23:59:59Z') },
      { ...alert, dedup_key: 'other', severity: 'low', occurred_at: new Date('2026-01-30T00:00:00Z') },
    ])
    .returning<{ id: string }[]>('id');
  const all = await exported(await alertSource(db.knex, { scope: {}, filter: {} }, zones), {
    columns: ['id', 'occurred_at_local', 'dedup_key'],
  });
  expect(all.summary).toMatchObject({ type: 'alerts', rows: 2 });
  expect(parseCsv(all.text).slice(1)).toEqual([
    [second!.id, '2026-01-30T05:30:00.000+05:30', 'other'],
    [first!.id, '2026-02-01T05:29:59.000+05:30', HOSTILE],
  ]);
  const high = await exported(await alertSource(db.knex, { scope: {}, filter: { severities: ['high'] } }, zones), { columns: ['id'] });
  expect(high.text).toBe(`id\n${first!.id}\n`);
  await expect(alertSource(db.knex, { scope: {}, filter: { ids: ['7'] } }, zones)).rejects.toThrow('there is no alert "7"');
  await db.knex('alerts').delete();
});

test('standard output gets the data and no file is made', async () => {
  let text = '';
  const writeOut = (chunk: Uint8Array): Promise<void> => Promise.resolve(void (text += Buffer.from(chunk).toString('utf8')));
  const { summary } = await exported(await eventSource(db.knex, noFilter, zones), {
    target: { kind: 'stdout' },
    writeOut,
    columns: ['id'],
  });
  expect(text).toBe(`id\n${String(eventId)}\n`);
  expect(summary.path).toBeNull();
  expect(await readdir(folder)).toEqual([]);
});

test('ids choose events; one that does not exist is an error, not a smaller file', async () => {
  const some = await exported(await eventSource(db.knex, { scope: {}, filter: { ids: [eventId] } }, zones), { columns: ['id'] });
  expect(some.summary.rows).toBe(1);
  const none = await exported(await eventSource(db.knex, { scope: {}, filter: { ids: [] } }, zones), { columns: ['id'] });
  expect(none.summary.rows).toBe(0);
  await expect(eventSource(db.knex, { scope: {}, filter: { ids: [eventId, 424_242] } }, zones)).rejects.toThrow(/424242/);
});

test('a stop leaves the old file as it was and the job failed as cancelled', async () => {
  await writeFile(join(folder, 'out'), 'old');
  const controller = new AbortController();
  controller.abort(new Error('stop'));
  const jobId = uuidV7();
  const source = await eventSource(db.knex, noFilter, zones);
  await expect(exported(source, { signal: controller.signal, jobId })).rejects.toThrow('stop');
  expect(await readFile(join(folder, 'out'), 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['out']);
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({ status: 'failed', error_message: 'cancelled' });
  expect(await db.knex('audit_logs').where('resource_id', jobId).first()).toMatchObject({ status: 'failure' });
});

test('a disk that refuses the file fails the job with the reason', async () => {
  const jobId = uuidV7();
  const source = await eventSource(db.knex, noFilter, zones);
  const target = { kind: 'file', path: join(folder, 'missing', 'out') } as const;
  await expect(exported(source, { target, jobId })).rejects.toThrow(/ENOENT/);
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining('ENOENT'),
  });
});

test('reads one moment of the database: rows that come meanwhile are left out', async () => {
  const source = await eventSource(db.knex, noFilter, zones);
  const late: ExportSource = {
    ...source,
    async count(snapshot) {
      const count = await source.count(snapshot);
      await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-02-03T00:00:00Z' });
      return count;
    },
  };
  const { text } = await exported(late, { columns: ['id'] });
  expect(text).toBe(`id\n${String(eventId)}\n`);
  await db.knex('events').whereNot('id', eventId).delete();
});

test('twelve thousand rows come in order and are counted while they are written', async () => {
  await db.knex.raw(
    `INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types)
     SELECT 'many-' || n, 'gate', '2026-03-01'::timestamptz + n * interval '1 minute', '2026-03-01'::timestamptz + n * interval '1 minute', 'person'
       FROM generate_series(1, 12000) AS n`,
  );
  const { text, summary } = await exported(await eventSource(db.knex, noFilter, zones), { columns: ['started_at', 'batch_id'] });
  expect(summary.rows).toBe(12_001);
  const times = parseCsv(text)
    .slice(1)
    .map(([at]) => at!);
  expect(times).toHaveLength(12_001);
  expect(times).toEqual([...times].sort());
  await db.knex('events').whereNot('id', eventId).delete();
});
