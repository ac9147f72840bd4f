import { lockRoots } from '../../db/folder-locks.ts';
import { openLockSession, lockRun, type LockSession } from '../../db/locks.ts';
import { findFailedFiles, listPendingFiles, type SegmentFile } from '../../db/models/queued-footage.ts';
import type { NewQueuedJob } from '../../db/models/queued-jobs.ts';
import { endRun, insertRun } from '../../db/models/runs.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { batch } from '../../lib/batch.ts';
import { toErrorReport } from '../../errors/to-error-report.ts';
import { whenAborted } from '../../lib/when-aborted.ts';
import { redact } from '../../lib/redact.ts';
import type { IngestSettings } from '../../services/ingest/ingest-options.ts';
import { cutSegments, type Segment } from '../../services/ingest/queue/cut-segments.ts';
import { deriveFootage } from '../../services/ingest/queue/derive-footage.ts';
import { openSegmentDetector, type SegmentDetector, type SegmentOrder } from '../../services/ingest/queue/detect-segments.ts';
import { listFootage } from '../../services/ingest/queue/list-footage.ts';
import { isPassing } from '../../services/ingest/process/save-queue.ts';
import { enqueue } from '../ledger/enqueue.ts';
import { lookAtPartOfFile } from './part-handler.ts';
import { deriveJob, detectJob, riskJob, type AnalysePayload, type DetectPayload, type ScanPayload } from './queued-work.ts';
import type { JobHandler, JobRun, WorkerLife } from './worker-context.ts';

const JOBS_AT_ONCE = 200;
const FILES_AT_ONCE = 1000;

/** Lists folders and queues what is new as segments; one scan at a time works on a folder. */
export const scan: JobHandler = async (life, run) => {
  const payload = run.claim.job.payload as ScanPayload;
  const session = await openLockSession(life.database);
  try {
    await lockRoots(session, payload.request.roots, 0);
    // A run of its own: what is listed belongs to the segments' jobs, not to what this worker looks at just now.
    const runId = await startScanRun(life, run, session);
    const { tally, queued } = await listAndQueue({ ...life, runId }, run, payload).catch(async (error: unknown) => {
      await endRun(life.database.knex, runId, toErrorReport(error).exitCode).catch(() => undefined);
      throw error;
    });
    await endRun(life.database.knex, runId, EXIT.ok);
    const isUnderived = tally.taken > 0 || queued > 0;
    return {
      kind: 'done',
      result: { ...tally, segments: queued },
      next: isUnderived ? [deriveJob({ analyze: payload.request.analyze })] : [],
    };
  } finally {
    await session.close().catch(() => undefined);
  }
};

async function listAndQueue(life: WorkerLife, run: JobRun, payload: ScanPayload) {
  const { tally, order } = await list(life, run, payload);
  const segments = { ...payload, order, analyze: payload.request.analyze, nowMs: Date.now() };
  return { tally, queued: await queueSegments(life, run, segments) };
}

async function startScanRun({ database, version }: WorkerLife, { claim }: JobRun, session: LockSession): Promise<string> {
  const runId = uuidV7();
  await lockRun(session, runId);
  await insertRun(database.knex, {
    id: runId,
    command: 'scan',
    args_json: redact(claim.job.payload) as Record<string, unknown>,
    hs_version: version,
    config_fingerprint: '',
    job_id: claim.job.id,
  });
  return runId;
}

async function list(life: WorkerLife, run: JobRun, { request, settings: own }: ScanPayload) {
  const { database, runId, warn } = life;
  const settings = withOrder(life.settings, own);
  const { tally, modelFingerprint } = await listFootage({
    database,
    runId,
    settings,
    request,
    signal: run.signal,
    onProgress: ({ found }) => {
      run.progress(0, `listing: ${String(found)} files`);
    },
    onProblem: ({ path, status, code, message }) => {
      run.log('warning', `${path}: ${status} (${code}) ${message}`, { code, path });
    },
    warn,
  });
  const { roots, plan } = request;
  const order: SegmentOrder = { roots, plan, detector: own.detector, maxFrames: own.ingest.maxFrames, modelFingerprint };
  return { tally, order };
}

