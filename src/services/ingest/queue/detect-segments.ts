import type { Knex } from 'knex';

import { listMovingCameras } from '../../../db/models/cameras-with-property.ts';
import { takePendingFiles } from '../../../db/models/queued-footage.ts';
import { noteEnrichments } from '../../../db/models/runs.ts';
import { UnavailableError } from '../../../errors/hs-error.ts';
import { sleep } from '../../../lib/sleep.ts';
import { chooseAnalysis, type ChosenAnalysis } from '../choose-analysis.ts';
import { findTools } from '../find-tools.ts';
import type { IngestRequest, IngestSettings } from '../ingest-options.ts';
import { createTally, type FileProblem } from '../ingest-tally.ts';
import { findMaskZones } from '../process/find-mask-zones.ts';
import { createAnalysisPool } from '../process/analysis-pool.ts';
import { processFiles } from '../process/process-files.ts';
import { rootOf } from '../roots.ts';
import { detectPart, type PartOfJob, type PartOutcome } from './detect-part.ts';
import { createSegmentBoard, type SegmentOutcome } from './segment-board.ts';

/** What decides which detections a segment gives; the rest of the settings is the worker's own. */
export type SegmentOrder = {
  roots: string[];
  plan: IngestRequest['plan'];
  detector: Omit<IngestSettings['detector'], 'device'>;
  maxFrames: number | undefined;
  modelFingerprint: string;
};

export type DetectOptions = {
  knex: Knex;
  runId: string;
  settings: IngestSettings;
  order: SegmentOrder;
  workers: number;
  /** Whether new files may be started; once false it stays false. */
  mayStart: () => boolean;
  onProblem: (problem: FileProblem) => void;
  warn: (message: string) => void;
  /** It is of no more use, and what it had under way has failed: a statement of its own failed, or its processes cannot be started. */
  onBroken: () => void;
};

type SegmentOfJob = { jobId: string; fileIds: readonly number[] };

/** Looks at segments for one way of looking; several at a time share the same worker processes, which `onLookedAt` says that one needs no more. */
export type SegmentDetector = {
  /** Ends when all is saved. Undefined when the files were given back because the worker stops. */
  detect(segment: SegmentOfJob, onLookedAt: () => void): Promise<SegmentOutcome | undefined>;
  detectPart(part: PartOfJob, onLookedAt: () => void): Promise<PartOutcome>;
  close(): Promise<void>;
};

/** Throws UnavailableError where what this worker has installed would give other detections than were ordered. */
export async function openSegmentDetector(options: DetectOptions): Promise<SegmentDetector> {
  const { knex, runId, order, warn } = options;
  const settings = orderedSettings(options);
  const tools = await findTools({ settings, warn });
  const analysis = await chooseAnalysis({ settings, request: order, tools, warn });
  if (analysis.modelFingerprint !== order.modelFingerprint) throw otherDetector(analysis);
  await noteEnrichments(knex, runId, analysis.enrichments.models);
  return run(options, analysis);
}

function orderedSettings({ settings, order }: DetectOptions): IngestSettings {
  const { device } = settings.detector;
  return { ...settings, detector: { ...order.detector, device }, ingest: { ...settings.ingest, maxFrames: order.maxFrames } };
}

function otherDetector({ modelId }: ChosenAnalysis): UnavailableError {
  return new UnavailableError('other_detector', `${modelId} of this worker would not find what was ordered`, {
    hint: 'install the same version of the model, and set enrichments alike, on all workers',
  });
}

/** Files and parts of files are looked at in the same processes. */
function contextOf(options: DetectOptions, analysis: ChosenAnalysis) {
  const { knex, order, workers } = options;
  return {
    ...options,
    ...analysis,
    pool: createAnalysisPool({ workers, settings: analysis.settings }),
    rootOf: (path: string): string => rootOf(order.roots, path),
    movingCameras: async (): Promise<Set<string>> => new Set(await listMovingCameras(knex)),
    maskZones: () => findMaskZones(knex),
  };
}

function run(options: DetectOptions, analysis: ChosenAnalysis): SegmentDetector {
  const { knex, runId, mayStart } = options;
  const context = contextOf(options, analysis);
  const board = createSegmentBoard();
  const tally = createTally();
  const bell = createBell();
  let isOpen = true;
  const running = processFiles({
    ...context,
    given: undefined,
    listing: () => isOpen,
    takesAllAtOnce: true,
    more: () => bell.heard(() => !isOpen || !mayStart()),
    tally,
    problem: options.onProblem,
    onDevice: () => undefined,
    progress: () => undefined,
    isAwaited: board.lookedAt,
    onSettled: board.settle,
  }).then(board.endAll, (error: unknown) => {
    board.failAll(error);
    options.onBroken();
  });
  return {
    detect: ({ jobId, fileIds }, onLookedAt) => {
      // Before the files are taken: they may be done before the answer is here.
      const entry = board.open(fileIds, onLookedAt);
      void takePendingFiles(knex, { runId, jobId, ids: fileIds }).then(
        (taken) => {
          tally.taken += taken.length;
          entry.keepOnly(new Set(taken));
          bell.ring();
        },
        (error: unknown) => {
          entry.fail(error);
        },
      );
      return entry.outcome;
    },
    detectPart: (part, onLookedAt) => detectPart({ ...context, onLookedAt }, part),
    close: async () => {
      isOpen = false;
      bell.ring();
      await running;
      await context.pool.close();
    },
  };
}

const LOOK_MS = 50;
/** Also what nobody rings for is found: files that an attempt before this one has left. */
const ASK_AGAIN_MS = 1_000;

/** Waiting for something that is rung for, or for a reason to wait no more. Any number may wait. */
function createBell(): { ring: () => void; heard: (orElse: () => boolean) => Promise<void> } {
  let bell = new AbortController();
  return {
    ring: () => {
      bell.abort();
      bell = new AbortController();
    },
    heard: async (orElse) => {
      const [{ signal }, askAgainAtMs] = [bell, Date.now() + ASK_AGAIN_MS];
      while (!signal.aborted && !orElse() && Date.now() < askAgainAtMs) await sleep(LOOK_MS, signal);
    },
  };
}
