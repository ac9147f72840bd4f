import { COCO_LABELS } from '../../domain/coco-labels.ts';
import { joinTexts } from '../join-texts.ts';
import { roundShare, type BoxRecord, type FoundBox } from './box-record.ts';
import { createCategoryIds, type CategoryIds } from './category-ids.ts';

/** 1–3 mean what they mean to MegaDetector; other labels of COCO detectors have 100 and their position, from 1. */
const FIRST_COCO = 101;
const IDS: ReadonlyMap<string, number> = new Map([
  ...COCO_LABELS.map((label, index): [string, number] => [label, FIRST_COCO + index]),
  ['animal', 1],
  ['person', 2],
  ['vehicle', 3],
]);

/** Of a video whose frame rate is not known: its frame numbers are then milliseconds. */
const UNKNOWN_FRAME_RATE = 1000;

/**
 * One document in the batch output format of MegaDetector, version 1.6 (lila.science/megadetector-output-format): boxes are shares of the
 * picture, frames of videos are numbered by their offset and the frame rate. One box is held at a time; categories follow the images.
 */
export function encodeMegadetector(version: string, records: AsyncIterable<BoxRecord>): AsyncIterable<string> {
  return joinTexts(megadetectorTexts(version, records));
}

async function* megadetectorTexts(version: string, records: AsyncIterable<BoxRecord>): AsyncIterable<string> {
  const categories = createCategoryIds(IDS, FIRST_COCO + COCO_LABELS.length);
  yield `{\n"info": ${JSON.stringify({ format_version: '1.6', detector: `hs ${version}` })},\n"images": [`;
  let open: { file: BoxRecord; frames: Set<number>; separator: string } | undefined;
  for await (const record of records) {
    if (open?.file.fileKey !== record.fileKey) {
      yield open === undefined ? '\n' : `${fileEnd(open)},\n`;
      yield fileStart(record);
      open = { file: record, frames: new Set(), separator: '' };
    }
    if (record.frameOffsetMs !== undefined) open.frames.add(frameNumberOf(record, record.frameOffsetMs));
    if (!record.found) continue;
    yield open.separator + JSON.stringify(toDetection(record, record.found, categories));
    open.separator = ',\n  ';
  }
  const named = Object.fromEntries(categories.entries());
  yield `${open === undefined ? '' : `${fileEnd(open)}\n`}],\n"detection_categories": ${JSON.stringify(named)}\n}\n`;
}

function fileStart(record: BoxRecord): string {
  const rate = record.isVideo ? `, "frame_rate": ${JSON.stringify(frameRateOf(record))}` : '';
  return `{"file": ${JSON.stringify(record.file)}${rate}, "detections": [\n  `;
}

/** Frames without a box are among them where nothing narrows the records to boxes. */
function fileEnd({ file, frames }: { file: BoxRecord; frames: ReadonlySet<number> }): string {
  return file.isVideo ? `], "frames_processed": ${JSON.stringify([...frames])}}` : ']}';
}

function toDetection(record: BoxRecord, { label, confidence, box }: FoundBox, categories: CategoryIds): object {
  const { imageWidth, imageHeight, frameOffsetMs = 0 } = record;
  const shares = [box.x / imageWidth, box.y / imageHeight, box.width / imageWidth, box.height / imageHeight];
  return {
    category: String(categories.of(label)),
    conf: roundShare(confidence),
    bbox: shares.map(roundShare),
    ...(record.isVideo && { frame_number: frameNumberOf(record, frameOffsetMs) }),
  };
}

function frameNumberOf(record: BoxRecord, offsetMs: number): number {
  return Math.round((offsetMs * frameRateOf(record)) / 1000);
}

function frameRateOf({ frameRate }: BoxRecord): number {
  return frameRate ?? UNKNOWN_FRAME_RATE;
}