function withOrder(settings: IngestSettings, own: ScanPayload['settings']): IngestSettings {
  const { device } = settings.detector;
  return { ...settings, layout: own.layout, detector: { ...own.detector, device }, ingest: { ...settings.ingest, ...own.ingest } };
}

/** In portions: any number of files takes the same memory, and workers begin before all is queued. */
async function queueSegments(life: WorkerLife, run: JobRun, how: Parameters<typeof detectJob>[1]): Promise<number> {
  const { order } = how;
  let queued = 0;
  for await (const segments of batch(cutSegments(pendingFiles(life), order), { count: JOBS_AT_ONCE, intervalMs: 1000 })) {
    run.signal.throwIfAborted();
    const jobs: NewQueuedJob[] = segments.map((segment: Segment) => detectJob(segment, how));
    queued += (await enqueue(life.ledger, jobs)).length;
    run.progress(50, `queued ${String(queued)} segments`);
  }
  return queued;
}

async function* pendingFiles({ database, runId }: WorkerLife): AsyncGenerator<SegmentFile> {
  let after: SegmentFile | undefined;
  for (;;) {
    const page = await listPendingFiles(database.knex, { runId, after, limit: FILES_AT_ONCE });
    yield* page;
    after = page.at(-1);
    if (page.length < FILES_AT_ONCE) return;
  }
}

/** Looks at segments; those that are ordered alike share the processes with the loaded model. */
export function createDetect(): { handler: JobHandler; close: () => Promise<void> } {
  const detectors = openDetectors();
  return {
    handler: async (life, run) => {
      const { claim, log, signal } = run;
      const { files, order, analyze, part } = claim.job.payload as DetectPayload;
      const detector = await detectors.of(life, order);
      if (part !== undefined) return lookAtPartOfFile(detector, run);
      const looking = detector.detect({ jobId: claim.job.id, fileIds: files }, run.freeProcess);
      const outcome = await Promise.race([looking, whenAborted(signal)]);
      if (outcome === undefined) return { kind: 'given-back' };
      // Also what an attempt could not read that was lost before it said so.
      const unread = (await findFailedFiles(life.database.knex, files)).filter(({ code }) => isPassing(code));
      for (const { path, code, message } of unread) log('warning', `${path}: ${code}: ${message}`);
      const [first] = unread;
      const next = [deriveJob({ analyze })];
      if (first !== undefined) return { kind: 'failed', message: `${first.path}: ${first.message}`, again: 'later', next };
      return { kind: 'done', result: outcome, next };
    },
    close: detectors.close,
  };
}

type Detectors = { of: (life: WorkerLife, order: SegmentOrder) => Promise<SegmentDetector>; close: () => Promise<void> };

/** One for each way of looking. */
function openDetectors(): Detectors {
  const open = new Map<string, Promise<SegmentDetector>>();
  const of = (life: WorkerLife, order: SegmentOrder): Promise<SegmentDetector> => {
    const key = JSON.stringify(order);
    const known = open.get(key);
    if (known !== undefined) return known;
    const { settings, runId, concurrency: workers, mayStart, warn } = life;
    // The next segment opens another one.
    const forget = (): void => {
      open.delete(key);
      void opened.then((one) => one.close()).catch(() => undefined);
    };
    const opened = openSegmentDetector({
      knex: life.database.knex,
      runId,
      settings,
      order,
      workers,
      mayStart,
      warn,
      onProblem: ({ path, status, code, message }) => {
        warn(`${path}: ${status} (${code}) ${message}`);
      },
      onBroken: forget,
    });
    open.set(key, opened);
    opened.catch(forget);
    return opened;
  };
  return {
    of,
    close: async () => {
      for (const detector of [...open.values()]) await detector.then((one) => one.close()).catch(() => undefined);
      open.clear();
    },
  };
}

/** Brings tracks and events up to date with all that was looked at. */
export const derive: JobHandler = async ({ database, settings, concurrency, warn }, { claim, signal }) => {
  const { analyze } = claim.job.payload as AnalysePayload;
  const result = await deriveFootage(database.knex, { settings, workers: concurrency, signal, warn });
  return { kind: 'done', result, next: analyze ? [riskJob()] : [] };
};
