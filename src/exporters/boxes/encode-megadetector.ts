import { COCO_LABELS } from '../../domain/coco-labels.ts';
import { joinTexts } from '../join-texts.ts';
import { roundShare, type BoxRecord } from './box-record.ts';
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
 * One document in the batch output format of MegaDetector, version 1.4 (lila.science/megadetector-output-format): boxes are shares of the
 * picture, frames of videos are numbered by their offset and the frame rate. One box is held at a time; categories follow the images.
 */
export function encodeMegadetector(version: string, records: AsyncIterable<BoxRecord>): AsyncIterable<string> {
  return joinTexts(megadetectorTexts(version, records));
}

async function* megadetectorTexts(version: string, records: AsyncIterable<BoxRecord>): AsyncIterable<string> {
  const categories = createCategoryIds(IDS, FIRST_COCO + COCO_LABELS.length);
  yield `{\n"info": ${JSON.stringify({ format_version: '1.4', detector: `hs ${version}` })},\n"images": [`;
  let fileKey: string | undefined;
  for await (const record of records) {
    if (record.fileKey === fileKey) yield ',\n  ';
    else yield `${fileKey === undefined ? '\n' : ']},\n'}${fileStart(record)}`;
    fileKey = record.fileKey;
    yield JSON.stringify(toDetection(record, categories));
  }
  const named = Object.fromEntries(categories.entries());
  yield `${fileKey === undefined ? '' : ']}\n'}],\n"detection_categories": ${JSON.stringify(named)}\n}\n`;
}

function fileStart(record: BoxRecord): string {
  const rate = record.isVideo ? `, "frame_rate": ${JSON.stringify(frameRateOf(record))}` : '';
  return `{"file": ${JSON.stringify(record.file)}${rate}, "detections": [\n  `;
}

function toDetection(record: BoxRecord, categories: CategoryIds): object {
  const { box, imageWidth, imageHeight } = record;
  const shares = [box.x / imageWidth, box.y / imageHeight, box.width / imageWidth, box.height / imageHeight];
  return {
    category: String(categories.of(record.label)),
    conf: roundShare(record.confidence),
    bbox: shares.map(roundShare),
    ...(record.isVideo && { frame_number: Math.round((record.frameOffsetMs * frameRateOf(record)) / 1000) }),
  };
}

function frameRateOf({ frameRate }: BoxRecord): number {
  return frameRate ?? UNKNOWN_FRAME_RATE;
}
