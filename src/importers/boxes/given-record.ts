import type { JsonPart } from '../split-json.ts';

/** Why a box or an entry is not taken. */
export type RefusalReason = 'no_box' | 'no_area' | 'no_score' | 'no_category' | 'no_frame' | 'no_image' | 'no_name' | 'crowd';

/** What a document of detections made elsewhere says, piece by piece. */
export type GivenRecord = GivenImage | GivenBox | GivenCategory | GivenInfo | { kind: 'refused'; reason: RefusalReason };

/** A picture or a video that was looked at, or one frame of a video. */
export type GivenImage = {
  kind: 'image';
  /** Names it within the document. */
  id: string;
  /** As it is written there. */
  file: string;
  /** Of the frame, where the entry is one of a video. */
  offsetMs?: number | undefined;
  /** Boxes are in pixels of a picture of this size; 1 × 1 where they are shares. */
  width?: number | undefined;
  height?: number | undefined;
  frameRate?: number | undefined;
  /** Numbers of the frames of a video that were looked at. */
  frames?: readonly number[] | undefined;
  /** Why it was not looked at. */
  failure?: string | undefined;
};

export type GivenBox = {
  kind: 'box';
  image: string;
  category: string;
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Number of the frame of a video. */
  frame?: number | undefined;
};

export type GivenCategory = { kind: 'category'; id: string; label: string };

export type GivenInfo = { kind: 'info'; detector?: string | undefined; typicalScore?: number | undefined };

/** Reads the parts of one format. Throws ImportError for what is another format. */
export type GivenReader = (parts: AsyncIterable<JsonPart>) => AsyncIterable<GivenRecord>;

type RawBox = { image: string; category: unknown; score: unknown; box: unknown; frame?: number | undefined };

/** A box, or why it is none. */
export function toBox({ image, category, score, box, frame }: RawBox): GivenRecord {
  if (!Array.isArray(box) || box.length !== 4 || !box.every(isFinite)) return refused('no_box');
  const [x, y, width, height] = box as [number, number, number, number];
  if (width <= 0 || height <= 0) return refused('no_area');
  if (!isFinite(score) || score < 0 || score > 1) return refused('no_score');
  const id = toId(category);
  if (id === undefined) return refused('no_category');
  return { kind: 'box', image, category: id, score, x, y, width, height, frame };
}

export function refused(reason: RefusalReason): GivenRecord {
  return { kind: 'refused', reason };
}

/** Ids are numbers in some documents and texts in others. */
export function toId(value: unknown): string | undefined {
  if (typeof value === 'string') return value.slice(0, 200);
  return isFinite(value) ? String(value) : undefined;
}

const MAX_LABEL = 100;

export function toCategory(id: unknown, name: unknown): GivenRecord {
  const label = typeof name === 'string' ? name.trim().toLowerCase().replaceAll('\0', '').slice(0, MAX_LABEL) : '';
  const known = toId(id);
  return label === '' || known === undefined ? refused('no_category') : { kind: 'category', id: known, label };
}

export function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_FRAME = 2 ** 31 - 1;

export function isFrameNumber(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_FRAME;
}
