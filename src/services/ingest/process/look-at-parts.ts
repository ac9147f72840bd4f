import type { Knex } from 'knex';

import { findFileParts, saveFilePart } from '../../../db/models/media-file-parts.ts';
import type { FilePart } from '../../../domain/file-parts.ts';
import { WorkerError } from '../../../inference/worker-error.ts';
import type { AnalysisNote, AnalysisSettings, AnalysisTask, FileAnalysis, FileToAnalyse, PartAnalysis } from '../worker/analysis-task.ts';
import { planFor } from '../worker/open-samples.ts';
import { FATAL_CODES, LOST_STARTS, type AnalysisPool } from './analysis-pool.ts';
import { mergeParts } from './merge-parts.ts';
import { lookedWith, packPart, unpackPart } from './part-content.ts';

export type PartsOptions = {
  knex: Knex;
  pool: AnalysisPool;
  settings: AnalysisSettings;
  modelFingerprint: string;
  onNote: (note: AnalysisNote) => void;
};

export type FileInParts = { file: FileToAnalyse; before: FileToAnalyse[]; contentSha256: string; parts: readonly FilePart[] };

/** `drained`: not all were begun, what is done is kept · `do-not-fit`: the file must be read in one go. */
export type LookedAtParts = { analysis: FileAnalysis; analysisMs: number } | 'drained' | 'do-not-fit';

/**
 * A long video: the parts that somebody has looked at already are taken from the store, all others are looked at in the processes of this pool, each is
 * kept as soon as it is there, and all of them become one analysis. A part whose process dies makes the file a partial one.
 */
export async function lookAtParts(options: PartsOptions, { file, before, contentSha256, parts }: FileInParts): Promise<LookedAtParts> {
  const { knex, settings } = options;
  const content = { fileId: file.id, contentSha256, lookedWith: lookedWith(file, options) };
  const stored = new Map(
    (await findFileParts(knex, content)).map((row) => [`${String(row.from_ms)}-${String(row.until_ms)}`, row.analysis]),
  );
  const looks = parts.map(async (part) => {
    const known = stored.get(`${String(part.fromMs)}-${String(part.untilMs)}`);
    if (known !== undefined) return unpackPart(known);
    const found = await lookAtPart(options, { files: [file], before: part.index === 0 ? before : [], part });
    if (found !== undefined && found.outcome !== 'failed') {
      await saveFilePart(knex, { ...content, fromMs: part.fromMs, untilMs: part.untilMs }, packPart(found));
    }
    return found;
  });
  const found = await allOf(looks);
  if (found.some((part) => part === undefined)) return 'drained';
  const whole = found.filter((part) => part !== undefined);
  const analysis = mergeParts(file, planFor({ settings }, file), whole);
  if (analysis === undefined) return 'do-not-fit';
  return { analysis, analysisMs: whole.reduce((sum, part) => sum + (part.outcome === 'read' ? part.analysisMs : 0), 0) };
}

/** Waits for all of them, also where one throws: nothing goes on behind the caller's back. */
async function allOf<Value>(looks: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(looks);
  return Promise.all(looks);
}

/** Looks at one part. Undefined when no more work is begun; throws WorkerError only where no process can work. */
export async function lookAtPart(
  { pool, onNote }: Pick<PartsOptions, 'pool' | 'onNote'>,
  task: AnalysisTask & { part: FilePart },
): Promise<PartAnalysis | undefined> {
  for (let lostStarts = 0; ; lostStarts += 1) {
    const seen = new Set<AnalysisNote['kind']>();
    const onProgress = (note: unknown): void => {
      seen.add((note as AnalysisNote).kind);
      onNote(note as AnalysisNote);
    };
    try {
      // Perhaps a file before it kills workers: in the end the part is looked at without those.
      return (await pool.run(lostStarts < LOST_STARTS ? task : { ...task, before: [] }, { onProgress })).part;
    } catch (error) {
      if (!(error instanceof WorkerError) || FATAL_CODES.has(error.code)) throw error;
      if (error.code === 'drained') return undefined;
      const code = error.code === 'timeout' ? 'timeout' : 'inference_failed';
      if (seen.has('first-file-started') || lostStarts >= LOST_STARTS)
        return { outcome: 'failed', code, message: error.message, isOfFile: false };
    }
  }
}
