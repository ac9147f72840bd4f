import type { GivenMatch, NewGivenBox } from '../../../db/given-detections.ts';
import type { MediaFileRow } from '../../../db/models/media-files.ts';
import { toStoredBox, type Size } from '../../../domain/box.ts';
import type { FrameDetection } from '../../../domain/detection.ts';
import type { Given, GivenFrame, GivenRefusal } from '../worker/analysis-task.ts';

type FileFacts = Pick<MediaFileRow, 'media_type' | 'width' | 'height' | 'frame_rate'>;

type ToGivenOptions = {
  /** For people. */
  document: string;
  /** In the order of their offsets; boxes best first. */
  matches: readonly GivenMatch[];
  boxesOf: (image: string) => readonly NewGivenBox[];
  /** Undefined for a category that is not kept. */
  labelOf: (category: string) => string | undefined;
  maxBoxes: number;
  /** Told of boxes that are left out here. */
  leftOut: (reason: 'no_frame' | 'too_many', count: number) => void;
};

/** What a document says of a file, in pixels of the file's own picture; or why nothing of it can be taken. Pure. */
export function toGiven(file: FileFacts, options: ToGivenOptions): Given {
  const { matches, document } = options;
  const size = { width: file.width ?? 0, height: file.height ?? 0 };
  const refusal = refuseNames(matches, document) ?? matches.map((match) => refuseEntry(match, { size, document })).find(Boolean);
  if (refusal !== undefined) return refusal;
  return file.media_type === 'image' ? toStill(size, options) : toVideo(file, size, options);
}

function refuseNames(matches: readonly GivenMatch[], document: string): GivenRefusal | undefined {
  const [first] = matches;
  if (first === undefined) return { code: 'not_in_detections', message: `${document} says nothing about it` };
  const other = matches.find((match) => match.key !== first.key);
  if (other !== undefined) return ambiguous(`${document} names it as ${first.file} and as ${other.file}`);
  const files = first.isExact ? first.exactFiles : first.foldedFiles;
  if (files > 1 || (!first.isExact && first.exactFiles > 0)) {
    return ambiguous(`${first.file} of ${document} may be another file as well: name the one folder that its paths begin in`);
  }
  const offsets = new Set(matches.map((match) => match.offsetMs));
  return offsets.size < matches.length ? ambiguous(`${document} has ${first.file} twice`) : undefined;
}

function ambiguous(message: string): GivenRefusal {
  return { code: 'entry_ambiguous', message };
}

function refuseEntry(match: GivenMatch, { size, document }: { size: Size; document: string }): GivenRefusal | undefined {
  if (match.failure !== null) return { code: 'detector_failed', message: `${document} says: ${match.failure}` };
  const { width, height } = match;
  if (isShare(match) || width === null || height === null) return undefined;
  if (width === size.width && height === size.height) return undefined;
  const sizes = `${String(width)}x${String(height)}, the file has ${String(size.width)}x${String(size.height)}`;
  return { code: 'size_differs', message: `${document} has boxes of a picture of ${sizes}` };
}

function isShare({ width, height }: GivenMatch): boolean {
  return width === 1 && height === 1;
}

function toStill(size: Size, options: ToGivenOptions): Given {
  const { matches, boxesOf } = options;
  const [match] = matches;
  if (match === undefined || matches.length > 1) return ambiguous(`${options.document} has several frames of it, and it is no video`);
  return { frames: [{ offsetMs: 0, found: toFound(boxesOf(match.id), { match, size, options }) }] };
}

function toVideo(file: FileFacts, size: Size, options: ToGivenOptions): Given {
  const frames: GivenFrame[] = [];
  for (const match of options.matches) {
    const boxes = options.boxesOf(match.id);
    const numbered = match.offsetMs === null ? toNumberedFrames(match, boxes) : [{ offsetMs: match.offsetMs, boxes }];
    if (numbered === undefined) {
      return { code: 'frames_unknown', message: `${options.document} does not say which frames of the video its boxes are in` };
    }
    const toOffsetMs = (number: number): number => Math.round((number * 1000) / (match.frameRate ?? file.frame_rate ?? 0));
    for (const { boxes: own, ...place } of numbered) {
      const offsetMs = 'offsetMs' in place ? place.offsetMs : toOffsetMs(place.number);
      if (!Number.isFinite(offsetMs)) return { code: 'frames_unknown', message: `the frame rate of the video is not known` };
      frames.push({ offsetMs, found: toFound(own, { match, size, options }) });
    }
    const lost = match.offsetMs === null ? boxes.filter(({ frame }) => frame === null).length : 0;
    if (lost > 0) options.leftOut('no_frame', lost);
  }
  return { frames: frames.sort((a, b) => a.offsetMs - b.offsetMs) };
}

type NumberedFrame = { number: number; boxes: readonly NewGivenBox[] };

/** Frames that were looked at, also those in which nothing was found; undefined where no box says which frame it is in. */
function toNumberedFrames({ frames }: GivenMatch, boxes: readonly NewGivenBox[]): NumberedFrame[] | undefined {
  const byNumber = new Map<number, NewGivenBox[]>((frames ?? []).map((number) => [number, []]));
  for (const box of boxes) {
    if (box.frame === null) continue;
    byNumber.set(box.frame, [...(byNumber.get(box.frame) ?? []), box]);
  }
  if (byNumber.size === 0 && boxes.length > 0) return undefined;
  return [...byNumber].map(([number, own]) => ({ number, boxes: own }));
}

type FoundOptions = { match: GivenMatch; size: Size; options: ToGivenOptions };

function toFound(boxes: readonly NewGivenBox[], { match, size, options }: FoundOptions): FrameDetection[] {
  const scale = isShare(match) ? size : { width: 1, height: 1 };
  const found = boxes.flatMap((box): FrameDetection[] => {
    const label = options.labelOf(box.category);
    if (label === undefined) return [];
    const x1 = box.x * scale.width;
    const y1 = box.y * scale.height;
    const raw = { x1, y1, x2: x1 + box.width * scale.width, y2: y1 + box.height * scale.height };
    return [{ label, score: Math.round(box.score * 1e4) / 1e4, box: toStoredBox(raw, size) }];
  });
  const tooMany = found.length - options.maxBoxes;
  if (tooMany > 0) options.leftOut('too_many', tooMany);
  return found.slice(0, options.maxBoxes);
}
