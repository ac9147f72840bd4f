import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutShort, drawClip, drawStill } from '../faults/draw-footage.ts';
import { createIngestSandbox, type IngestReport, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const WALKER = { x: '10+9*T', y: '40', width: 16, height: 40 };

type FromReport = IngestReport & {
  detector: string;
  given: {
    boxes: number;
    left_out: Record<string, number>;
    other_classes: Record<string, number>;
    unlisted: { count: number; example: string };
  };
};
type FromResult = { code: number | null; report: FromReport };

let sandbox: IngestSandbox;
let others: TestDatabase[];
let document: string;
let first: FromResult;

async function ingestFrom(args: readonly string[], db: TestDatabase = sandbox.db): Promise<FromResult> {
  const { code, stdout, stderr } = await sandbox.hs(['ingest', '--from', ...args, '--workers', '1', '--settle', '0', '--json'], {
    HS_DATABASE_URL: db.url,
  });
  if (stdout === '') throw new Error(`hs ingest ended with ${String(code)} and said: ${stderr}`);
  return { code, report: JSON.parse(stdout) as FromReport };
}

/** A box of the walker at a frame of the clip (5 frames a second). */
function walker(frame: number, conf = 0.9) {
  return { category: '2', conf, bbox: [(10 + (9 * frame) / 5) / 160, 40 / 120, 16 / 160, 40 / 120], frame_number: frame };
}

const AT_GATE = { category: '3', conf: 0.8, bbox: [0.9, 0.5, 0.3, 0.25] };

/** As MegaDetector writes it, with all that may be wrong in it. */
const MEGADETECTOR = {
  images: [
    {
      file: 'gate\\20260114_081500.mp4',
      frame_rate: 5,
      frames_processed: [0, 5, 10, 15],
      detections: [
        walker(5),
        walker(10),
        walker(10, 0.1),
        walker(15),
        { ...walker(15), category: '9' },
        { ...walker(15), bbox: [0, 0, 0, 1] },
      ],
    },
    { file: 'gate/20260114_081510.MP4', frame_rate: 5, frames_processed: [0, 19], detections: [walker(0), walker(19)] },
    { file: './yard/20260114_100000.JPG', detections: [AT_GATE, { ...AT_GATE, category: '4' }] },
    { file: 'yard/20260114_100010.jpg', detections: [] },
    { file: 'yard/20260114_100020.jpg', failure: 'Failure image access', detections: null },
    { file: 'yard/gone.jpg', detections: [AT_GATE] },
  ],
  detection_categories: { 1: 'animal', 2: 'person', 3: 'vehicle', 4: 'chair' },
  info: { format_version: '1.5', detector: 'models/md_v5a.0.0.pt' },
};

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  others = [await createTestDatabase(), await createTestDatabase()];
  const { footage } = sandbox;
  const clip = await drawClip({ name: 'clip.mp4', figures: [WALKER], seconds: 4 });
  await place(join(footage, 'gate/20260114_081500.mp4'), clip);
  const torn = await drawClip({ name: 'clip.mkv', figures: [WALKER], seconds: 4, fromS: 3 });
  await place(join(footage, 'gate/20260114_081510.mp4'), await cutShort(torn, 0.6));
  for (const [index, second] of ['00', '10', '20', '30'].entries()) {
    await place(join(footage, `yard/20260114_1000${second}.jpg`), await drawStill([{ left: 10 * index, top: 30, width: 20, height: 40 }]));
  }
  document = join(sandbox.folder, 'detections.json');
  await writeFile(document, JSON.stringify(MEGADETECTOR));
  first = await ingestFrom(['megadetector', document, footage]);
});

afterAll(async () => {
  for (const db of others) await db.drop();
  await sandbox.dispose();
});

