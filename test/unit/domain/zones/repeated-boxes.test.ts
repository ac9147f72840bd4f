import { expect, test } from 'vitest';

import { iouXywh } from '../../../../src/domain/iou.ts';
import { centreZoneOf, createBoxClusters, type RepeatedBox, type StandingDetection } from '../../../../src/domain/zones/repeated-boxes.ts';
import { isInsidePolygon } from '../../../../src/domain/zones/polygon.ts';

const BOX = { x: 100, y: 200, width: 200, height: 100 };

function standing(id: number, part: Partial<StandingDetection> = {}): StandingDetection {
  const day = Math.floor(id / 10);
  return {
    id,
    label: 'car',
    detectedAtMs: id * 1000,
    localDay: `2026-01-0${String(day + 1)}`,
    mediaFileId: id,
    frameOffsetMs: 0,
    box: BOX,
    picture: { width: 1000, height: 500 },
    ...part,
  };
}

function repeated(detections: readonly StandingDetection[]): RepeatedBox[] {
  const clusters = createBoxClusters();
  for (const detection of detections) clusters.add(detection);
  return clusters.repeated();
}

const thirty = (part: (id: number) => Partial<StandingDetection> = () => ({})): StandingDetection[] =>
  Array.from({ length: 30 }, (_, id) => standing(id, part(id)));

test('nothing stands where nothing was seen', () => {
  expect(repeated([])).toEqual([]);
});

test('a place taken on three days and in twenty frames is one (§5.3)', () => {
  const [found, ...others] = repeated(thirty());
  expect(others).toEqual([]);
  expect(found).toMatchObject({ group: 'vehicle', labels: ['car'], days: 3, frames: 30, firstMs: 0, lastMs: 29_000 });
  expect(found!.box).toEqual({ x: 0.1, y: 0.4, width: 0.2, height: 0.2 });
  expect(found!.examples.map(({ id }) => id)).toEqual([0, 10, 29]);
});

test('two days, or nineteen frames, are not enough (§5.3)', () => {
  expect(repeated(thirty().slice(0, 20))).toEqual([]);
  expect(repeated(thirty((id) => ({ mediaFileId: Math.min(id, 18) })))).toEqual([]);
  expect(repeated(thirty((id) => ({ mediaFileId: Math.min(id, 19) })))).toHaveLength(1);
});

test('boxes belong together from an IoU of 0.8 with the first one on, also in another picture size', () => {
  const shifted = (dx: number): Partial<StandingDetection> => ({ box: { ...BOX, x: BOX.x + dx } });
  expect(iouXywh(BOX, { ...BOX, x: BOX.x + 22 })).toBeGreaterThanOrEqual(0.8);
  expect(iouXywh(BOX, { ...BOX, x: BOX.x + 23 })).toBeLessThan(0.8);
  expect(repeated(thirty((id) => (id % 2 === 0 ? {} : shifted(22))))).toMatchObject([{ frames: 30 }]);
  expect(repeated(thirty((id) => (id % 2 === 0 ? {} : shifted(23))))).toEqual([]);
  const half = { box: { x: 50, y: 100, width: 100, height: 50 }, picture: { width: 500, height: 250 } };
  expect(repeated(thirty((id) => (id % 2 === 0 ? {} : half)))).toMatchObject([{ frames: 30 }]);
});

test('classes of one group stand in one place, others do not', () => {
  expect(repeated(thirty((id) => ({ label: id % 3 === 0 ? 'car' : 'truck' })))).toMatchObject([{ labels: ['truck', 'car'] }]);
  expect(repeated(thirty((id) => ({ label: id % 2 === 0 ? 'car' : 'person' })))).toEqual([]);
});

test('the zone of a place holds the middle of just those boxes that an IoU of 0.8 would join', () => {
  const [[left, top], [right, bottom]] = centreZoneOf({ x: 0.1, y: 0.4, width: 0.2, height: 0.2 });
  const zone = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  expect(zone[0]).toEqual([0.1778, 0.4778]);
  const middle = (dx: number): [number, number] => [(BOX.x + dx + BOX.width / 2) / 1000, 0.5];
  expect(isInsidePolygon(middle(22), zone)).toBe(true);
  expect(isInsidePolygon(middle(23), zone)).toBe(false);
});
