/** One file of a camera on the line of footage time; `endMs` is where its readable part ends. A still begins and ends at one moment. */
export type ClipSource = { startMs: number; endMs: number; isStill: boolean };

/** `atMs`: place in the clip. A part is played from `fromMs` of its file, a gap is black, a still is held. */
export type ClipStep<Source extends ClipSource> = { atMs: number; durationMs: number } & (
  { kind: 'part'; source: Source; fromMs: number } | { kind: 'still'; source: Source } | { kind: 'gap'; missingMs: number }
);

type ClipWindow = { fromMs: number; untilMs: number };

/** A longer hole in the footage is shown. */
const SHOWN_HOLE_MS = 1_000;
const BLACK_MS = 1_000;
/** Two stills a second. */
const STILL_MS = 500;
/** Less than a frame is not worth a run of the decoder. */
const SHORTEST_PART_MS = 40;

/**
 * What a clip of a span of footage time is made of, in the order of footage. Where files overlap, the later one goes on where the earlier
 * one ends; nothing is shown twice. Stills are shown only where the span holds no video.
 */
export function planClip<Source extends ClipSource>(sources: readonly Source[], window: ClipWindow): ClipStep<Source>[] {
  const sorted = [...sources].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const steps = videoSteps(
    sorted.filter(({ isStill }) => !isStill),
    window,
  );
  return steps.length > 0
    ? steps
    : stillSteps(
        sorted.filter(({ isStill }) => isStill),
        window,
      );
}

function videoSteps<Source extends ClipSource>(videos: readonly Source[], { fromMs, untilMs }: ClipWindow): ClipStep<Source>[] {
  const steps: ClipStep<Source>[] = [];
  let shownUntilMs: number | undefined;
  let atMs = 0;
  for (const source of videos) {
    const start = Math.max(fromMs, source.startMs, shownUntilMs ?? fromMs);
    const end = Math.min(untilMs, source.endMs);
    if (end - start < SHORTEST_PART_MS) continue;
    const missingMs = start - (shownUntilMs ?? start);
    if (missingMs > SHOWN_HOLE_MS) {
      steps.push({ kind: 'gap', atMs, durationMs: BLACK_MS, missingMs });
      atMs += BLACK_MS;
    }
    steps.push({ kind: 'part', atMs, durationMs: end - start, source, fromMs: start - source.startMs });
    atMs += end - start;
    shownUntilMs = end;
  }
  return steps;
}

function stillSteps<Source extends ClipSource>(stills: readonly Source[], { fromMs, untilMs }: ClipWindow): ClipStep<Source>[] {
  return stills
    .filter(({ startMs }) => startMs >= fromMs && startMs <= untilMs)
    .map((source, index) => ({ kind: 'still', atMs: index * STILL_MS, durationMs: STILL_MS, source }));
}
