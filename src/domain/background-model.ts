import { clamp } from './box.ts';
import type { Size } from './box.ts';
import { cleanMask, findRegions } from './motion-regions.ts';
import type { MotionRegion } from './motion-regions.ts';
import type { GreyPicture } from './picture.ts';

const TIME_CONSTANT_MS = 10_000;
const MIN_RATE = 0.02;
const MAX_RATE = 0.5;
const MOVING_RATE_SHARE = 1 / 5;
const DIFFERENCE_THRESHOLD = 22;
const JUMP_PIXEL_SHARE = 0.5;
const JUMP_MEAN = 30;

/** `mask`: one byte per pixel of the motion picture, not 0 where motion is ignored. `isStill`: stills report motion from their second picture on, videos from the third sample on. */
export type BackgroundModelOptions = Size & { mask?: Uint8Array | undefined; isStill?: boolean | undefined };

/** Floating average of one camera's luma with its work space. Only `observe` changes it. */
export type BackgroundModel = {
  size: Size;
  isStill: boolean;
  mask: Uint8Array | undefined;
  unmaskedPixels: number;
  background: Float32Array;
  set: Uint8Array;
  cleaned: Uint8Array;
  queue: Int32Array;
  samplesSeen: number;
  lastAtMs: number;
};

/** What one sample shows; `regions` is empty unless `motion`, largest first. `samplesSeen` counts this sample. */
export type MotionObservation = {
  motion: boolean;
  lightingJump: boolean;
  regions: MotionRegion[];
  samplesSeen: number;
};

export function createBackgroundModel(options: BackgroundModelOptions): BackgroundModel {
  const pixels = options.width * options.height;
  const unmasked = options.mask ? options.mask.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) : pixels;
  return {
    size: { width: options.width, height: options.height },
    isStill: options.isStill ?? false,
    mask: options.mask,
    unmaskedPixels: unmasked,
    background: new Float32Array(pixels),
    set: new Uint8Array(pixels),
    cleaned: new Uint8Array(pixels),
    queue: new Int32Array(pixels),
    samplesSeen: 0,
    lastAtMs: 0,
  };
}

/** Share by which the background moves towards a sample that comes `elapsedMs` after the one before. */
export function adaptionRate(elapsedMs: number): number {
  return clamp(1 - Math.exp(-elapsedMs / TIME_CONSTANT_MS), MIN_RATE, MAX_RATE);
}

/** Compares a sample with the background, then lets the background follow it. Samples come in order of time. */
export function observe(model: BackgroundModel, luma: GreyPicture, atMs: number): MotionObservation {
  if (luma.width !== model.size.width || luma.height !== model.size.height) resize(model, luma);
  const elapsedMs = atMs - model.lastAtMs;
  model.lastAtMs = atMs;
  if (model.samplesSeen === 0) return restart(model, luma, false);
  if (isLightingJump(model, compare(model, luma))) return restart(model, luma, true);

  cleanMask(model.set, model.size, model.cleaned);
  const regions = findRegions(model, luma.data);
  follow(model, luma, adaptionRate(elapsedMs));
  const motion = regions.length > 0 && model.samplesSeen >= (model.isStill ? 1 : 2);
  model.samplesSeen += 1;
  return { motion, lightingJump: false, regions: motion ? regions : [], samplesSeen: model.samplesSeen };
}

function restart(model: BackgroundModel, luma: GreyPicture, lightingJump: boolean): MotionObservation {
  model.background.set(luma.data);
  model.samplesSeen = 1;
  return { motion: false, lightingJump, regions: [], samplesSeen: 1 };
}

type Comparison = { setPixels: number; meanShift: number };

/** Fills `set`; masked pixels are never set and do not count for the mean. */
function compare(model: BackgroundModel, luma: GreyPicture): Comparison {
  const { unmaskedPixels } = model;
  const all = markChanged(model, luma.data);
  const masked = leaveOutMasked(model, luma.data);
  const shift = all.shift - masked.shift;
  return { setPixels: all.setPixels - masked.setPixels, meanShift: unmaskedPixels === 0 ? 0 : shift / unmaskedPixels };
}

/** Nothing comes after the loop: code that V8 compiles while it runs would be thrown away there each time, at 4 times the cost. */
function markChanged({ background, set }: BackgroundModel, grey: GreyPicture['data']): { setPixels: number; shift: number } {
  let setPixels = 0;
  let shift = 0;
  for (let i = 0; i < set.length; i += 1) {
    const delta = (grey[i] ?? 0) - (background[i] ?? 0);
    const isSet = Math.abs(delta) > DIFFERENCE_THRESHOLD ? 1 : 0;
    set[i] = isSet;
    setPixels += isSet;
    shift += delta;
  }
  return { setPixels, shift };
}

/** Most cameras have no mask: the loop over all pixels knows nothing of it. */
function leaveOutMasked({ mask, background, set }: BackgroundModel, grey: GreyPicture['data']): { setPixels: number; shift: number } {
  let setPixels = 0;
  let shift = 0;
  for (let i = 0; mask !== undefined && i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    setPixels += set[i] ?? 0;
    set[i] = 0;
    shift += (grey[i] ?? 0) - (background[i] ?? 0);
  }
  return { setPixels, shift };
}

function isLightingJump(model: BackgroundModel, { setPixels, meanShift }: Comparison): boolean {
  if (model.unmaskedPixels === 0) return false;
  return setPixels >= model.unmaskedPixels * JUMP_PIXEL_SHARE || Math.abs(meanShift) >= JUMP_MEAN;
}

/** Pixels of kept regions follow slower, so that what stops for a moment does not sink into the background. */
function follow(model: BackgroundModel, luma: GreyPicture, rate: number): void {
  const { background, cleaned } = model;
  const grey = luma.data;
  const movingRate = rate * MOVING_RATE_SHARE;
  for (let i = 0; i < background.length; i += 1) {
    const before = background[i] ?? 0;
    background[i] = before + (cleaned[i] === 0 ? rate : movingRate) * ((grey[i] ?? 0) - before);
  }
}

/** A picture of another size starts a new background; the mask is carried over by nearest pixel. */
function resize(model: BackgroundModel, size: Size): void {
  const mask = model.mask && resizeMask(model.mask, model.size, size);
  Object.assign(model, createBackgroundModel({ width: size.width, height: size.height, mask, isStill: model.isStill }));
}

function resizeMask(mask: Uint8Array, from: Size, to: Size): Uint8Array {
  const resized = new Uint8Array(to.width * to.height);
  for (let y = 0; y < to.height; y += 1) {
    const rowStart = Math.floor(((y + 0.5) * from.height) / to.height) * from.width;
    for (let x = 0; x < to.width; x += 1) {
      resized[y * to.width + x] = mask[rowStart + Math.floor(((x + 0.5) * from.width) / to.width)] ?? 0;
    }
  }
  return resized;
}
