import { ImportError } from '../import-error.ts';
import type { JsonPart } from '../split-json.ts';
import { isFinite, isFrameNumber, isObject, refused, toBox, toCategory, type GivenImage, type GivenRecord } from './given-record.ts';

export const MEGADETECTOR_PARTS = { lists: ['images'], members: ['info', 'detection_categories'] };

/** What the numbers mean where a document does not say. */
const DEFAULT_CATEGORIES = { 1: 'animal', 2: 'person', 3: 'vehicle' };

/**
 * The batch output format of MegaDetector, versions 1.x (lila.science/megadetector-output-format): boxes are shares of the picture as it is
 * displayed, an entry is a file, frames of videos have numbers.
 */
export async function* readMegadetector(parts: AsyncIterable<JsonPart>): AsyncGenerator<GivenRecord> {
  let images = 0;
  let namesCategories = false;
  let isEmpty = true;
  for await (const part of parts) {
    if (part.kind === 'element') {
      images += 1;
      yield* readImage(part, images);
    } else if (part.name === 'info') yield readInfo(part.value);
    else {
      namesCategories = true;
      yield* readCategories(part.value);
    }
    isEmpty = false;
  }
  if (isEmpty) throw new ImportError('has nothing that MegaDetector writes');
  if (!namesCategories) yield* readCategories(DEFAULT_CATEGORIES);
}

function readInfo(value: unknown): GivenRecord {
  const info = isObject(value) ? value : {};
  const { format_version: version, detector, detector_metadata: metadata } = info;
  if (version !== undefined && !/^"?[01](\.|"|$)/.test(JSON.stringify(version))) {
    throw new ImportError(`is of format version ${JSON.stringify(version)}; versions 1.x are understood`);
  }
  const typical = isObject(metadata) ? metadata['typical_detection_threshold'] : undefined;
  return {
    kind: 'info',
    detector: typeof detector === 'string' ? detector : undefined,
    typicalScore: isFinite(typical) ? typical : undefined,
  };
}

function* readCategories(value: unknown): Generator<GivenRecord> {
  for (const [id, label] of Object.entries(isObject(value) ? value : {})) yield toCategory(id, label);
}

function* readImage({ list, value }: JsonPart & { kind: 'element' }, number: number): Generator<GivenRecord> {
  const entry = isObject(value) ? value : {};
  const { file, detections, failure } = entry;
  if (list === '' || (number === 1 && file === undefined && entry['file_name'] !== undefined)) {
    throw new ImportError('is not as MegaDetector writes it; is it COCO (--from coco)?');
  }
  if (typeof file !== 'string' || file === '') {
    yield refused('no_name');
    return;
  }
  const id = String(number);
  yield { kind: 'image', id, file, width: 1, height: 1, ...readFrames(entry), failure: failureOf(failure, detections) };
  for (const detection of Array.isArray(detections) ? (detections as unknown[]) : []) yield readDetection(detection, id);
}

function readFrames({
  frame_rate: frameRate,
  frames_processed: frames,
}: Record<string, unknown>): Pick<GivenImage, 'frameRate' | 'frames'> {
  return {
    frameRate: isFinite(frameRate) && frameRate > 0 ? frameRate : undefined,
    frames: Array.isArray(frames) ? (frames as unknown[]).filter(isFrameNumber) : undefined,
  };
}

function failureOf(failure: unknown, detections: unknown): string | undefined {
  if (typeof failure === 'string' && failure !== '') return failure.slice(0, 200);
  return Array.isArray(detections) ? undefined : 'no list of detections';
}

function readDetection(value: unknown, image: string): GivenRecord {
  const { category, conf: score, bbox: box, frame_number: number } = isObject(value) ? value : {};
  // Some tools write it as text.
  const frame = typeof number === 'string' ? Number(number) : number;
  if (frame !== undefined && frame !== null && !isFrameNumber(frame)) return refused('no_frame');
  return toBox({ image, category, score, box, frame: frame ?? undefined });
}
