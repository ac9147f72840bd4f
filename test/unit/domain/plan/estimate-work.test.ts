import { expect, test } from 'vitest';
import {
  estimateWork,
  filesLeft,
  roundEstimate,
  scaleEstimate,
  spreadOf,
  timesEstimate,
  type CostSample,
  type WorkGroup,
} from '../../../../src/domain/plan/estimate-work.ts';

const still = (analysisMs: number, key = 'image jpeg 480'): CostSample => ({ key, kind: 'image', units: 1, analysisMs, detections: 2 });
const video = (seconds: number, analysisMs: number, key = 'video h264 720'): CostSample => ({
  key,
  kind: 'video',
  units: seconds,
  analysisMs,
  detections: seconds,
});
const stills = (files: number, key = 'image jpeg 480'): WorkGroup => ({ key, kind: 'image', files, units: files });
const videos = (files: number, seconds: number, key = 'video h264 720'): WorkGroup => ({ key, kind: 'video', files, units: seconds });
const many = (count: number, sample: CostSample): CostSample[] => Array.from({ length: count }, () => sample);
const nothing = { likely: 0, low: 0, high: 0 };

test('nothing to do takes nothing, for certain', () => {
  expect(estimateWork([], [])).toEqual({ work: nothing, detections: nothing, unknownFiles: 0 });
  expect(estimateWork([], [still(100)]).work).toEqual(nothing);
});

test('files of a kind that was never measured are counted, not guessed', () => {
  const { work, unknownFiles } = estimateWork([stills(10), videos(3, 600)], many(5, still(100)));
  expect(unknownFiles).toBe(3);
  expect(work).toEqual({ likely: 1_000, low: 1_000, high: 1_000 });
  expect(estimateWork([stills(10)], []).unknownFiles).toBe(10);
});

test('stills cost by their number, videos by their length, the mean counts', () => {
  const samples = [...many(3, still(100)), ...many(3, still(300)), ...many(3, video(10, 1_000)), ...many(3, video(30, 5_000))];
  const { work, detections } = estimateWork([stills(50), videos(2, 60)], samples);
  expect(work.likely).toBeCloseTo(50 * 200 + (60 * 18_000) / 120);
  expect(detections.likely).toBeCloseTo(50 * 2 + 60);
});

test('files alike are asked where there are five of them, else all of the kind', () => {
  const samples = [...many(4, still(100, 'image jpeg 480')), ...many(6, still(1_000, 'image jpeg 2160'))];
  expect(estimateWork([stills(1, 'image jpeg 2160')], samples).work.likely).toBe(1_000);
  expect(estimateWork([stills(1, 'image jpeg 480')], samples).work.likely).toBe(640);
  expect(estimateWork([stills(1, 'image png 10')], samples).work.likely).toBe(640);
});

test('two measured files say nothing of the spread, three do; samples without units say nothing at all', () => {
  expect(estimateWork([stills(10)], [still(100), still(300)]).work).toEqual({ likely: 2_000, low: null, high: null });
  const { low, high } = estimateWork([stills(10)], [still(100), still(200), still(300)]).work;
  expect(low).toBeLessThan(2_000);
  expect(high).toBeGreaterThan(2_000);
  expect(estimateWork([videos(1, 10)], [video(0, 500)]).unknownFiles).toBe(1);
});

test('the interval has the mean in it, narrows with more files, and is the same each time', () => {
  const spread = (count: number): number[] => Array.from({ length: count }, (_, index) => (index % 10) * 50);
  const of = (count: number) => estimateWork([stills(1_000)], spread(count).map((ms) => still(ms))).work; // prettier-ignore
  const [few, more] = [of(10), of(300)];
  for (const { likely, low, high } of [few, more]) {
    expect(likely).toBeCloseTo(225_000);
    expect(low).toBeLessThan(likely);
    expect(high).toBeGreaterThan(likely);
  }
  expect(Number(more.high) - Number(more.low)).toBeLessThan((Number(few.high) - Number(few.low)) / 3);
  expect(of(10)).toEqual(few);
});

test('groups that share their measured files are drawn together: their errors do not cancel out', () => {
  const samples = [still(0), still(0), still(0), still(1_000)];
  const one = estimateWork([stills(100)], samples).work;
  const parts = estimateWork([stills(50, 'image png 1'), stills(50, 'image png 2')], samples).work;
  expect(parts).toEqual(one);
});

test.each([
  [[], undefined],
  [[2], { likely: 2, low: null, high: null }],
  [[1, 2], { likely: 2, low: null, high: null }],
  [[3, 1, 2], { likely: 2, low: 1, high: 3 }],
])('of %j the spread is %j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread);
});

const wall = { likely: 100_000, low: 50_000, high: 200_000 };

test.each([
  [-5, { likely: 100, low: 100, high: 100 }],
  [0, { likely: 100, low: 100, high: 100 }],
  [50_000, { likely: 50, low: 0, high: 75 }],
  [100_000, { likely: 0, low: 0, high: 50 }],
  [Infinity, { likely: 0, low: 0, high: 0 }],
])('after %s ms of 100 files that take 50 to 200 s this is left', (windowMs, left) => {
  expect(filesLeft(100, wall, windowMs)).toEqual(left);
});

test('estimates are scaled, multiplied and rounded as a whole; what is not known stays so', () => {
  expect(filesLeft(10, { likely: 0, low: null, high: null }, 0)).toEqual({ likely: 0, low: null, high: null });
  expect(scaleEstimate(wall, 0.5)).toEqual({ likely: 50_000, low: 25_000, high: 100_000 });
  expect(timesEstimate(wall, { likely: 1.5, low: 1, high: 2 })).toEqual({ likely: 150_000, low: 50_000, high: 400_000 });
  expect(timesEstimate(wall, { likely: 1.5, low: null, high: null })).toEqual({ likely: 150_000, low: null, high: null });
  expect(roundEstimate({ likely: 123_456, low: null, high: 0.012345 })).toEqual({ likely: 123_000, low: null, high: 0.0123 });
});
