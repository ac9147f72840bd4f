import type { ZoneShape } from '../enums.ts';
import { areOnOneLine, BORDER, distanceBetween, findSelfCrossing } from './polygon.ts';
import type { ZonePoint } from './zone.ts';

export type ParsedCoordinates = { ok: true; coordinates: ZonePoint[] } | { ok: false; message: string };

/** As many as the `zones` table accepts. */
const MAX_POINTS = 100;

/** Reads points as typed on a command line: `0.1,0.2 0.5,0.9`, with blanks or semicolons between them, or a JSON list. Never throws. */
export function parseZonePoints(text: string, shape: ZoneShape): ParsedCoordinates {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return parseZoneCoordinates(fromJson(trimmed), shape);
  const pairs = trimmed.split(/[\s;]+/).filter((pair) => pair !== '');
  return parseZoneCoordinates(
    pairs.map((pair) => pair.split(',').map((number) => (number.trim() === '' ? NaN : Number(number)))),
    shape,
  );
}

/**
 * Checks the coordinates of a zone and brings them into the stored form: a rectangle, also one of two opposite corners, lists
 * its four corners clockwise from the upper left; a polygon keeps its order, without repeated points. Never throws.
 */
export function parseZoneCoordinates(value: unknown, shape: ZoneShape): ParsedCoordinates {
  const points = readPoints(value);
  if (typeof points === 'string') return refuse(points);
  const different = withoutRepeats(points);
  const result = shape === 'rectangle' ? toRectangle(different) : different;
  if (typeof result === 'string') return refuse(result);
  const complaint = shape === 'rectangle' ? undefined : complaintAboutPolygon(result);
  return complaint === undefined ? { ok: true, coordinates: result } : refuse(complaint);
}

function refuse(message: string): ParsedCoordinates {
  return { ok: false, message };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readPoints(value: unknown): ZonePoint[] | string {
  if (!Array.isArray(value)) return 'coordinates are a list of points such as [[0.1, 0.2], [0.5, 0.9]]';
  if (value.length > MAX_POINTS) return `a zone has at most ${MAX_POINTS} points, not ${value.length}`;
  const points: ZonePoint[] = [];
  for (const [index, entry] of (value as unknown[]).entries()) {
    const point = readPoint(entry);
    if (typeof point === 'string') return `point ${index + 1}: ${point}`;
    points.push(point);
  }
  return points;
}

function readPoint(entry: unknown): ZonePoint | string {
  if (!Array.isArray(entry) || entry.length !== 2) return 'a point is two numbers, x and y';
  const [x, y] = entry as unknown[];
  if (!isNumber(x) || !isNumber(y)) return 'x and y must be numbers';
  if (isShare(x) && isShare(y)) return [x, y];
  return `${isShare(x) ? `y is ${y}` : `x is ${x}`}, but coordinates are parts of the picture from 0 to 1, not pixels or per cent`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** Points that follow their like are dropped, also the last one where it closes the ring. */
function withoutRepeats(points: readonly ZonePoint[]): ZonePoint[] {
  const kept: ZonePoint[] = [];
  for (const point of points) {
    const before = kept.at(-1);
    if (!before || !isSame(before, point)) kept.push(point);
  }
  const [first, last] = [kept[0], kept.at(-1)];
  if (kept.length > 1 && first && last && isSame(first, last)) kept.pop();
  return kept;
}

function isSame(a: ZonePoint, b: ZonePoint): boolean {
  return distanceBetween(a, b) <= BORDER;
}

function toRectangle(points: readonly ZonePoint[]): ZonePoint[] | string {
  const [left, right] = rangeOf(points.map(([x]) => x));
  const [top, bottom] = rangeOf(points.map(([, y]) => y));
  if (points.length !== 2 && points.length !== 4) {
    return `a rectangle has two opposite corners, or four, not ${points.length} different points`;
  }
  if (right - left <= BORDER || bottom - top <= BORDER) return 'the rectangle has no area: its corners must differ in x and in y';
  const corners: ZonePoint[] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  const isUpright = points.length === 2 || corners.every((corner) => points.some((point) => isSame(corner, point)));
  return isUpright ? corners : 'the four points are not the corners of an upright rectangle; shape polygon takes any outline';
}

function rangeOf(values: readonly number[]): [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)];
}

function complaintAboutPolygon(points: readonly ZonePoint[]): string | undefined {
  if (points.length < 3) return `a polygon needs at least 3 different points, not ${points.length}`;
  if (areOnOneLine(points)) return 'the polygon has no area: its points lie on one line';
  const crossing = findSelfCrossing(points);
  return crossing && `the polygon crosses or touches itself: side ${crossing[0]} meets side ${crossing[1]}`;
}
