import type { BoxXywh } from '../../../src/domain/box.ts';
import type { StoredDetection } from '../../../src/domain/stored-detection.ts';
import type { TrackedDetection } from '../../../src/domain/track.ts';

/** A detection of a 1920×1080 video frame; `id` and time are the two things every test must choose. */
export function makeDetection(id: number, atMs: number, part: Partial<StoredDetection> = {}): StoredDetection {
  return {
    id,
    detectedAtMs: atMs,
    mediaFileId: 1,
    fileSha256: 'aa',
    frameOffsetMs: atMs,
    label: 'person',
    score: 0.9,
    box: { x: 100, y: 100, width: 60, height: 150 },
    picture: { width: 1920, height: 1080 },
    isStill: false,
    ...part,
  };
}

export function makeTracked(id: number, atMs: number, part: Partial<TrackedDetection> = {}): TrackedDetection {
  return { ...makeDetection(id, atMs), isStatic: false, ...part };
}

export function boxAt(x: number, y = 100, width = 60, height = 150): BoxXywh {
  return { x, y, width, height };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