test('detections made elsewhere come in; what they say nothing about fails with the reason', async () => {
  const { code, report } = first;
  expect(code).toBe(3);
  expect(report).toMatchObject({
    detector: 'megadetector:md_v5a.0.0',
    tally: { found: 6, done: 3, partial: 1, failed: 2, detections: 5, inferences: 0 },
  });
  const codes = report.problems.map(({ path, code: reason }) => [path.slice(-10), reason]).toSorted();
  expect(codes).toEqual([
    ['081510.mp4', 'truncated'],
    ['100020.jpg', 'detector_failed'],
    ['100030.jpg', 'not_in_detections'],
  ]);
  const rows = await sandbox.db
    .knex('detections')
    .orderBy(['media_file_id', 'id'])
    .select('object_type', 'bbox_x', 'bbox_y', 'bbox_width', 'model_id');
  expect(rows.map((row) => row.object_type as string).toSorted()).toEqual(['person', 'person', 'person', 'person', 'vehicle']);
  expect(rows.find((row) => row.object_type === 'vehicle')).toMatchObject({
    bbox_x: 144,
    bbox_y: 60,
    bbox_width: 16,
    model_id: 'megadetector:md_v5a.0.0',
  });
});

test('what was not taken is counted by its reason', () => {
  const { given } = first.report;
  expect(given.left_out).toEqual({ below_floor: 1, no_area: 1, no_category: 1 });
  expect(given.other_classes).toEqual({ chair: 1 });
  expect(given.unlisted).toEqual({ count: 1, example: 'yard/gone.jpg' });
});

test('the same file again does nothing; another one takes up what was left', async () => {
  const again = await ingestFrom(['megadetector', document, sandbox.footage]);
  expect(again.report.tally).toMatchObject({ taken: 0, known: 6, other_settings: 0, detections: 0 });
  const more = join(sandbox.folder, 'more.json');
  await writeFile(more, JSON.stringify({ ...MEGADETECTOR, images: [{ file: '100030.jpg', detections: [AT_GATE] }] }));
  const { report } = await ingestFrom(['megadetector', more, join(sandbox.footage, 'yard')]);
  // Its name begins in another folder: nothing fits, and that is said.
  expect(report.tally).toMatchObject({ taken: 2, failed: 2 });
  expect(report.given.unlisted).toEqual({ count: 1, example: '100030.jpg' });
});

/** Without what names the run's own detector. */
function comparable({ files, detections, tracks, events }: NormalisedRows): unknown {
  const plain = (rows: unknown[]): unknown =>
    JSON.parse(JSON.stringify(rows).replaceAll(/"(model_id|model_fingerprint)":("[^"]*"|null)/g, '"$1":0'));
  return { files: plain(files), detections: plain(detections), tracks: plain(tracks), events: plain(events) };
}

test.each(['megadetector', 'coco'] as const)('exported as %s and taken in again: the same boxes, tracks and events', async (format) => {
  const path = join(sandbox.folder, `${format}.json`);
  const { footage } = sandbox;
  const exported = await sandbox.hs(['export', 'detections', '--format', format, '--root', footage, '--out', path]);
  expect(exported).toMatchObject({ code: 0 });
  const db = others[format === 'coco' ? 0 : 1];
  if (db === undefined) throw new Error('no database');
  const { report } = await ingestFrom([format, path, footage], db);
  expect(report.given).toMatchObject({ boxes: 5, left_out: {}, other_classes: {}, unlisted: { count: 0 } });
  const [before, after] = [await readNormalisedRows(sandbox.db.knex, footage), await readNormalisedRows(db.knex, footage)];
  const whole = ({ files, ...rest }: NormalisedRows) =>
    comparable({ ...rest, files: files.filter((file) => !JSON.stringify(file).includes('"failed"')) });
  expect(whole(after)).toEqual(whole(before));
  expect(before.events.length).toBeGreaterThan(0);
});

test('what cannot be read is one clear line and exit code 2', async () => {
  const path = join(sandbox.folder, 'broken.json');
  await writeFile(path, gzipSync(await readFile(document)));
  const { code, stderr } = await sandbox.hs(['ingest', '--from', 'megadetector', path]);
  expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(stderr).toContain('is compressed');
});
