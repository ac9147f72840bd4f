import { HANDOVER_SAMPLES } from '../../../domain/file-chain.ts';
import { realEndMs, type FilePart } from '../../../domain/file-parts.ts';
import { toMotionLuma } from '../../../domain/luma.ts';
import { sampleOffsetsMs, type SamplePlan } from '../../../domain/sampling.ts';
import { onceMade } from '../../../lib/once-made.ts';
import { SEAM_MS } from '../../../media/ffmpeg/decoder-log.ts';
import { MediaError } from '../../../media/media-error.ts';
import { seeksExactly } from '../../../media/seeks-exactly.ts';
import type { ReportFrames } from './analyse-file.ts';
import { chainLinkOf, createFileAnalysis, needsBackground, type Analyser } from './analyse-frames.ts';
import type { FileToAnalyse, PartAnalysis } from './analysis-task.ts';
import { keepLast, type GreySample } from './grey-chain.ts';
import { openSamples, planFor, probeOf } from './open-samples.ts';

export type PartOfFile = { file: FileToAnalyse; part: FilePart };

/**
 * Looks at one part of a video. The first part goes on with the background that led up to the file; each later one starts with a background
 * made from the last samples before it, as a file does that follows another: so a part is the same whoever looks at it, and when.
 */
export async function analysePart(analyser: Analyser, work: PartOfFile, reportFrames: ReportFrames): Promise<PartAnalysis> {
  const { unreadable } = work.file;
  if (unreadable !== undefined) return { outcome: 'failed', ...unreadable, isOfFile: true };
  try {
    if (!(await seeksExactly(work.file))) return { outcome: 'not-seekable' };
    return await readPart(analyser, work, reportFrames);
  } catch (error) {
    if (error instanceof MediaError) return { outcome: 'failed', code: error.code, message: error.message, isOfFile: true };
    throw error;
  }
}

async function readPart(analyser: Analyser, work: PartOfFile, reportFrames: ReportFrames): Promise<PartAnalysis> {
  const startedAtMs = performance.now();
  const { file, part } = work;
  const { width, height } = probeOf(file);
  const warmUp = part.index > 0 && needsBackground(analyser.settings, file) ? ([] as GreySample[]) : undefined;
  const fromMs = leadUpMs(planFor(analyser, file), part, warmUp === undefined ? 1 : HANDOVER_SAMPLES);
  const stream = openSamples(analyser, file, { fromMs, part: { fromMs: part.fromMs, untilMs: realEndMs(part) } });
  const begin = onceMade(() => beginPart(analyser, work, warmUp));
  for await (const { picture, offsetMs } of stream) {
    if (offsetMs >= part.fromMs) await begin().look({ picture, original: { width, height }, offsetMs });
    else if (warmUp !== undefined) keepLast(warmUp, { luma: toMotionLuma(picture), atMs: file.startMs + offsetMs });
    reportFrames(0);
  }
  const report = await stream.report;
  if (report.endedBy === 'timeout') {
    return { outcome: 'failed', code: 'timeout', message: 'the decoder did not finish in time', isOfFile: false };
  }
  return { outcome: 'read', record: begin().record, report, analysisMs: Math.round(performance.now() - startedAtMs) };
}

function beginPart(
  analyser: Analyser,
  { file, part }: PartOfFile,
  warmUp: readonly GreySample[] | undefined,
): ReturnType<typeof createFileAnalysis> {
  const { fromMs, untilMs } = part;
  const whole = chainLinkOf(file);
  if (warmUp !== undefined) analyser.chain.resume({ file: { ...whole, endMs: file.startMs + fromMs }, samples: warmUp });
  return createFileAnalysis(analyser, file, { ...whole, startMs: file.startMs + fromMs, endMs: file.startMs + untilMs });
}

/**
 * Where reading begins: at a sample, or the slot of the first one would get another frame, and early enough to warm up the background and
 * for both sides to see the seam.
 */
function leadUpMs(plan: SamplePlan, { index, fromMs }: FilePart, samples: number): number | undefined {
  if (index === 0) return undefined;
  const before = sampleOffsetsMs(plan, fromMs) ?? [];
  const beforeSeam = before.findLast((offsetMs) => offsetMs <= fromMs - SEAM_MS) ?? 0;
  return Math.min(beforeSeam, before.at(-samples) ?? 0);
}
