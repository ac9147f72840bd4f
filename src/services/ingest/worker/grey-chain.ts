import { createBackgroundModel, observe, type BackgroundModel, type MotionObservation } from '../../../domain/background-model.ts';
import { continuesPredecessor, HANDOVER_SAMPLES, type ChainLink } from '../../../domain/file-chain.ts';
import type { GreyPicture } from '../../../domain/picture.ts';
import type { Zone } from '../../../domain/zones/zone.ts';
import { createLumaStore } from './luma-store.ts';
import { createMaskBook } from './mask-book.ts';

export type GreySample = { luma: GreyPicture; atMs: number };

/** Adds a sample to the last ones, as many as are handed over. */
export function keepLast(samples: GreySample[], sample: GreySample): void {
  samples.push(sample);
  if (samples.length > HANDOVER_SAMPLES) samples.shift();
}

/** The end of footage: the file it ends with, as far as it could really be read, and at most the last samples of it. */
export type ChainEnd = { file: ChainLink; samples: readonly GreySample[] };

/**
 * Motion background of one camera over consecutive files. Within a file the background lives on from sample to sample;
 * at the border of a file it is rebuilt from the last samples before it, so that a run that was interrupted there sees
 * exactly what an undisturbed one sees.
 */
export type GreyChain = {
  /** Goes on from here; from nothing the next file starts cold. */
  resume(end: ChainEnd | undefined): void;
  /** `maskZones`: those of its camera in which motion is left out. */
  startFile(file: ChainLink, maskZones?: readonly Zone[]): void;
  /** Copies the luma: its memory may be used again. */
  observe(luma: GreyPicture, atMs: number): MotionObservation;
  /** Says how far the file could really be read: what comes after a torn end does not continue it. */
  endFile(endMs: number): void;
  /** The started file gave nothing: what comes next sees the footage before it, as if it were not there. */
  dropFile(): void;
};

export function createGreyChain(): GreyChain {
  let samples: GreySample[] = [];
  let background: BackgroundModel | undefined;
  let file: ChainLink | undefined;
  let before: ChainEnd | undefined;
  let zones: readonly Zone[] = [];
  const maskFor = createMaskBook();
  const store = createLumaStore();

  function see(luma: GreyPicture, atMs: number): MotionObservation {
    const { width, height } = luma;
    background ??= createBackgroundModel({ width, height, mask: maskFor(zones, luma), isStill: file?.isStill ?? false });
    return observe(background, luma, atMs);
  }

  function resume(end: ChainEnd | undefined): void {
    samples = [...(end?.samples ?? [])];
    file = end?.file;
    background = undefined;
  }

  return {
    resume,
    startFile(next, maskZones = []) {
      zones = maskZones;
      before = file && { file, samples: [...samples] };
      if (file !== undefined && !continuesPredecessor(file, next)) samples = [];
      file = next;
      background = undefined;
      for (const sample of samples) see(sample.luma, sample.atMs);
    },
    observe(luma, atMs) {
      if (samples.length === HANDOVER_SAMPLES) samples.shift();
      const held = [...samples, ...(before?.samples ?? [])].map((sample) => sample.luma);
      samples.push({ luma: store(luma, held), atMs });
      return see(luma, atMs);
    },
    endFile(endMs) {
      if (file !== undefined) file = { ...file, endMs };
    },
    dropFile() {
      resume(before);
    },
  };
}
