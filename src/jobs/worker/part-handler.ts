import type { Knex } from 'knex';

import { addFilePart } from '../../db/models/media-file-parts.ts';
import type { NewQueuedJob } from '../../db/models/queued-jobs.ts';
import { whenAborted } from '../../lib/when-aborted.ts';
import { isPassing } from '../../services/ingest/process/save-queue.ts';
import { segmentOfFiles } from '../../services/ingest/queue/cut-segments.ts';
import type { PartOutcome } from '../../services/ingest/queue/detect-part.ts';
import type { SegmentDetector } from '../../services/ingest/queue/detect-segments.ts';
import { detectJob, type DetectPayload } from './queued-work.ts';
import type { JobEnd, JobRun } from './worker-context.ts';

/**
 * Looks at a part of a long video. What is found is stored in the transaction that ends the job; the one that brings the last part queues
 * the file as a whole, which is put together from its parts and saved as any other file.
 */
export async function lookAtPartOfFile(detector: SegmentDetector, run: JobRun): Promise<JobEnd> {
  const { files, part } = run.claim.job.payload as DetectPayload;
  const [fileId] = files;
  if (fileId === undefined || part === undefined) return { kind: 'done', result: {} };
  const looking = detector.detectPart({ fileId, part, contentSha256: part.contentSha256 }, run.freeProcess);
  const found = await Promise.race([looking, whenAborted(run.signal)]);
  if (found === undefined || found.kind === 'given-back') return { kind: 'given-back' };
  if (found.kind === 'settled') return { kind: 'done', result: { settled: true } };
  if (found.kind === 'read') return { kind: 'done', result: found.counts, within: (trx) => keepPart(trx, run.claim, found) };
  const { row, code, message } = found;
  run.log('warning', `${row.path}: ${code}: ${message}`);
  const givenUp = (trx: Knex.Transaction): Promise<NewQueuedJob[]> => keepPart(trx, run.claim, found);
  // What no attempt can mend is the file's affair: it says so when it is put together.
  if (!isPassing(code)) return { kind: 'done', result: { code, message }, within: givenUp };
  return { kind: 'failed', message: `${row.path}: ${message}`, again: 'later', givenUp };
}

type KeptPart = Extract<PartOutcome, { kind: 'read' | 'failed' }>;

/** Of a part that was given up only that is kept: whoever puts the file together looks at it once more, as a direct ingest does. */
async function keepPart(trx: Knex.Transaction, { job, queue }: JobRun['claim'], found: KeptPart): Promise<NewQueuedJob[]> {
  const { part, order, analyze } = job.payload as DetectPayload;
  const { key, row } = found;
  const inStore = await addFilePart(trx, key, found.kind === 'read' ? found.packed : null);
  if (part === undefined || inStore < part.of) return [];
  const detectQueue = queue === 'detect-gpu' ? queue : 'detect';
  return [detectJob(segmentOfFiles([row]), { order, analyze, detectQueue, priority: job.priority, nowMs: Date.now() })];
}
