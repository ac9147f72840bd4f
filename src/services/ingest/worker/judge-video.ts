import type { Size } from '../../../domain/box.ts';
import { expectedFrames, judgeReadability, type Readability } from '../../../domain/readable.ts';
import { sampleOffsetsMs, type SamplePlan } from '../../../domain/sampling.ts';
import { present } from '../../../lib/present.ts';
import type { DecodeReport } from '../../../media/frame-stream.ts';
import type { FileAnalysis, FileRecord, FileToAnalyse } from './analysis-task.ts';
import { failedAnalysis } from './failed-analysis.ts';

export type VideoEvidence = { plan: SamplePlan; record: FileRecord; report: DecodeReport; original: Size };

/** What the decoder delivered against what the container promised: how much of the video could really be read. */
export function judgeVideo(file: FileToAnalyse, evidence: VideoEvidence): FileAnalysis {
  const { record, report, original } = evidence;
  if (report.endedBy === 'timeout') return failedAnalysis('timeout', 'the decoder did not finish in time');
  const spanMs = spanOf(file, report);
  if (report.endedBy === 'limit') {
    const seen = String(record.framesLookedAt);
    const warnings = [`only the first ${seen} frames were looked at (--max-frames)`];
    const whole = { framesExpected: record.framesLookedAt, readableFraction: null, readableMs: readableMs(file, spanMs) };
    return { ...record, ...whole, status: 'done', picture: original, warnings };
  }
  const verdict = judge(file, evidence, spanMs);
  const isPartial = verdict.status === 'partial';
  return {
    ...record,
    status: verdict.status,
    ...present({ code: verdict.code, message: verdict.code && describeDamage(verdict.code, report) }),
    picture: original,
    framesExpected: isPartial ? Math.max(plannedFrames(file, evidence.plan), record.framesLookedAt + 1) : record.framesLookedAt,
    readableFraction: verdict.fraction,
    readableMs: isPartial ? Math.min(Math.round(spanMs ?? 0), file.durationMs ?? Infinity) : readableMs(file, spanMs),
    warnings: [],
  };
}

/** From the start of the file to the end of its last decoded frame. */
function spanOf(file: FileToAnalyse, report: DecodeReport): number | undefined {
  if (report.lastOffsetMs === undefined) return undefined;
  return report.lastOffsetMs + (file.frameRate === undefined ? 0 : 1000 / file.frameRate);
}

function readableMs(file: FileToAnalyse, spanMs: number | undefined): number {
  return Math.round(file.durationMs ?? spanMs ?? 0);
}

function judge(file: FileToAnalyse, { plan, report }: VideoEvidence, spanMs: number | undefined): Readability {
  return judgeReadability({
    decodedFrames: report.decodedFrames,
    errorLines: report.errorLines,
    keyframesOnly: plan.mode === 'keyframes',
    expectedFrames: expectedFrames({ frameCount: file.containerFrames, claimedMs: file.durationMs, frameRate: file.frameRate }),
    claimedMs: file.durationMs,
    spanMs,
  });
}

function plannedFrames(file: FileToAnalyse, plan: SamplePlan): number {
  return file.durationMs === undefined ? 0 : (sampleOffsetsMs(plan, file.durationMs)?.length ?? 0);
}

function describeDamage(code: string, report: DecodeReport): string {
  const first = report.firstErrors[0];
  const detail = first === undefined ? '' : `: ${first}`;
  const frames = String(report.decodedFrames);
  if (code === 'truncated') return `the video ends early, ${frames} frames could be decoded${detail}`;
  if (code === 'corrupt_frames') return `${String(report.errorLines)} decoding errors in ${frames} frames${detail}`;
  return `no frame could be decoded${detail}`;
}
