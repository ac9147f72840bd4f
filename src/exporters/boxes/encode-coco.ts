import { COCO_LABELS } from '../../domain/coco-labels.ts';
import { joinTexts } from '../join-texts.ts';
import { roundShare, type BoxRecord, type FoundBox } from './box-record.ts';
import { createCategoryIds, type CategoryIds } from './category-ids.ts';

/** Labels of COCO detectors have 1–80 in every export, by their position; others follow in the order in which they are met. */
const IDS: ReadonlyMap<string, number> = new Map(COCO_LABELS.map((label, index) => [label, index + 1]));

type BoxPasses = {
  /** Read for the images and categories; the same records in the same order as `records`. */
  first: AsyncIterable<BoxRecord>;
  /** Read after `first` has ended, for the annotations. */
  second: AsyncIterable<BoxRecord>;
};

/**
 * One COCO document of object detection (cocodataset.org, "format data" and "format results"): an image for every frame, an
 * annotation with its `score` for every box. Images come first, so the records are read twice and never held. A frame of a video is named
 * by a media fragment: `gate/a.mp4#t=1.5`.
 */
export function encodeCoco(exportedAt: Date, passes: BoxPasses): AsyncIterable<string> {
  return joinTexts(cocoTexts(exportedAt, passes));
}

async function* cocoTexts(exportedAt: Date, { first, second }: BoxPasses): AsyncIterable<string> {
  const categories = createCategoryIds(IDS, COCO_LABELS.length + 1);
  const info = { description: 'Detections exported by hs', version: '1', date_created: exportedAt.toISOString() };
  yield `{\n"info": ${JSON.stringify(info)},\n"images": [`;
  let separator = '\n';
  for await (const { record, imageId, isNew } of numberImages(first)) {
    if (record.found) categories.of(record.found.label);
    if (!isNew) continue;
    yield separator + JSON.stringify(toImage(record, imageId));
    separator = ',\n';
  }
  const named = categories.entries().map(([id, name]) => JSON.stringify({ id, name }));
  yield `\n],\n"categories": [${named.join(', ')}],\n"annotations": [`;
  separator = '\n';
  for await (const { record, imageId } of numberImages(second)) {
    if (!record.found) continue;
    yield separator + JSON.stringify(toAnnotation(record.found, imageId, categories));
    separator = ',\n';
  }
  yield '\n]\n}\n';
}

type Numbered = { record: BoxRecord; imageId: number; /** Whether it is the first box of its image. */ isNew: boolean };

async function* numberImages(records: AsyncIterable<BoxRecord>): AsyncIterable<Numbered> {
  let last: BoxRecord | undefined;
  let imageId = 0;
  for await (const record of records) {
    // A video of which no frame was looked at has no image.
    if (record.frameOffsetMs === undefined) continue;
    const isNew = last?.fileKey !== record.fileKey || last.frameOffsetMs !== record.frameOffsetMs;
    if (isNew) imageId += 1;
    last = record;
    yield { record, imageId, isNew };
  }
}

function toImage({ file, isVideo, frameOffsetMs, imageWidth, imageHeight }: BoxRecord, id: number): object {
  const name = isVideo ? `${file}#t=${String((frameOffsetMs ?? 0) / 1000)}` : file;
  return { id, file_name: name, width: imageWidth, height: imageHeight };
}

function toAnnotation({ id, label, confidence, box }: FoundBox, imageId: number, categories: CategoryIds): object {
  const { x, y, width, height } = box;
  return {
    id,
    image_id: imageId,
    category_id: categories.of(label),
    bbox: [x, y, width, height],
    area: width * height,
    iscrowd: 0,
    score: roundShare(confidence),
  };
}
