import { findFileToDo, hasFilePart, type FileContent, type FilePartKey } from '../../../db/models/media-file-parts.ts';
import type { MediaFileRow } from '../../../db/models/media-files.ts';
import type { FilePart } from '../../../domain/file-parts.ts';
import { WorkerError } from '../../../inference/worker-error.ts';
import type { AnalysisPool } from '../process/analysis-pool.ts';
import { findContext } from '../process/find-context.ts';
import { lookAtPart } from '../process/look-at-parts.ts';
import { lookedWith, packPart } from '../process/part-content.ts';
import { toFileToAnalyse, withLeadUp } from '../process/plan-tasks.ts';
import type { ProcessOptions } from '../process/process-options.ts';
import type { PartAnalysis } from '../worker/analysis-task.ts';

export type PartOfJob = FileContent & { part: FilePart };

/** What became of a part. `settled`: the file needs no work any more, or is another by now · `given-back`: the worker stops. */
export type PartOutcome =
  | { kind: 'settled' }
  | { kind: 'given-back' }
  /** `packed`: to be stored; undefined where it is already. */
  | { kind: 'read'; row: MediaFileRow; key: FilePartKey; packed: Buffer | undefined; counts: PartCounts }
  | { kind: 'failed'; row: MediaFileRow; key: FilePartKey; code: string; message: string };

type PartCounts = { frames: number; detections: number; inferences: number };

type PartContext = Pick<
  ProcessOptions,
  'knex' | 'settings' | 'modelFingerprint' | 'rootOf' | 'movingCameras' | 'maskZones' | 'mayStart'
> & {
  pool: AnalysisPool;
  onLookedAt: () => void;
};

/** Looks at a part of a file that no run holds: its other parts are with other workers. Stores nothing. */
export async function detectPart(context: PartContext, { part, ...content }: PartOfJob): Promise<PartOutcome> {
  const { knex, pool, settings, mayStart, onLookedAt } = context;
  const row = await findFileToDo(knex, content);
  if (row === undefined) return { kind: 'settled' };
  const plan = { ...(await findContext(context, [row])), taskSize: 1 };
  const file = toFileToAnalyse(row, plan);
  const key = { ...content, fromMs: part.fromMs, untilMs: part.untilMs, lookedWith: lookedWith(file, context) };
  if (await hasFilePart(knex, key)) return { kind: 'read', row, key, packed: undefined, counts: countsOf(undefined) };
  if (!mayStart()) return { kind: 'given-back' };
  const { before } = part.index === 0 ? await withLeadUp([file], { ...plan, knex, settings }) : { before: [] };
  const found = await lookAtPart({ pool, onNote: () => undefined }, { files: [file], before, part }).catch(unlessClosed);
  onLookedAt();
  if (found === undefined) return { kind: 'given-back' };
  if (found.outcome === 'failed') return { kind: 'failed', row, key, code: found.code, message: found.message };
  return { kind: 'read', row, key, packed: packPart(found), counts: countsOf(found) };
}

/** Its processes were ended as something else broke that they were shared with: that was no attempt at the part. */
function unlessClosed(error: unknown): undefined {
  if (!(error instanceof WorkerError) || error.code !== 'closed') throw error;
}

function countsOf(found: PartAnalysis | undefined): PartCounts {
  if (found?.outcome !== 'read') return { frames: 0, detections: 0, inferences: 0 };
  const { framesLookedAt: frames, detections, inferences } = found.record;
  return { frames, detections: detections.length, inferences };
}
