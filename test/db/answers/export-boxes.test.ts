import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { exportRecords, type ExportRecordsOptions } from '../../../src/services/export/export-records.ts';
import { detectionSource, eventSource } from '../../../src/services/export/export-source.ts';
import type { DetectionChoice } from '../../../src/services/detections/list-detections.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './seed.ts';

const AT = '2026-01-14T08:15:00Z';
const EVERYTHING: DetectionChoice = { scope: {}, filter: {} };
const zones = { cameras: {} };
let db: TestDatabase;
let folder: string;
const ids: number[] = [];

/** Two cameras at the same time, so that in order of time their boxes alternate; a still; a row without a box. */
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-boxes-'));
  const { knex } = db;
  await seedRun(knex);
  await seedCamera(knex, 'gate');
  await seedCamera(knex, 'yard');
  const gate = await seedFile(knex, { camera: 'gate', at: AT, more: { frame_rate: 30 } });
  const yard = await seedFile(knex, { camera: 'yard', at: AT });
  const stillPath = '/footage/yard/"hostile"\n\u2028.jpg';
  const still = await seedFile(knex, {
    camera: 'yard',
    at: '2026-01-14T09:00:00Z',
    more: { path: stillPath, media_type: 'image', duration_ms: 0 },
  });
  const seeded = [
    { fileId: gate, camera: 'gate', at: AT },
    { fileId: yard, camera: 'yard', at: AT, offsetMs: 500, more: { object_type: 'dog', confidence: 0.123456789 } },
    { fileId: gate, camera: 'gate', at: AT, offsetMs: 1500, more: { object_type: 'car', bbox_x: 213, bbox_width: 427 } },
    { fileId: gate, camera: 'gate', at: AT, offsetMs: 1500, more: { object_type: 'motion' } },
    { fileId: still, camera: 'yard', at: '2026-01-14T09:00:00Z', more: { media_type: 'image', frame_offset_ms: null } },
    {
      fileId: gate,
      camera: 'gate',
      at: AT,
      offsetMs: 2000,
      more: { bbox_x: null, bbox_y: null, bbox_width: null, bbox_height: null },
    },
  ];
  for (const detection of seeded) ids.push((await seedDetection(knex, detection)).id);
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

type Exported = { rows: number; text: string; document: Record<string, unknown> };

async function exported(
  format: 'coco' | 'megadetector',
  more: Partial<ExportRecordsOptions> & { choice?: DetectionChoice } = {},
): Promise<Exported> {
  const { choice = EVERYTHING, ...options } = more;
  const path = join(folder, 'out');
  const { rows } = await exportRecords(db.knex, await detectionSource(db.knex, choice, zones), outputOf(format, path, options));
  const text = await readFile(path, 'utf8');
  return { rows, text, document: JSON.parse(text) as Record<string, unknown> };
}

function outputOf(format: 'coco' | 'megadetector', path: string, more: Partial<ExportRecordsOptions>): ExportRecordsOptions {
  return {
    format,
    version: '0.0.0',
    timezone: 'UTC',
    bom: false,
    target: { kind: 'file', path },
    writeOut: () => Promise.resolve(),
    jobId: uuidV7(),
    actor: 'tester',
    signal: new AbortController().signal,
    progress: () => undefined,
    now: () => new Date('2026-02-01T00:00:00Z'),
    ...more,
  };
}

const STILL = 'yard/"hostile"\n\u2028.jpg';

test('COCO: one image a frame, boxes in pixels, ids that do not depend on what else is exported', async () => {
  const { rows, document } = await exported('coco');
  expect(rows).toBe(5);
  expect(Object.keys(document)).toEqual(['info', 'images', 'categories', 'annotations']);
  expect(document['images']).toEqual([
    { id: 1, file_name: `gate/${AT}.mp4#t=0`, width: 640, height: 480 },
    { id: 2, file_name: `gate/${AT}.mp4#t=1.5`, width: 640, height: 480 },
    { id: 3, file_name: STILL, width: 640, height: 480 },
    { id: 4, file_name: `yard/${AT}.mp4#t=0.5`, width: 640, height: 480 },
  ]);
  expect(document['categories']).toEqual([
    { id: 1, name: 'person' },
    { id: 3, name: 'car' },
    { id: 17, name: 'dog' },
    { id: 81, name: 'motion' },
  ]);
  const common = { iscrowd: 0, score: 0.9, area: 1200, bbox: [1, 2, 30, 40] };
  expect(document['annotations']).toEqual([
    { ...common, id: ids[0], image_id: 1, category_id: 1 },
    { ...common, id: ids[2], image_id: 2, category_id: 3, bbox: [213, 2, 427, 40], area: 427 * 40 },
    { ...common, id: ids[3], image_id: 2, category_id: 81 },
    { ...common, id: ids[4], image_id: 3, category_id: 1 },
    { ...common, id: ids[1], image_id: 4, category_id: 17, score: 0.123457 },
  ]);
});

