import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { saveFinishedFiles, type FinishedFile } from '../../../src/db/models/media-files-finish.ts';
import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedDetection, seedFile, seedRun } from '../answers/seed.ts';

const AT = '2026-01-14T08:15:00.000Z';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
  await ensureDetectionPartitions(db.knex, [new Date(AT)]);
});

afterEach(async () => {
  await db.knex('detections').delete();
  await db.knex('media_files').delete();
});

afterAll(() => db.drop());

function outcome(id: number, part: Partial<FinishedFile> = {}): FinishedFile {
  return {
    id,
    status: 'done',
    failureCode: null,
    failureMessage: null,
    retry: false,
    width: 640,
    height: 480,
    framesExpected: 1,
    framesDecoded: 1,
    readableFraction: 1,
    readableMs: 10_000,
    analysedOffsetsMs: [500],
    ...part,
  };
}

function save(id: number, part: Partial<FinishedFile> = {}, x = 5): Promise<number[]> {
  const detection = { fileId: id, frameIndex: 0, offsetMs: 500, label: 'person', score: 0.5, x, y: 1, width: 2, height: 3 };
  return saveFinishedFiles(db.knex, {
    runId: RUN_ID,
    modelFingerprint: 'f',
    modelId: 'm',
    files: [outcome(id, part)],
    detections: [detection],
  });
}

test('a file and its detections are stored together', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT, more: { status: 'processing', processed_at: null } });
  expect(await save(id)).toEqual([id]);
  expect(await db.knex('detections').where({ media_file_id: id }).pluck('bbox_x')).toEqual([5]);
  const [file] = await db.knex('media_files').select('status', 'derive_from', 'derive_until');
  expect(file).toEqual({ status: 'done', derive_from: new Date(AT), derive_until: new Date('2026-01-14T08:15:10.000Z') });
});

test('what a file took is kept, of its newest reading; where it is not known there is nothing', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT, more: { status: 'processing', processed_at: null } });
  await save(id, { analysisMs: 1234 });
  expect(await db.knex('media_files').pluck('analysis_ms')).toEqual([1234]);
  await db.knex('media_files').update({ status: 'processing' });
  await save(id);
  expect(await db.knex('media_files').pluck('analysis_ms')).toEqual([null]);
  await expect(db.knex('media_files').update({ analysis_ms: -1 })).rejects.toThrow('ck_media_files_analysis_ms');
});

test('one detection that cannot be stored takes the whole file with it', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT, more: { status: 'processing', processed_at: null } });
  await expect(save(id, {}, -1)).rejects.toThrow();
  expect(await db.knex('media_files').pluck('status')).toEqual(['processing']);
  expect(await db.knex('detections')).toEqual([]);
});

test.each([
  ['another run took over', { status: 'processing' }, true],
  ['is waiting again', { status: 'pending' }, false],
  ['is done by somebody else', { status: 'done' }, false],
])('a file that %s is left alone', async (_, more, otherRun) => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT, more });
  if (otherRun) {
    const other = uuidV7();
    await db.knex('runs').insert({ id: other, command: 'ingest', hs_version: '0', config_fingerprint: 'x' });
    await db.knex('media_files').where({ id }).update({ run_id: other });
  }
  expect(await save(id)).toEqual([]);
  expect(await db.knex('detections')).toEqual([]);
});

test('what was noted of a detection and the threats seen with it are stored with it, of a file that is not held none', async () => {
  const mine = await seedFile(db.knex, { camera: 'gate', at: AT, more: { status: 'processing', processed_at: null } });
  const other = await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T09:15:00.000Z' });
  const box = { x: 5, y: 1, width: 2, height: 3 };
  const detectionOf = (fileId: number, offsetMs: number) => ({ fileId, frameIndex: 0, offsetMs, label: 'person', score: 0.5, ...box });
  const threatOf = (fileId: number) => ({
    ...{ fileId, offsetMs: 500, label: 'person', box, type: 'knife' as const, confidence: 0.7, severity: 'critical' as const },
    bbox: [4, 1, 9, 2] as const,
  });
  await saveFinishedFiles(db.knex, {
    runId: RUN_ID,
    modelFingerprint: 'f',
    modelId: 'm',
    files: [outcome(mine), outcome(other)],
    detections: [{ ...detectionOf(mine, 500), enrichment: '{"coco_threats": []}' }, detectionOf(mine, 1000)],
    threats: [threatOf(mine), threatOf(other)],
    enrichmentsDue: ['faces'],
  });
  const detections = await db.knex('detections').orderBy('detected_at').select('id', 'enrichment_data');
  expect(detections.map((row: { enrichment_data: unknown }) => row.enrichment_data)).toEqual([{ coco_threats: [] }, null]);
  expect(await db.knex('threat_detections')).toMatchObject([
    { detection_id: detections[0].id, threat_type: 'knife', confidence: 0.7, severity: 'critical', bbox: [4, 1, 9, 2] },
  ]);
  expect(await db.knex('media_files').orderBy('captured_at').pluck('enrichments_due')).toEqual([['faces'], null]);
});

test('a file that failed is due for nothing', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT, more: { status: 'processing', processed_at: null } });
  const files = [outcome(id, { status: 'failed', failureCode: 'unreadable' })];
  await saveFinishedFiles(db.knex, {
    runId: RUN_ID,
    modelFingerprint: 'f',
    modelId: 'm',
    files,
    detections: [],
    enrichmentsDue: ['faces'],
  });
  expect(await db.knex('media_files').where({ id }).pluck('enrichments_due')).toEqual([null]);
});

test('a file that is read again loses its old detections, and the interval they covered is derived again', async () => {
  const id = await seedFile(db.knex, { camera: 'gate', at: AT });
  await seedDetection(db.knex, { fileId: id, camera: 'gate', at: AT, offsetMs: 60_000 });
  await db.knex('media_files').where({ id }).update({ status: 'processing' });
  await save(id);
  expect(await db.knex('detections').pluck('frame_offset_ms')).toEqual([500]);
  expect(await db.knex('media_files').pluck('derive_until')).toEqual([new Date('2026-01-14T08:16:00.000Z')]);
});
