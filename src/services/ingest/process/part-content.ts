import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { AnalysisSettings, FileToAnalyse, PartAnalysis } from '../worker/analysis-task.ts';

/** Raised whenever the same part would be found to hold something else, or be written otherwise. */
const FORMAT = 1;

type LookedWith = { modelFingerprint: string; settings: Pick<AnalysisSettings, 'enrichments'> };

/** SHA-256 of what decides what is found in a part of this file, besides its content: parts that were looked at otherwise are not put together. */
export function lookedWith(file: FileToAnalyse, { modelFingerprint, settings }: LookedWith): string {
  // What is noted of detections changes none, but a file whose parts note different things is half without notes.
  const parts = [FORMAT, modelFingerprint, file.movingCamera, file.maskZones ?? [], settings.enrichments.toSorted()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What was found in a part, small: gzipped JSON, pictures in base64. */
export function packPart(analysis: PartAnalysis): Buffer {
  const toText = (picture: Uint8Array): string => Buffer.from(picture).toString('base64');
  return gzipSync(JSON.stringify(withPictures(analysis, (picture) => toText(picture as Uint8Array))));
}

export function unpackPart(packed: Buffer): PartAnalysis {
  const analysis = JSON.parse(gunzipSync(packed).toString()) as PartAnalysis;
  return withPictures(analysis, (picture) => Buffer.from(picture as string, 'base64')) as PartAnalysis;
}

function withPictures(analysis: PartAnalysis, turn: (picture: Uint8Array | string) => Uint8Array | string): object {
  if (analysis.outcome !== 'read') return analysis;
  const sceneFacts = analysis.record.sceneFacts.map((facts) => ({ ...facts, picture: turn(facts.picture) }));
  return { ...analysis, record: { ...analysis.record, sceneFacts } };
}
