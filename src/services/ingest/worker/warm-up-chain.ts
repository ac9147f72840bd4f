import { continuesPredecessor, HANDOVER_SAMPLES } from '../../../domain/file-chain.ts';
import { toMotionLuma } from '../../../domain/luma.ts';
import { sampleOffsetsMs } from '../../../domain/sampling.ts';
import { decodeStill } from '../../../media/decode-still.ts';
import { MediaError } from '../../../media/media-error.ts';
import { chainLinkOf, needsBackground, type Analyser } from './analyse-frames.ts';
import type { AnalysisTask, FileToAnalyse } from './analysis-task.ts';
import { keepLast, type ChainEnd, type GreySample } from './grey-chain.ts';
import { judgeVideo } from './judge-video.ts';
import { openSamples, planFor, probeOf, scaleFor } from './open-samples.ts';

/**
 * Re-reads the end of the footage that leads up to a task, so that its first file starts with the background it would
 * have had if the files before it had just been worked through (§3.3). Damage found here was reported when those files
 * were read for themselves. `onSample` is a sign of life: a file before may be long.
 */
export async function warmUpChain(analyser: Analyser, task: AnalysisTask, onSample: () => void): Promise<void> {
  const [first] = task.files;
  if (first === undefined || !needsBackground(analyser.settings, first)) return;
  let next = chainLinkOf(first);
  let end: ChainEnd | undefined;
  for (const file of task.before.toReversed()) {
    const seen = await readEnd(analyser, file, onSample);
    // A file that gives nothing is as good as not there.
    if (seen === undefined) continue;
    if (!continuesPredecessor(seen.file, next)) break;
    end = prepend(seen, end);
    if (end.samples.length >= HANDOVER_SAMPLES) break;
    next = seen.file;
  }
  analyser.chain.resume(end);
}

function prepend(earlier: ChainEnd, end: ChainEnd | undefined): ChainEnd {
  if (end === undefined) return earlier;
  return { file: end.file, samples: [...earlier.samples, ...end.samples].slice(-HANDOVER_SAMPLES) };
}

async function readEnd(analyser: Analyser, file: FileToAnalyse, onSample: () => void): Promise<ChainEnd | undefined> {
  try {
    return await (file.mediaType === 'image' ? readStill(analyser, file) : readVideoEnd(analyser, file, onSample));
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

async function readStill(analyser: Analyser, file: FileToAnalyse): Promise<ChainEnd> {
  const { picture } = await decodeStill(file, scaleFor(analyser));
  return { file: chainLinkOf(file), samples: [{ luma: toMotionLuma(picture), atMs: file.startMs }] };
}

async function readVideoEnd(analyser: Analyser, file: FileToAnalyse, onSample: () => void): Promise<ChainEnd | undefined> {
  const offsets = sampleOffsetsMs(planFor(analyser, file), file.endMs - file.startMs);
  const fromMs = offsets?.at(-HANDOVER_SAMPLES);
  if (fromMs !== undefined) {
    const { samples } = await readSamples(analyser, { file, fromMs, onSample });
    const lastMs = (samples.at(-1)?.atMs ?? 0) - file.startMs;
    // All are there, up to the very end: nothing before them matters.
    if (samples.length === HANDOVER_SAMPLES && lastMs >= (offsets?.at(-1) ?? 0)) return { file: chainLinkOf(file), samples };
  }
  return readDamagedEnd(analyser, file, onSample);
}

/** Of a short or torn video only reading all of it tells where it really ends. */
async function readDamagedEnd(analyser: Analyser, file: FileToAnalyse, onSample: () => void): Promise<ChainEnd | undefined> {
  const { samples, framesLookedAt, report } = await readSamples(analyser, { file, onSample });
  const record = { detections: [], analysedOffsetsMs: [], framesLookedAt, inferences: 0, sceneFacts: [] };
  const { status, readableMs } = judgeVideo(file, { plan: planFor(analyser, file), record, report, original: probeOf(file) });
  return status === 'failed' ? undefined : { file: { ...chainLinkOf(file), endMs: file.startMs + readableMs }, samples };
}

type ReadOptions = { file: FileToAnalyse; fromMs?: number; onSample: () => void };

/** The last samples of a video; with `fromMs` only what follows that sample is decoded. */
async function readSamples(analyser: Analyser, { file, fromMs, onSample }: ReadOptions) {
  const stream = openSamples(analyser, file, { fromMs });
  const samples: GreySample[] = [];
  let framesLookedAt = 0;
  for await (const { picture, offsetMs } of stream) {
    keepLast(samples, { luma: toMotionLuma(picture), atMs: file.startMs + offsetMs });
    framesLookedAt += 1;
    onSample();
  }
  return { samples, framesLookedAt, report: await stream.report };
}
