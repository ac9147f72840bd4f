import { counted } from '../../../lib/counted.ts';
import { MediaError } from '../../../media/media-error.ts';
import { createFileAnalysis, type Analyser } from './analyse-frames.ts';
import type { FileAnalysis, FileToAnalyse, GivenFrame } from './analysis-task.ts';
import { failedAnalysis } from './failed-analysis.ts';
import { createFrameClaims } from './frame-claims.ts';
import { judgeVideo } from './judge-video.ts';
import { openSamples, planFor, probeOf } from './open-samples.ts';

export type ReportFrames = (frames: number) => void;

/** Analyses one file. A file that cannot be read is an outcome, not an error; anything else thrown is a bug or a crash. */
export async function analyseFile(analyser: Analyser, file: FileToAnalyse, reportFrames: ReportFrames): Promise<FileAnalysis> {
  const { given, unreadable } = file;
  if (unreadable !== undefined) return failedAnalysis(unreadable.code, unreadable.message);
  if (given !== undefined && 'code' in given) return failedAnalysis(given.code, given.message);
  try {
    if (file.mediaType === 'image') return await analyseStill(analyser, file, given?.frames[0]);
    return given === undefined
      ? await analyseVideo(analyser, file, reportFrames)
      : await takeGivenVideo(analyser, { file, frames: given.frames, reportFrames });
  } catch (error) {
    if (error instanceof MediaError) return failedAnalysis(error.code, error.message);
    throw error;
  }
}

async function analyseStill(analyser: Analyser, file: FileToAnalyse, given: GivenFrame | undefined): Promise<FileAnalysis> {
  const still = await analyser.decode(file);
  const { look, record } = createFileAnalysis(analyser, file);
  await look({ picture: still.picture, original: still.original, offsetMs: 0, ...(given && { given: given.found }) });
  return {
    ...record,
    // The grey rest of a torn picture is not the view.
    ...(still.truncated ? { sceneFacts: [] } : {}),
    warnings: [],
    ...(still.truncated
      ? { status: 'partial' as const, code: 'truncated', message: 'the picture ends before its last line' }
      : { status: 'done' as const }),
    picture: still.original,
    framesExpected: still.truncated ? 2 : 1,
    readableFraction: still.truncated ? null : 1,
    readableMs: 0,
  };
}

async function analyseVideo(analyser: Analyser, file: FileToAnalyse, reportFrames: ReportFrames): Promise<FileAnalysis> {
  const { width, height } = probeOf(file);
  const original = { width, height };
  const { look, record } = createFileAnalysis(analyser, file);
  const stream = openSamples(analyser, file);
  for await (const frame of stream) {
    await look({ picture: frame.picture, original, offsetMs: frame.offsetMs });
    reportFrames(record.framesLookedAt);
  }
  return judgeVideo(file, { plan: planFor(analyser, file), record, report: await stream.report, original });
}

type GivenVideo = { file: FileToAnalyse; frames: readonly GivenFrame[]; reportFrames: ReportFrames };

/** The video is read all the same: for its damage, the real offsets of the frames and the view. */
async function takeGivenVideo(analyser: Analyser, { file, frames, reportFrames }: GivenVideo): Promise<FileAnalysis> {
  const { width, height } = probeOf(file);
  const original = { width, height };
  const { look, record } = createFileAnalysis(analyser, file);
  const claims = createFrameClaims(frames, file.frameRate);
  const stream = openSamples(analyser, file);
  for await (const { picture, offsetMs } of stream) {
    const given = claims.claim(offsetMs);
    if (given !== undefined) await look({ picture, original, offsetMs, given });
    reportFrames(record.framesLookedAt);
  }
  const analysis = judgeVideo(file, { plan: planFor(analyser, file), record, report: await stream.report, original });
  const lost = claims.unclaimed();
  if (analysis.status === 'failed' || lost === 0) return analysis;
  const missing = `${counted(lost, 'frame')} with detections not found in the video`;
  const { code = 'frames_missing', message } = analysis;
  return { ...analysis, status: 'partial', code, message: message === undefined ? missing : `${message}; ${missing}` };
}
