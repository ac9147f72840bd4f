import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { findEventEnrichments } from '../../../src/db/queries/event-enrichments.ts';
import type { InstalledDetector } from '../../../src/inference/model-store.ts';
import { enrichTracks, type EnrichTally } from '../../../src/services/enrich/enrich-tracks.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';
import { placeModel } from '../../unit/inference/tiny-models.ts';
import { echoModel } from '../../unit/inference/tiny-onnx.ts';

/**
 * The echo model reads pixels as rows of `x1, y1, x2, y2, score, class`. Of a picture of one colour only one row has a box: it begins with
 * the last greens and ends with the first blues, so that blue is a box of blue / 255 of a pixel of its input, and red is nothing.
 */
const BLUE = '#0000c8';
const RED = '#c80000';
const SIDE = { width: 320, height: 240 };
const AT = '2026-01-14T08:15:00.000Z';

/** As the stage writes it. */
const QUALITY = { quality_score: 80, sharpness: 0.5, exposure: 0.9, noise: 1 };

let db: TestDatabase;
let folder: string;
let echo: InstalledDetector;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-enrich-'));
  await seedCamera(db.knex, 'gate');
  await ensureDetectionPartitions(db.knex, [new Date(AT)]);
  echo = await modelFor('faces');
});

afterEach(async () => {
  for (const table of ['event_detections', 'events', 'tracks', 'detections', 'media_files']) await db.knex(table).delete();
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

function modelFor(task: string, parts: object = {}): Promise<InstalledDetector> {
  return placeModel(echoModel(), { task, id: `echo-${task}`, classes: ['zero', 'one'], input: { scale: 1 / 255 }, ...parts });
}

type Seen = { colours: string[]; group?: string; due?: string[]; confirmed?: boolean; heightPx?: number };

/** A track of one still a second, each a picture full of it; returns its detections. */
async function seedTrack({ colours, group = 'person', due = ['faces'], confirmed = true, heightPx = SIDE.height }: Seen) {
  const detections: { id: number; detected_at: Date; path: string }[] = [];
  for (const [index, colour] of colours.entries()) {
    const path = join(folder, `${randomUUID()}.png`);
    const bytes = await sharp({ create: { ...SIDE, channels: 3, background: colour } })
      .png()
      .toBuffer();
    await writeFile(path, bytes);
    const at = new Date(Date.parse(AT) + index * 1000);
    const [file] = await db
      .knex('media_files')
      .insert({
        camera_id: 'gate',
        path,
        content_sha256: createHash('sha256').update(path).digest('hex'),
        size_bytes: bytes.length,
        modified_at: at,
        media_type: 'image',
        captured_at: at,
        captured_at_source: 'filename',
        ended_at: at,
        ...SIDE,
        status: 'skipped',
        enrichments_due: due,
      })
      .returning<{ id: number }[]>('id');
    const box = { bbox_x: 0, bbox_y: 0, bbox_width: SIDE.width, bbox_height: heightPx };
    const common = { camera_id: 'gate', file_path: path, detected_at: at, object_type: group, confidence: 0.9, ...box };
    const [detection] = await db
      .knex('detections')
      .insert({
        ...common,
        media_file_id: file!.id,
        frame_index: 0,
        frame_offset_ms: 0,
        enrichment_data: JSON.stringify({ image_quality: QUALITY }),
      })
      .returning<{ id: number; detected_at: Date }[]>(['id', 'detected_at']);
    detections.push({ ...detection!, path });
  }
  const [first, last] = [detections[0]!, detections.at(-1)!];
  const [track] = await db
    .knex('tracks')
    .insert({
      camera_id: 'gate',
      object_class: group,
      class_group: group,
      first_seen: first.detected_at,
      last_seen: last.detected_at,
      closed_at: last.detected_at,
      first_detection_id: first.id,
      detection_count: detections.length,
      max_score: 0.9,
      confirmed,
    })
    .returning<{ id: number }[]>('id');
  await db
    .knex('detections')
    .whereIn(
      'id',
      detections.map(({ id }) => id),
    )
    .update({ track_id: track!.id });
  return detections;
}

type RunParts = { stages?: { name: string; model: InstalledDetector }[]; signal?: AbortSignal; warned?: string[] };

function run({ stages = [{ name: 'faces', model: echo }], signal = new AbortController().signal, warned = [] }: RunParts = {}) {
  const warn = (message: string): void => {
    warned.push(message);
  };
  return enrichTracks(db.knex, { init: { stages, device: 'cpu' }, workers: 2, mayStart: () => !signal.aborted, signal, warn });
}

async function notes(name: string): Promise<unknown[]> {
  const rows = await db.knex('detections').orderBy('detected_at').pluck<Record<string, unknown>[]>('enrichment_data');
  return rows.map((data) => data[name]);
}

const due = (): Promise<(string[] | null)[]> => db.knex('media_files').orderBy('captured_at').pluck('enrichments_due');

test('nothing switched on, nothing done, and no process is started', async () => {
  await seedTrack({ colours: [BLUE] });
  expect(await run({ stages: [] })).toEqual([]);
  expect(await due()).toEqual([['faces']]);
});

test('a face is stored with its place in the picture, and beside what is noted already; where there is none, that it was looked for', async () => {
  const [blue] = await seedTrack({ colours: [BLUE, RED] });
  expect(await run()).toEqual<EnrichTally[]>([{ name: 'faces', model: 'echo-faces', crops: 2, found: 1, lost: 0, failedFiles: 0 }]);
  // 200 / 255 of a pixel of 16: 15.7 of 320 and 11.8 of 240.
  const face = { bbox: [0, 0, 16, 12], confidence: 0.7843 };
  expect(await notes('faces')).toEqual([[{ ...face, quality_score: expect.any(Number) }], []]);
  expect(await notes('image_quality')).toEqual([QUALITY, QUALITY]);
  expect(await db.knex('face_detection_events')).toMatchObject([
    { camera_id: 'gate', detection_id: blue!.id, seen_at: new Date(AT), model_id: 'echo-faces', ...face },
  ]);
  expect(await due()).toEqual([null, null]);
});

test('at most five crops of a track are looked at; another run has nothing to do', async () => {
  await seedTrack({ colours: Array<string>(7).fill(BLUE) });
  expect(await run()).toMatchObject([{ crops: 5, found: 5 }]);
  await db.knex('media_files').update({ enrichments_due: ['faces'] });
  expect(await run()).toMatchObject([{ crops: 0, found: 0 }]);
  expect(await db.knex('face_detection_events')).toHaveLength(5);
});

test.each<[string, Partial<Seen>]>([
  ['unconfirmed tracks', { confirmed: false }],
  ['tracks of other classes', { group: 'vehicle' }],
  ['small crops', { heightPx: 63 }],
])('%s are not looked at, and are done with', async (_, parts) => {
  await seedTrack({ colours: [BLUE], ...parts });
  expect(await run()).toMatchObject([{ crops: 0 }]);
  expect(await due()).toEqual([null]);
});

test('files that wait for another stage, or for none, are left alone', async () => {
  await seedTrack({ colours: [BLUE], due: ['license_plates'] });
  expect(await run()).toMatchObject([{ crops: 0 }]);
  expect(await due()).toEqual([['license_plates']]);
});

test('footage that is gone or unreadable costs its own crops, is said and not tried again', async () => {
  const [gone, broken] = await seedTrack({ colours: [BLUE, BLUE, BLUE] });
  await unlink(gone!.path);
  const bytes = await db.knex('media_files').where({ path: broken!.path }).first<{ size_bytes: number }>('size_bytes');
  await writeFile(broken!.path, Buffer.alloc(bytes.size_bytes));
  const warned: string[] = [];
  expect(await run({ warned })).toMatchObject([{ crops: 1, found: 1, lost: 1, failedFiles: 1 }]);
  expect(warned).toEqual([expect.stringContaining(broken!.path)]);
  expect(await due()).toEqual([null, null, null]);
});

test('a model that does not load costs its stage; the footage waits, and the next stage goes on', async () => {
  await seedTrack({ colours: [BLUE], due: ['faces', 'threats'] });
  const threats = await modelFor('threats', { threats: { one: 'gun' } });
  const warned: string[] = [];
  const stages = [
    { name: 'faces', model: { ...echo, sha256: '0'.repeat(64) } },
    { name: 'threats', model: threats },
  ];
  expect(await run({ stages, warned })).toMatchObject([
    { name: 'faces', crops: 0 },
    { name: 'threats', crops: 1, found: 1 },
  ]);
  expect(warned).toEqual([expect.stringMatching(/^faces: model echo-faces is not the file .*next one$/)]);
  expect(await due()).toEqual([['faces']]);
});

test('a run that is stopped leaves its footage to the next one, which stores nothing twice', async () => {
  await seedTrack({ colours: [BLUE, BLUE] });
  expect(await run({ signal: AbortSignal.abort(new Error('stop')) })).toMatchObject([{ crops: 0 }]);
  expect(await due()).toEqual([['faces'], ['faces']]);
  await run();
  expect(await db.knex('face_detection_events')).toHaveLength(2);
});

describe('threats', () => {
  test('a threat model’s class becomes its kind of threat with that severity; classes it does not map are none', async () => {
    const [blue] = await seedTrack({ colours: [BLUE], due: ['threats'] });
    const model = await modelFor('threats', { threats: { one: 'weapon' } });
    expect(await run({ stages: [{ name: 'threats', model }] })).toMatchObject([{ found: 1 }]);
    expect(await db.knex('threat_detections')).toMatchObject([
      { detection_id: blue!.id, threat_type: 'weapon', severity: 'high', confidence: 0.7843, bbox: [0, 0, 16, 12] },
    ]);
    await db.knex('detections').update({ enrichment_data: null });
    await db.knex('media_files').update({ enrichments_due: ['threats'] });
    const other = await modelFor('threats', { threats: { zero: 'gun' } });
    expect(await run({ stages: [{ name: 'threats', model: other }] })).toMatchObject([{ crops: 1, found: 0 }]);
    expect(await notes('threats')).toEqual([[]]);
  });
});

test('a located plate is stored without a text: nothing reads it', async () => {
  await seedTrack({ colours: [BLUE], group: 'vehicle', due: ['license_plates'] });
  const model = await modelFor('plates');
  expect(await run({ stages: [{ name: 'license_plates', model }] })).toMatchObject([{ name: 'license_plates', found: 1 }]);
  const bbox = [0, 0, 16, 12];
  expect(await db.knex('plate_reads')).toMatchObject([
    {
      camera_id: 'gate',
      read_at: new Date(AT),
      bbox,
      plate_text: null,
      raw_text: null,
      ocr_confidence: null,
      detection_confidence: 0.7843,
    },
  ]);
  expect(await notes('license_plates')).toEqual([[{ bbox, confidence: 0.7843, text: null, quality_score: expect.any(Number) }]]);
});

test('an event tells which stages looked at it and what they found; of the others that they did not', async () => {
  const members = await seedTrack({ colours: [BLUE, RED] });
  const event = await seedEvent(db.knex, { camera: 'gate', members });
  expect(await findEventEnrichments(db.knex, event)).toEqual({
    image_quality: { pictures: 2, ...QUALITY },
    faces: null,
    license_plates: null,
    threats: null,
  });
  await run();
  expect(await findEventEnrichments(db.knex, event)).toMatchObject({ faces: { crops: 2, located: 1, tracks: 1 }, license_plates: null });
});

test.each([
  ['text for numbers', { image_quality: { quality_score: 'good', sharpness: 'x', exposure: 'y', noise: 'z' } }],
  ['a list', { image_quality: [1, 2] }],
  ['half of the numbers', { image_quality: { quality_score: 50 } }],
])('picture quality that another program wrote as %s was not measured', async (_, data) => {
  const members = await seedTrack({ colours: [BLUE] });
  const event = await seedEvent(db.knex, { camera: 'gate', members });
  await db.knex('detections').update({ enrichment_data: JSON.stringify(data) });
  expect(await findEventEnrichments(db.knex, event)).toMatchObject({ image_quality: null });
});
