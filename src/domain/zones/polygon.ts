import type { BoxXyxy } from '../box.ts';
import type { ZonePoint } from './zone.ts';

/** What lies nearer to a border than this lies on it: a box cut by the lower border of the picture has y = 1. */
export const BORDER = 1e-9;

/** Whether a point lies in the polygon (even–odd) or on its border. */
export function isInsidePolygon(point: ZonePoint, polygon: readonly ZonePoint[]): boolean {
  const { edges, bounds } = outlineOf(polygon);
  const [x, y] = point;
  // Most boxes are in none of a camera's zones.
  if (x < bounds.x1 - BORDER || x > bounds.x2 + BORDER || y < bounds.y1 - BORDER || y > bounds.y2 + BORDER) return false;
  let inside = false;
  for (const [a, b] of edges) {
    if (isOnSegment(point, a, b)) return true;
    if (crossesRayOf(point, a, b)) inside = !inside;
  }
  return inside;
}

/** Whether a box and a polygon have at least a point in common. */
export function overlapsPolygon(box: BoxXyxy, polygon: readonly ZonePoint[]): boolean {
  const corners: ZonePoint[] = [
    [box.x1, box.y1],
    [box.x2, box.y1],
    [box.x2, box.y2],
    [box.x1, box.y2],
  ];
  if (corners.some((corner) => isInsidePolygon(corner, polygon))) return true;
  if (polygon.some(([x, y]) => x >= box.x1 && x <= box.x2 && y >= box.y1 && y <= box.y2)) return true;
  const sides = edgesOf(corners);
  return edgesOf(polygon).some((edge) => sides.some((side) => doSegmentsTouch(edge, side)));
}

/**
 * The first two sides, counted from 1, that are no neighbours and yet meet. A side that runs back over its neighbour ends on it, and
 * there its next neighbour meets that one; only three points on one line escape.
 */
export function findSelfCrossing(polygon: readonly ZonePoint[]): [number, number] | undefined {
  const edges = edgesOf(polygon);
  for (const [i, first] of edges.entries()) {
    for (const [j, second] of edges.entries()) {
      const areNeighbours = j === i + 1 || (i === 0 && j === edges.length - 1);
      if (j > i && !areNeighbours && doSegmentsTouch(first, second)) return [i + 1, j + 1];
    }
  }
  return undefined;
}

export function areOnOneLine(points: readonly ZonePoint[]): boolean {
  const [first] = points;
  if (!first) return true;
  const farthest = points.reduce((best, point) => (distanceBetween(first, point) > distanceBetween(first, best) ? point : best), first);
  const length = distanceBetween(first, farthest);
  return points.every((point) => Math.abs(cross(first, farthest, point)) <= BORDER * length);
}

export function distanceBetween([ax, ay]: ZonePoint, [bx, by]: ZonePoint): number {
  return Math.hypot(bx - ax, by - ay);
}

type Edge = readonly [ZonePoint, ZonePoint];

function edgesOf(polygon: readonly ZonePoint[]): Edge[] {
  return polygon.map((point, i) => [point, polygon[(i + 1) % polygon.length] ?? point]);
}

type Outline = { edges: readonly Edge[]; bounds: BoxXyxy };

/** One polygon is asked about many points. */
const outlines = new WeakMap<readonly ZonePoint[], Outline>();

function outlineOf(polygon: readonly ZonePoint[]): Outline {
  const known = outlines.get(polygon);
  if (known) return known;
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  const bounds = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
  const outline = { edges: edgesOf(polygon), bounds };
  outlines.set(polygon, outline);
  return outline;
}

/** Whether the edge crosses the ray to the right. Half-open, so that a corner on the ray counts for one of its edges. */
function crossesRayOf([x, y]: ZonePoint, [ax, ay]: ZonePoint, [bx, by]: ZonePoint): boolean {
  return ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay);
}

function isOnSegment([x, y]: ZonePoint, [ax, ay]: ZonePoint, [bx, by]: ZonePoint): boolean {
  const [dx, dy] = [bx - ax, by - ay];
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / lengthSquared));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy) <= BORDER;
}

function doSegmentsTouch([a, b]: Edge, [c, d]: Edge): boolean {
  if (isOnSegment(a, c, d) || isOnSegment(b, c, d) || isOnSegment(c, a, b) || isOnSegment(d, a, b)) return true;
  return cross(a, b, c) > 0 !== cross(a, b, d) > 0 && cross(c, d, a) > 0 !== cross(c, d, b) > 0;
}

function cross([ax, ay]: ZonePoint, [bx, by]: ZonePoint, [cx, cy]: ZonePoint): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
