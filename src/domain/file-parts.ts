import { HANDOVER_SAMPLES } from './file-chain.ts';
import { sampleStepMs, type SamplePlan } from './sampling.ts';

/** Footage that is looked at in one piece. */
export const PART_MS = 5 * 60_000;

/** Samples that a part is warmed up with may cost it a tenth. */
const LEAST_WARM_UPS = 10;

/** Containers in which every picture carries its time, and whose seeking was found exact to the pixel, on damaged files, too. */
const SEEKABLE = /\.(?:mp4|m4v|mov|3gp|mkv|webm)$/i;

/** A part of a video, in ms from its start: [fromMs, untilMs). The last one reaches to the real end, whatever the container claims. */
export type FilePart = { index: number; of: number; fromMs: number; untilMs: number };

export type FileToCut = { path: string; mediaType: 'image' | 'video'; durationMs?: number | null | undefined };

export type CutOptions = { plan: SamplePlan; maxFrames?: number | undefined };

/**
 * The parts that a long video is looked at in; none where it is looked at as a whole: footage of up to one and a half parts, videos without a
 * known length, containers that are not sure to seek exactly, plans whose samples depend on what came before, and a limit on frames,
 * which counts from the start. Depends on nothing else, so that whoever looks at a file cuts it in the same places.
 */
export function cutFile({ path, mediaType, durationMs }: FileToCut, { plan, maxFrames }: CutOptions): FilePart[] {
  const stepMs = sampleStepMs(plan);
  if (mediaType === 'image' || !durationMs || stepMs === undefined || maxFrames !== undefined || !SEEKABLE.test(path)) return [];
  const partMs = Math.max(PART_MS, Math.ceil(LEAST_WARM_UPS * HANDOVER_SAMPLES * stepMs));
  const count = Math.round(durationMs / partMs);
  if (count < 2) return [];
  return Array.from({ length: count }, (_, index) => {
    const untilMs = index === count - 1 ? durationMs : (index + 1) * partMs;
    return { index, of: count, fromMs: index * partMs, untilMs };
  });
}

/** Where a part ends that is the last one of its file: nowhere. */
export function realEndMs({ index, of, untilMs }: FilePart): number {
  return index === of - 1 ? Infinity : untilMs;
}
