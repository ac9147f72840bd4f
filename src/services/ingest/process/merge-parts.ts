import type { SamplePlan } from '../../../domain/sampling.ts';
import type { DecodeReport } from '../../../media/frame-stream.ts';
import type { FileAnalysis, FileRecord, FileToAnalyse, PartAnalysis, SceneFacts } from '../worker/analysis-task.ts';
import { failedAnalysis } from '../worker/failed-analysis.ts';
import { judgeVideo } from '../worker/judge-video.ts';
import { probeOf } from '../worker/open-samples.ts';
import { LOOK_PAUSE_MS } from '../worker/scene-facts.ts';

type ReadPart = Extract<PartAnalysis, { outcome: 'read' }>;
type FailedPart = Extract<PartAnalysis, { outcome: 'failed' }>;

/** Different texts that are kept of what a decoder complained about. */
const MAX_FIRST_ERRORS = 5;

/**
 * All parts of a video, in order, as one analysis: counted together and then judged once, as if the file had been read in one go. Undefined where
 * parts do not fit together, because a decoder that began in the middle saw other frames before the seam than the one that came from before:
 * then only reading the whole file tells what is in it.
 */
export function mergeParts(file: FileToAnalyse, plan: SamplePlan, parts: readonly PartAnalysis[]): FileAnalysis | undefined {
  const failed = parts.filter((part) => part.outcome === 'failed');
  const unopened = failed.find(({ isOfFile }) => isOfFile);
  if (unopened !== undefined) return failedAnalysis(unopened.code, unopened.message);
  if (parts.length === 0 || !fitTogether(parts)) return undefined;
  const read = parts.filter((part) => part.outcome === 'read');
  const evidence = { plan, record: joinRecords(read), report: joinReports(read), original: sizeOf(file) };
  const analysis = judgeVideo(file, evidence);
  const [first] = failed;
  return first === undefined ? analysis : withoutParts(analysis, first, `${String(failed.length)} of ${String(parts.length)} parts`);
}

function sizeOf(file: FileToAnalyse): FileAnalysis['picture'] & object {
  const { width, height } = probeOf(file);
  return { width, height };
}

function fitTogether(parts: readonly PartAnalysis[]): boolean {
  return parts.every((part, index) => {
    const previous = parts[index - 1];
    if (part.outcome === 'not-seekable') return false;
    return part.outcome !== 'read' || previous?.outcome !== 'read' || isSeam(previous.report, part.report);
  });
}

function isSeam({ seams: before }: DecodeReport, { seams: after }: DecodeReport): boolean {
  return before?.end.frames === after?.before.frames && before?.end.lastOffsetMs === after?.before.lastOffsetMs;
}

function joinRecords(parts: readonly ReadPart[]): FileRecord {
  const whole: FileRecord = { detections: [], analysedOffsetsMs: [], framesLookedAt: 0, inferences: 0, sceneFacts: [] };
  for (const { record } of parts) {
    const framesBefore = whole.framesLookedAt;
    for (const one of record.detections) whole.detections.push({ ...one, frameIndex: one.frameIndex + framesBefore });
    for (const offsetMs of record.analysedOffsetsMs) whole.analysedOffsetsMs.push(offsetMs);
    whole.framesLookedAt += record.framesLookedAt;
    whole.inferences += record.inferences;
    for (const facts of record.sceneFacts) if (isDue(whole.sceneFacts.at(-1), facts)) whole.sceneFacts.push(facts);
  }
  return whole;
}

/** Each part begins with a look at the view, however short before it the last one was. */
function isDue(last: SceneFacts | undefined, next: SceneFacts): boolean {
  return last === undefined || next.offsetMs >= last.offsetMs + LOOK_PAUSE_MS;
}

function joinReports(parts: readonly ReadPart[]): DecodeReport {
  const reports = parts.map(({ report }) => report);
  const lastOffsets = reports.flatMap(({ lastOffsetMs }) => lastOffsetMs ?? []);
  const counts = {
    decodedFrames: reports.reduce((sum, report) => sum + report.decodedFrames, 0),
    errorLines: reports.reduce((sum, report) => sum + report.errorLines, 0),
    firstErrors: [...new Set(reports.flatMap(({ firstErrors }) => firstErrors))].slice(0, MAX_FIRST_ERRORS),
    endedBy: 'end' as const,
  };
  return lastOffsets.length === 0 ? counts : { ...counts, lastOffsetMs: Math.max(...lastOffsets) };
}

/** What was found elsewhere in the file is kept, and the file says what is missing. */
function withoutParts(analysis: FileAnalysis, { code, message }: FailedPart, share: string): FileAnalysis {
  if (analysis.status === 'failed') return failedAnalysis(code, message);
  const framesExpected = Math.max(analysis.framesExpected, analysis.framesLookedAt + 1);
  return { ...analysis, status: 'partial', code, message: `${share} could not be looked at: ${message}`, framesExpected };
}
