import { describe, expect, test } from 'vitest';

import { parseZoneCoordinates } from '../../../../src/domain/zones/parse-coordinates.ts';
import { findSelfCrossing, isInsidePolygon, overlapsPolygon } from '../../../../src/domain/zones/polygon.ts';
import type { ZonePoint } from '../../../../src/domain/zones/zone.ts';
import { seededRandom } from '../make-detections.ts';

const SQUARE: ZonePoint[] = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.8, 0.8],
  [0.2, 0.8],
];
const L_SHAPE: ZonePoint[] = [
  [0, 0],
  [0.6, 0],
  [0.6, 0.3],
  [0.3, 0.3],
  [0.3, 1],
  [0, 1],
];

test('nothing is inside a polygon without points', () => {
  expect(isInsidePolygon([0.5, 0.5], [])).toBe(false);
  expect(overlapsPolygon({ x1: 0, y1: 0, x2: 1, y2: 1 }, [])).toBe(false);
});

test.each<[string, ZonePoint[], ZonePoint, boolean]>([
  ['square', SQUARE, [0.5, 0.5], true],
  ['square', SQUARE, [0.9, 0.5], false],
  ['square', SQUARE, [0.2, 0.5], true],
  ['square', SQUARE, [0.8, 0.5], true],
  ['square', SQUARE, [0.8, 0.8], true],
  ['square', SQUARE, [0.199999, 0.5], false],
  ['square', SQUARE, [0.2 - 0.9e-9, 0.5], true],
  ['square', SQUARE, [0.2 - 1.1e-9, 0.5], false],
  ['square', SQUARE, [0.1, 0.2], false],
  ['square', SQUARE, [0.1, 0.8], false],
  ['L', L_SHAPE, [0.5, 0.2], true],
  ['L', L_SHAPE, [0.5, 0.5], false],
  ['L', L_SHAPE, [0.1, 0.9], true],
  ['L', L_SHAPE, [0.3, 0.3], true],
  ['L', L_SHAPE, [0.4, 0.3], true],
  ['L', L_SHAPE, [0.2, 0.3], true],
  ['L', L_SHAPE, [0.1, 1], true],
])('in the %s %j, the point %j is inside: %s (§7)', (_, polygon, point, inside) => {
  expect(isInsidePolygon(point, polygon)).toBe(inside);
});

test.each([
  ['wholly inside the zone', { x1: 0.4, y1: 0.4, x2: 0.5, y2: 0.5 }, true],
  ['around the whole zone', { x1: 0, y1: 0, x2: 1, y2: 1 }, true],
  ['with a corner inside', { x1: 0.7, y1: 0.7, x2: 1, y2: 1 }, true],
  ['crossing it like a bar', { x1: 0, y1: 0.4, x2: 1, y2: 0.5 }, true],
  ['touching a side', { x1: 0.8, y1: 0.3, x2: 1, y2: 0.5 }, true],
  ['touching a corner', { x1: 0.8, y1: 0.8, x2: 1, y2: 1 }, true],
  ['beside it', { x1: 0.81, y1: 0.3, x2: 1, y2: 0.5 }, false],
  ['below it', { x1: 0.2, y1: 0.81, x2: 0.8, y2: 1 }, false],
])('a box %s overlaps the square: %s %s (§7)', (_, box, overlaps) => {
  expect(overlapsPolygon(box, SQUARE)).toBe(overlaps);
});

test('a box in the notch of the L does not overlap it (§7)', () => {
  expect(overlapsPolygon({ x1: 0.4, y1: 0.4, x2: 0.6, y2: 0.9 }, L_SHAPE)).toBe(false);
  expect(overlapsPolygon({ x1: 0.29, y1: 0.4, x2: 0.6, y2: 0.9 }, L_SHAPE)).toBe(true);
});

/** Points around a centre at growing angles: never self-crossing. */
function starPolygon(random: () => number): ZonePoint[] {
  const count = 3 + Math.floor(random() * 9);
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i + 0.1 + 0.8 * random()) / count) * 2 * Math.PI;
    const radius = 0.05 + 0.45 * random();
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)] as const;
  });
}

/** By areas of the triangles to the centre: inside a star polygon iff inside one of them. */
function isInsideSlowly([x, y]: ZonePoint, polygon: ZonePoint[]): boolean {
  return polygon.some(([ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length]!;
    const side = (px: number, py: number, qx: number, qy: number) => (qx - px) * (y - py) - (qy - py) * (x - px);
    return side(0.5, 0.5, ax, ay) >= 0 && side(ax, ay, bx, by) >= 0 && side(bx, by, 0.5, 0.5) >= 0;
  });
}

describe('of 300 random polygons', () => {
  const random = seededRandom(7);
  const cases = Array.from({ length: 300 }, () => {
    const polygon = starPolygon(random);
    return {
      polygon,
      turn: Math.floor(random() * polygon.length),
      points: Array.from({ length: 40 }, () => [random(), random()] as const),
    };
  });

  test('each is accepted, from whichever point and in whichever direction it is listed (§7)', () => {
    for (const { polygon, turn } of cases) {
      const turned = [...polygon.slice(turn), ...polygon.slice(0, turn)];
      for (const order of [polygon, turned, turned.toReversed()]) {
        expect(findSelfCrossing(order)).toBeUndefined();
        expect(parseZoneCoordinates(order, 'polygon').ok).toBe(true);
      }
    }
  });

  test('the inside is the same wherever the list begins and whichever way it runs, and is what triangles say (§7)', () => {
    for (const { polygon, turn, points } of cases) {
      // Fans of more than half a turn have no centre triangle.
      const isFan = polygon.length >= 5;
      const turned = [...polygon.slice(turn), ...polygon.slice(0, turn)];
      for (const point of points) {
        const inside = isInsidePolygon(point, polygon);
        expect(isInsidePolygon(point, turned)).toBe(inside);
        expect(isInsidePolygon(point, turned.toReversed())).toBe(inside);
        if (isFan) expect(inside).toBe(isInsideSlowly(point, polygon));
      }
    }
  });

  test('a box overlaps when any point of a fine grid in it is inside, and turns with the list (§7)', () => {
    for (const { polygon, turn, points } of cases.slice(0, 60)) {
      const [[x1, y1], [dx, dy]] = [points[0]!, points[1]!];
      const box = { x1, y1, x2: x1 + dx / 3, y2: y1 + dy / 3 };
      const grid = Array.from({ length: 400 }, (_, i) => {
        return [box.x1 + ((i % 20) / 19) * (box.x2 - box.x1), box.y1 + (Math.floor(i / 20) / 19) * (box.y2 - box.y1)] as const;
      });
      const overlaps = overlapsPolygon(box, polygon);
      if (grid.some((point) => isInsidePolygon(point, polygon))) expect(overlaps).toBe(true);
      const turned = [...polygon.slice(turn), ...polygon.slice(0, turn)];
      expect(overlapsPolygon(box, turned.toReversed())).toBe(overlaps);
    }
  });

  test('two swapped neighbours of a square-like outline cross (§7)', () => {
    const crossed = SQUARE.with(1, SQUARE[2]!).with(2, SQUARE[1]!);
    for (let turn = 0; turn < 4; turn += 1) {
      expect(findSelfCrossing([...crossed.slice(turn), ...crossed.slice(0, turn)])).toBeDefined();
    }
  });
});
