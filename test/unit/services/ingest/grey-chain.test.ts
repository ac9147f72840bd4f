import { expect, test } from 'vitest';

import type { BoxXywh } from '../../../../src/domain/box.ts';
import type { GreyPicture } from '../../../../src/domain/picture.ts';
import type { Zone } from '../../../../src/domain/zones/zone.ts';
import { createGreyChain } from '../../../../src/services/ingest/worker/grey-chain.ts';
import { createMaskBook } from '../../../../src/services/ingest/worker/mask-book.ts';

const SIZE = { width: 320, height: 180 };
const LEFT_HALF: Zone = {
  id: 'mask',
  coordinates: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
  enabled: true,
  priority: 0,
  purpose: 'motion_mask',
  anchor: 'bottom_centre',
  classes: null,
};
const ON_THE_LEFT = { x: 40, y: 60, width: 30, height: 60 };
const ON_THE_RIGHT = { ...ON_THE_LEFT, x: 200 };

function grey(box?: BoxXywh): GreyPicture {
  const data = new Float32Array(SIZE.width * SIZE.height).fill(100);
  for (let y = box?.y ?? 0; box && y < box.y + box.height; y += 1)
    data.fill(250, y * SIZE.width + box.x, y * SIZE.width + box.x + box.width);
  return { ...SIZE, data };
}

/** Whether motion is seen in a file whose last sample shows the box. */
function seesMotion(box: BoxXywh, zones?: readonly Zone[]): boolean {
  const chain = createGreyChain();
  const file = { startMs: 0, endMs: 10_000, picture: SIZE, isStill: false };
  chain.startFile(file, zones);
  for (const atMs of [500, 1000, 1500]) chain.observe(grey(), atMs);
  return chain.observe(grey(box), 2000).motion;
}

test('motion in a zone that masks it is not seen, motion beside it is (§3.2)', () => {
  expect(seesMotion(ON_THE_LEFT)).toBe(true);
  expect(seesMotion(ON_THE_LEFT, [LEFT_HALF])).toBe(false);
  expect(seesMotion(ON_THE_RIGHT, [LEFT_HALF])).toBe(true);
  expect(seesMotion(ON_THE_LEFT, [{ ...LEFT_HALF, purpose: 'ignore' }])).toBe(false);
});

test('the next file of another camera has its own zones', () => {
  const chain = createGreyChain();
  const file = { startMs: 0, endMs: 3000, picture: SIZE, isStill: false };
  chain.startFile(file, [LEFT_HALF]);
  for (const atMs of [500, 1000, 1500]) chain.observe(grey(), atMs);
  expect(chain.observe(grey(ON_THE_LEFT), 2000).motion).toBe(false);
  chain.resume(undefined);
  chain.startFile({ ...file, startMs: 60_000, endMs: 70_000 });
  for (const atMs of [60_500, 61_000, 61_500]) chain.observe(grey(), atMs);
  expect(chain.observe(grey(ON_THE_LEFT), 62_000).motion).toBe(true);
});

test('a mask is made once for the same zones and size', () => {
  const maskFor = createMaskBook();
  expect(maskFor([], SIZE)).toBeUndefined();
  const mask = maskFor([LEFT_HALF], SIZE);
  expect(maskFor([{ ...LEFT_HALF }], { ...SIZE })).toBe(mask);
  expect(maskFor([LEFT_HALF], { width: 16, height: 9 })).toHaveLength(144);
  expect(maskFor([{ ...LEFT_HALF, enabled: false }], SIZE)).toBeUndefined();
});

test('samples handed to the next file are those of the file before, whatever came after it', () => {
  const file = { startMs: 0, endMs: 30_000, picture: SIZE, isStill: false };
  const run = (dropped: number): boolean => {
    const chain = createGreyChain();
    chain.startFile(file);
    for (let atMs = 500; atMs <= 30_000; atMs += 500) chain.observe(grey(), atMs);
    const next = { ...file, startMs: 30_000, endMs: 60_000 };
    if (dropped > 0) {
      chain.startFile(next);
      for (let index = 0; index < dropped; index += 1) chain.observe(grey(ON_THE_RIGHT), 30_500 + 500 * index);
      chain.dropFile();
    }
    chain.startFile(next);
    return chain.observe(grey(ON_THE_RIGHT), 30_500).motion;
  };
  expect(run(0)).toBe(true);
  expect(run(50)).toBe(true);
});