test('MegaDetector: one entry a file, boxes as shares, frames numbered by the frame rate or in milliseconds', async () => {
  const { rows, document } = await exported('megadetector');
  expect(rows).toBe(5);
  expect(document['info']).toEqual({ format_version: '1.6', detector: 'hs 0.0.0' });
  const bbox = [0.001563, 0.004167, 0.046875, 0.083333];
  expect(document['images']).toEqual([
    {
      file: `gate/${AT}.mp4`,
      frame_rate: 30,
      detections: [
        { category: '2', conf: 0.9, bbox, frame_number: 0 },
        { category: '103', conf: 0.9, bbox: [0.332813, 0.004167, 0.667188, 0.083333], frame_number: 45 },
        { category: '181', conf: 0.9, bbox, frame_number: 45 },
      ],
      frames_processed: [0, 45],
    },
    { file: STILL, detections: [{ category: '2', conf: 0.9, bbox }] },
    {
      file: `yard/${AT}.mp4`,
      frame_rate: 1000,
      detections: [{ category: '117', conf: 0.123457, bbox, frame_number: 500 }],
      frames_processed: [500],
    },
  ]);
  expect(document['detection_categories']).toEqual({ 2: 'person', 103: 'car', 117: 'dog', 181: 'motion' });
});

test.each(['coco', 'megadetector'] as const)('%s repeats byte for byte and honours filters', async (format) => {
  expect((await exported(format)).text).toBe((await exported(format)).text);
  const dogs = await exported(format, { choice: { scope: {}, filter: { types: ['dog'] } } });
  expect(dogs.rows).toBe(1);
  // The longest folder that all its files lie in is now that of one camera.
  expect(dogs.text).toContain(`"${AT}.mp4`);
});

test.each(['coco', 'megadetector'] as const)('%s of nothing is a whole document', async (format) => {
  const { rows, document } = await exported(format, { choice: { scope: {}, filter: { types: ['boat'] } } });
  expect(rows).toBe(0);
  expect(document['images']).toEqual([]);
});

test('frames and files in which nothing was found are told, unless a filter leaves out what was', async () => {
  const looked = await seedFile(db.knex, {
    camera: 'gate',
    at: '2026-01-15T08:15:00Z',
    more: { analysed_offsets_ms: [500, 1000], frame_rate: 10 },
  });
  const skipped = await seedFile(db.knex, { camera: 'gate', at: '2026-01-15T08:16:00Z', more: { analysed_offsets_ms: [] } });
  await seedDetection(db.knex, { fileId: looked, camera: 'gate', at: '2026-01-15T08:15:00Z', offsetMs: 1000 });
  const choice: DetectionChoice = { scope: { since: '2026-01-15' }, filter: {} };
  const megadetector = await exported('megadetector', { choice });
  expect(megadetector.rows).toBe(1);
  expect(megadetector.document['images']).toMatchObject([
    { detections: [{ frame_number: 10 }], frames_processed: [5, 10] },
    { file: '2026-01-15T08:16:00Z.mp4', detections: [], frames_processed: [] },
  ]);
  const { document, rows } = await exported('coco', { choice });
  const named = (document['images'] as { file_name: string }[]).map((image) => image.file_name);
  expect(named).toEqual(['2026-01-15T08:15:00Z.mp4#t=0.5', '2026-01-15T08:15:00Z.mp4#t=1']);
  expect([rows, document['annotations']]).toMatchObject([1, [{ image_id: 2 }]]);
  const people = await exported('megadetector', { choice: { ...choice, filter: { types: ['person'] } } });
  expect(people.document['images']).toMatchObject([{ file: '2026-01-15T08:15:00Z.mp4', frames_processed: [10] }]);
  await db.knex('detections').where({ media_file_id: looked }).delete();
  await db.knex('media_files').whereIn('id', [looked, skipped]).delete();
});

test('names begin at the root; a file elsewhere keeps its whole path', async () => {
  const { document } = await exported('megadetector', { root: '/footage/gate' });
  const files = (document['images'] as { file: string }[]).map(({ file }) => file);
  expect(files).toEqual([`${AT}.mp4`, '/footage/yard/"hostile"\n\u2028.jpg', `/footage/yard/${AT}.mp4`]);
});

test('its export row counts boxes and says JSON', async () => {
  const jobId = uuidV7();
  await exported('coco', { jobId });
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({ export_format: 'json', status: 'completed' });
});

test('events have no boxes', async () => {
  const source = await eventSource(db.knex, { scope: {}, filter: {} }, zones);
  await expect(exportRecords(db.knex, source, outputOf('coco', join(folder, 'none'), {}))).rejects.toThrow(
    'events cannot be written as coco',
  );
});
