import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { findAsset, makeFolder, makeVideo } from '../helpers/footage.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let footage: string;

const hs = (args: string[], env: Record<string, string> = {}): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_HOME: join(folder.path, 'home'), HS_TIMEZONE: 'UTC', ...env }, timeoutMs: 120_000 });
const itemsOf = <Item>({ stdout }: HsResult): Item[] => (JSON.parse(stdout) as { items: Item[] }).items;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  footage = join(folder.path, 'footage');
});

afterAll(async () => {
  await db.drop();
  await folder.dispose();
});

async function addVideo(camera: string, filter?: string): Promise<void> {
  await mkdir(join(footage, camera), { recursive: true });
  const video = await makeVideo({ name: 'quality.mp4', seconds: 6, size: '640x360', ...(filter === undefined ? {} : { filter }) });
  await copyFile(video, join(footage, camera, '2026-01-14_08-15-00.mp4'));
}

type Enriched = { camera_id: string; enrichment: { image_quality?: { quality_score: number; issues: string[] } } | null };

test('an ingest notes the quality of pictures with detections; blurred and dark footage scores less', async () => {
  await addVideo('sharp');
  await addVideo('blurred', 'gblur=sigma=9');
  await addVideo('dark', 'lutrgb=r=val*0.2:g=val*0.2:b=val*0.2');
  expect(await hs(['ingest', footage])).toMatchObject({ code: 0 });
  const found = itemsOf<Enriched>(await hs(['detections', 'list', '--limit', '0', '--json']));
  const scoreOf = (camera: string): number => {
    const scores = found.filter(({ camera_id }) => camera_id === camera).map(({ enrichment }) => enrichment!.image_quality!.quality_score);
    expect(scores.length, camera).toBeGreaterThan(0);
    return Math.max(...scores);
  };
  expect(scoreOf('blurred')).toBeLessThan(scoreOf('sharp'));
  expect(scoreOf('dark')).toBeLessThan(scoreOf('sharp'));
  const issues = (camera: string) =>
    found.filter((one) => one.camera_id === camera).flatMap((one) => one.enrichment!.image_quality!.issues);
  expect(issues('dark')).toContain('dark');
  expect(issues('sharp')).not.toContain('dark');
});

test('the event says it in words and numbers, the run which stages it had, and check finds nothing wrong', async () => {
  const [event] = itemsOf<{ id: number }>(await hs(['events', 'list', '--camera', 'sharp', '--limit', '1', '--json']));
  const shown = await hs(['events', 'show', String(event!.id)]);
  expect(shown.stdout).toMatch(/^picture_quality +\d+ of 100 \(sharpness \d\.\d\d, exposure \d\.\d\d, freedom from noise \d\.\d\d\)$/m);
  expect(shown.stdout).not.toMatch(/^(faces|plates|threats) /m);
  const [details] = itemsOf<{ enrichments: object }>(await hs(['events', 'show', String(event!.id), '--json']));
  expect(details!.enrichments).toMatchObject({
    image_quality: { exposure: expect.any(Number) },
    faces: null,
    license_plates: null,
    threats: null,
  });
  const [run] = itemsOf<{ enrichments: object }>(await hs(['runs', 'list', '--limit', '1', '--json']));
  expect(run!.enrichments).toEqual({ image_quality: null });
  expect(await hs(['check', 'D5', 'D6'])).toMatchObject({ code: 0 });
});

test('switched off nothing is noted; what is switched on without its model is said, and no failure (§4)', async () => {
  await addVideo('later', 'hflip');
  const env = { HS_ENRICH_IMAGE_QUALITY: 'false', HS_ENRICH_FACES: 'true', HS_DETECTOR_COCO_THREATS: 'true' };
  const ingested = await hs(['ingest', footage], env);
  expect(ingested).toMatchObject({ code: 0, stderr: expect.stringContaining('enrich.faces: no model for faces is installed') });
  expect(ingested.stderr).toContain('detector.coco_threats: the motion detector knows no knife and no baseball bat');
  const found = itemsOf<Enriched>(await hs(['detections', 'list', '--camera', 'later', '--json']));
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ enrichment }) => enrichment === null)).toBe(true);
  const doctor = itemsOf<{ check: string; status: string; message: string }>(await hs(['doctor', '--json'], env));
  expect(doctor.find(({ check }) => check === 'faces')).toMatchObject({ status: 'warn', message: expect.stringContaining('no model') });
  expect(doctor.find(({ check }) => check === 'threats')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('no threat source'),
  });
});

const people = findAsset('images/jetson_peds_0.jpg');
const models = ['deimv2_hgnetv2_femto_coco_416', 'face_detection_yunet_2023mar'].map((name) => findAsset(`models/${name}.onnx`));

describe.skipIf(people === undefined || models.includes(undefined))('on a real picture (skipped without assets)', () => {
  test('three faces are located, nobody is identified; doctor runs the model', async () => {
    for (const model of models) expect(await hs(['models', 'install', '--from', model!])).toMatchObject({ code: 0 });
    await mkdir(join(footage, 'street'));
    await copyFile(people!, join(footage, 'street', '2026-01-14_09-00-00.jpg'));
    const env = { HS_ENRICH_FACES: 'true', HS_DETECTOR_COCO_THREATS: 'true' };
    const ingested = await hs(['ingest', join(footage, 'street')], env);
    expect(ingested).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^faces +3 located on 4 crops by face_detection_yunet_2023mar$/m),
    });
    const [event] = itemsOf<{ id: number }>(await hs(['events', 'list', '--camera', 'street', '--json']));
    const { stdout } = await hs(['events', 'show', String(event!.id)]);
    expect(stdout).toMatch(/^faces +3 faces on 4 crops, of 3 tracks; nobody is identified by them$/m);
    expect(stdout).toMatch(/^threats +none on 4 crops$/m);
    const doctor = itemsOf<{ check: string; status: string; message: string }>(await hs(['doctor', '--json'], env));
    expect(doctor.filter(({ check }) => check === 'model').map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(doctor.find(({ check }) => check === 'threats')).toMatchObject({ status: 'ok', message: expect.stringContaining('knives') });
  });
});
