import { expect, test } from 'vitest';
import type { GivenRecord } from '../../../src/importers/boxes/given-record.ts';
import { COCO_PARTS, readCoco, readCocoImages, readCocoResults } from '../../../src/importers/boxes/read-coco.ts';
import { MEGADETECTOR_PARTS, readMegadetector } from '../../../src/importers/boxes/read-megadetector.ts';
import { splitJson } from '../../../src/importers/split-json.ts';

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function all(records: AsyncIterable<GivenRecord>): Promise<GivenRecord[]> {
  const list: GivenRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

function megadetector(document: unknown): Promise<GivenRecord[]> {
  return all(readMegadetector(splitJson(once(JSON.stringify(document)), MEGADETECTOR_PARTS)));
}

function coco(document: unknown, reader: (typeof readers)[keyof typeof readers] = readCoco): Promise<GivenRecord[]> {
  return all(reader(splitJson(once(JSON.stringify(document)), COCO_PARTS)));
}
const readers = { readCoco, readCocoImages, readCocoResults };

/** What becomes of one detection of a picture. */
async function detection(value: unknown): Promise<unknown> {
  const document = { images: [{ file: 'a.jpg', detections: [value] }], detection_categories: {} };
  const [, found] = await megadetector(document);
  return found?.kind === 'refused' ? found.reason : found;
}

const GOOD = { category: '2', conf: 0.9, bbox: [0.1, 0.2, 0.3, 0.4] };

test.each<[string, unknown, string]>([
  ['nothing', null, 'no_box'],
  ['a number', 7, 'no_box'],
  ['no box', { ...GOOD, bbox: undefined }, 'no_box'],
  ['three numbers', { ...GOOD, bbox: [0, 0, 1] }, 'no_box'],
  ['texts', { ...GOOD, bbox: ['0', '0', '1', '1'] }, 'no_box'],
  ['NaN, as null', { ...GOOD, bbox: [null, 0, 1, 1] }, 'no_box'],
  ['no width', { ...GOOD, bbox: [0.1, 0.2, 0, 0.4] }, 'no_area'],
  ['a negative height', { ...GOOD, bbox: [0.1, 0.2, 0.3, -0.4] }, 'no_area'],
  ['no confidence', { ...GOOD, conf: null }, 'no_score'],
  ['confidence in percent', { ...GOOD, conf: 90 }, 'no_score'],
  ['a negative confidence', { ...GOOD, conf: -0.1 }, 'no_score'],
  ['no category', { ...GOOD, category: null }, 'no_category'],
  ['half a frame', { ...GOOD, frame_number: 1.5 }, 'no_frame'],
  ['a frame before the first', { ...GOOD, frame_number: -1 }, 'no_frame'],
])('MegaDetector, a detection with %s is refused', async (_, value, reason) => {
  expect(await detection(value)).toBe(reason);
});

test('MegaDetector: a box may reach out of its picture, ids may be numbers', async () => {
  const box = { kind: 'box', image: '1', category: '2', score: 0.9, x: -0.1, y: 0.2, width: 1.3, height: 0.4, frame: undefined };
  expect(await detection({ ...GOOD, category: 2, bbox: [-0.1, 0.2, 1.3, 0.4] })).toEqual(box);
});

test('MegaDetector: entries of pictures, videos and failures', async () => {
  const records = await megadetector({
    info: { format_version: '1.4', detector: 'md_v5a.0.0.pt', detector_metadata: { typical_detection_threshold: 0.2 } },
    detection_categories: { 1: 'Animal', 2: ' ' },
    images: [
      { file: 'a.jpg', detections: [] },
      { file: 'b.mp4', frame_rate: 25, frames_processed: [0, 'x', 25], detections: [{ ...GOOD, frame_number: 25 }] },
      { file: 'c.jpg', failure: 'Failure image access', detections: null },
      { file: 'd.jpg' },
      { file: '', detections: [] },
      'e.jpg',
    ],
  });
  const image = { kind: 'image', width: 1, height: 1, frameRate: undefined, frames: undefined, failure: undefined };
  expect(records).toEqual([
    { kind: 'info', detector: 'md_v5a.0.0.pt', typicalScore: 0.2 },
    { kind: 'category', id: '1', label: 'animal' },
    { kind: 'refused', reason: 'no_category' },
    { ...image, id: '1', file: 'a.jpg' },
    { ...image, id: '2', file: 'b.mp4', frameRate: 25, frames: [0, 25] },
    { kind: 'box', image: '2', category: '2', score: 0.9, x: 0.1, y: 0.2, width: 0.3, height: 0.4, frame: 25 },
    { ...image, id: '3', file: 'c.jpg', failure: 'Failure image access' },
    { ...image, id: '4', file: 'd.jpg', failure: 'no list of detections' },
    { kind: 'refused', reason: 'no_name' },
    { kind: 'refused', reason: 'no_name' },
  ]);
});

test('MegaDetector: where it names no categories, the usual ones count', async () => {
  const labels = (await megadetector({ info: {}, images: [] })).slice(1).map((record) => record.kind === 'category' && record.label);
  expect(labels).toEqual(['animal', 'person', 'vehicle']);
});

test.each<[string, unknown, string]>([
  ['nothing of it', {}, 'nothing that MegaDetector writes'],
  ['a list', [1], 'is it COCO'],
  ['COCO', { images: [{ file_name: 'a.jpg', id: 1 }] }, 'is it COCO'],
  ['a later format', { info: { format_version: '2.0' }, images: [] }, 'format version "2.0"'],
])('MegaDetector, %s is refused', async (_, document, message) => {
  await expect(megadetector(document)).rejects.toThrow(message);
});

const IMAGES = [{ id: 1, file_name: 'a.jpg', width: 640, height: 480 }];
const CATEGORIES = [{ id: 3, name: 'car' }];
const ANNOTATION = { image_id: 1, category_id: 3, bbox: [10, 20, 30, 40] };

test('COCO: images with their size, frames of videos, annotations by hand or with a score', async () => {
  const records = await coco({
    images: [...IMAGES, { id: 'b', file_name: 'gate/a.mp4#t=1.5', width: 0 }, { id: 4 }],
    annotations: [ANNOTATION, { ...ANNOTATION, score: 0.5 }, { ...ANNOTATION, iscrowd: 1 }, { bbox: [1, 2, 3, 4] }, { image_id: 1 }],
    categories: CATEGORIES,
  });
  const box = { kind: 'box', image: '1', category: '3', x: 10, y: 20, width: 30, height: 40, frame: undefined };
  expect(records).toEqual([
    { kind: 'image', id: '1', file: 'a.jpg', width: 640, height: 480 },
    { kind: 'image', id: 'b', file: 'gate/a.mp4', offsetMs: 1500 },
    { kind: 'refused', reason: 'no_name' },
    { ...box, score: 1 },
    { ...box, score: 0.5 },
    { kind: 'refused', reason: 'crowd' },
    { kind: 'refused', reason: 'no_image' },
    { kind: 'refused', reason: 'no_box' },
    { kind: 'category', id: '3', label: 'car' },
  ]);
});

test('COCO results have a score, images and categories come from another document', async () => {
  const kinds = async (records: Promise<GivenRecord[]>): Promise<string[]> =>
    (await records).map((one) => ('reason' in one ? one.reason : one.kind));
  expect(await kinds(coco([{ ...ANNOTATION, score: 0.5 }, ANNOTATION], readCocoResults))).toEqual(['box', 'no_score']);
  expect(await kinds(coco({ images: IMAGES, annotations: [ANNOTATION], categories: CATEGORIES }, readCocoImages))).toEqual([
    'image',
    'category',
  ]);
  expect(await coco([], readCocoResults)).toEqual([]);
});

test.each<[string, unknown, string, keyof typeof readers]>([
  ['nothing of it', {}, 'neither images nor categories', 'readCoco'],
  ['results alone', [ANNOTATION], '--images', 'readCoco'],
  ['MegaDetector', { images: [{ file: 'a.jpg' }] }, 'is it of MegaDetector', 'readCoco'],
  ['no list where results must be', { images: IMAGES }, 'is no list of results', 'readCocoResults'],
])('COCO, %s is refused', async (_, document, message, reader) => {
  await expect(coco(document, readers[reader])).rejects.toThrow(message);
});
