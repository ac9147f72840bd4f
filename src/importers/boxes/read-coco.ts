import { ImportError } from '../import-error.ts';
import type { JsonPart } from '../split-json.ts';
import { isFinite, isObject, refused, toBox, toCategory, toId, type GivenRecord } from './given-record.ts';

export const COCO_PARTS = { lists: ['images', 'annotations', 'categories'], members: [] };

/**
 * COCO, object detection (cocodataset.org, "format data"): images, annotations and categories in lists of their own, boxes in pixels.
 * An annotation without a score was made by hand: it is certain.
 */
export async function* readCoco(parts: AsyncIterable<JsonPart>): AsyncGenerator<GivenRecord> {
  const seen = new Set<string>();
  for await (const part of parts) {
    if (part.kind !== 'element') continue;
    const { list, value } = part;
    if (list === '') throw new ImportError('is a list of results without images: name the file that has them with --images');
    const entry = isObject(value) ? value : {};
    if (list === 'images') yield readImage(entry, !seen.has(list));
    else if (list === 'categories') yield toCategory(entry['id'], entry['name']);
    else yield readAnnotation(entry, 1);
    seen.add(list);
  }
  if (!seen.has('images') && !seen.has('categories')) throw new ImportError('has neither images nor categories, as COCO has them');
}

/** Results of a detector (cocodataset.org, "format results"): a list of boxes alone. */
export async function* readCocoResults(parts: AsyncIterable<JsonPart>): AsyncGenerator<GivenRecord> {
  for await (const part of parts) {
    if (part.kind !== 'element' || part.list !== '') throw new ImportError('is no list of results, so --images has no use');
    yield readAnnotation(isObject(part.value) ? part.value : {});
  }
}

/** Images and categories of a document, without its annotations: those that results are about. */
export async function* readCocoImages(parts: AsyncIterable<JsonPart>): AsyncGenerator<GivenRecord> {
  for await (const record of readCoco(parts)) {
    if (record.kind === 'image' || record.kind === 'category') yield record;
  }
}

/** A frame of a video is named by a media fragment: `gate/a.mp4#t=1.5`. */
const FRAGMENT = /^(.+\.[a-z0-9]{2,4})#t=(\d{1,6}(?:\.\d{1,6})?)$/is;

function readImage(entry: Record<string, unknown>, isFirst: boolean): GivenRecord {
  const { file_name: file, width, height } = entry;
  if (isFirst && file === undefined && entry['file'] !== undefined) {
    throw new ImportError('is not COCO; is it of MegaDetector (--from megadetector)?');
  }
  const id = toId(entry['id']);
  if (typeof file !== 'string' || file === '' || id === undefined) return refused('no_name');
  const size = isSide(width) && isSide(height) ? { width, height } : {};
  return { kind: 'image', id, ...placeOf(file), ...size };
}

function placeOf(name: string): { file: string; offsetMs?: number } {
  const [, video, seconds] = FRAGMENT.exec(name) ?? [];
  return video === undefined ? { file: name } : { file: video, offsetMs: Math.round(Number(seconds) * 1000) };
}

function isSide(value: unknown): value is number {
  return isFinite(value) && value >= 1 && value <= 1_000_000;
}

function readAnnotation(entry: Record<string, unknown>, scoreByHand?: number): GivenRecord {
  const { image_id: imageId, category_id: category, bbox: box, score = scoreByHand, iscrowd } = entry;
  const image = toId(imageId);
  if (image === undefined) return refused('no_image');
  return iscrowd === 1 ? refused('crowd') : toBox({ image, category, score, box });
}
