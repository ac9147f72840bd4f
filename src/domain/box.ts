/** Width first, in pixels. */
export type Size = { width: number; height: number };

/** Corners in pixels of the picture after rotation; may be fractional. */
export type BoxXyxy = { x1: number; y1: number; x2: number; y2: number };

/** Top-left corner and size in whole pixels of the picture after rotation. */
export type BoxXywh = { x: number; y: number; width: number; height: number };

/** A position in pixels. */
export type Point = { x: number; y: number };

export function xywhToXyxy(box: BoxXywh): BoxXyxy {
  return { x1: box.x, y1: box.y, x2: box.x + box.width, y2: box.y + box.height };
}

/** Length of the box's diagonal in pixels. */
export function diagonal(box: BoxXywh): number {
  return Math.sqrt(box.width * box.width + box.height * box.height);
}

/** Area in square pixels. */
export function area(box: BoxXywh): number {
  return box.width * box.height;
}

export function centre(box: BoxXywh): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Middle of the lower edge: where a standing object touches the ground. */
export function bottomCentre(box: BoxXywh): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height };
}

/** Distance of two positions in pixels. */
export function distance(a: Point, b: Point): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  return Math.sqrt(dx * dx + dy * dy);
}

/** Distance of the two centres in pixels. */
export function centreDistance(a: BoxXywh, b: BoxXywh): number {
  return distance(centre(a), centre(b));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Whole pixels, inside the picture, each side at least 1 even where the raw box lies on or beyond the border. */
export function toStoredBox(raw: BoxXyxy, picture: Size): BoxXywh {
  const [x, width] = toStoredSide(raw.x1, raw.x2, picture.width);
  const [y, height] = toStoredSide(raw.y1, raw.y2, picture.height);
  return { x, y, width, height };
}

function toStoredSide(from: number, to: number, limit: number): [start: number, length: number] {
  const start = Math.min(Math.round(clamp(from, 0, limit)), limit - 1);
  const end = Math.round(clamp(to, 0, limit));
  return [start, Math.max(1, end - start)];
}

/** The same box in a picture of another size, as when a camera's snapshots are smaller than its videos. */
export function rescaleBox(box: BoxXywh, from: Size, to: Size): BoxXywh {
  if (from.width === to.width && from.height === to.height) return box;
  const scaleX = to.width / from.width;
  const scaleY = to.height / from.height;
  return { x: box.x * scaleX, y: box.y * scaleY, width: box.width * scaleX, height: box.height * scaleY };
}
