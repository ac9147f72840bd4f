import type { Knex } from 'knex';

import { againAfterConflict } from '../../../db/again-after-conflict.ts';
import { saveFinishedFiles, type FinishedFile, type NewDetection } from '../../../db/models/media-files-finish.ts';
import { ensureDetectionPartitions } from '../../../db/partitions.ts';
import type { NewSceneCheck } from '../../../db/models/scene-checks.ts';
import type { SeenThreatRow } from '../../../db/models/threat-detections.ts';
import { xywhToXyxy } from '../../../domain/box.ts';
import { severityOfThreat } from '../../../domain/enrichment/threats.ts';
import type { FileAnalysis, FileToAnalyse } from '../worker/analysis-task.ts';

const MAX_FILES = 64;
const MAX_DETECTIONS = 5_000;
const MAX_WAIT_MS = 1_000;
/** Outcomes kept in memory while the database is slow. */
const MAX_UNSAVED = 4 * MAX_FILES;

/** Codes that a later run may get rid of by trying again (§2.6). */
const RETRYABLE = new Set(['unreadable', 'vanished', 'timeout', 'inference_failed', 'disk_full', 'db_unavailable']);
const MAX_ATTEMPTS = 3;

/** Whether another attempt may read what this one could not. */
export function isPassing(code: string): boolean {
  return RETRYABLE.has(code);
}

/** `analysisMs`: how long one worker had it; absent where the worker was lost. */
export type FinishedItem = {
  file: FileToAnalyse;
  camera: string;
  attempts: number;
  analysis: FileAnalysis;
  analysisMs?: number | undefined;
};

export type SaveQueue = ReturnType<typeof createSaveQueue>;

export type SaveQueueOptions = {
  knex: Knex;
  runId: string;
  modelId: string;
  modelFingerprint: string;
  /** Optional stages that are to look at the tracks of these files later. */
  enrichmentsDue?: readonly string[];
  onSaved: (items: readonly FinishedItem[]) => void;
  /** Nothing is written any more; `settle` throws the same. */
  onFailed: (error: unknown) => void;
  /** Of all items, also of those that this run no longer held and that were left alone. */
  onSettled?: ((items: readonly FinishedItem[]) => void) | undefined;
};

/**
 * Writes outcomes in the order they come, many files in one transaction: each file is stored whole or not at all, and
 * the database is asked about once a second instead of once a file.
 */
export function createSaveQueue(options: SaveQueueOptions) {
  const waiting: FinishedItem[] = [];
  let writing: Promise<void> = Promise.resolve();
  let unsaved = 0;
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const items = waiting.splice(0, MAX_FILES);
    if (items.length === 0) return;
    writing = writing.then(async () => {
      try {
        if (failure === undefined) await save(options, items);
      } catch (error) {
        failure ??= error;
        options.onFailed(error);
      } finally {
        unsaved -= items.length;
      }
    });
  }

  return {
    push(item: FinishedItem): void {
      waiting.push(item);
      unsaved += 1;
      const rows = waiting.reduce((sum, one) => sum + one.analysis.detections.length, 0);
      if (waiting.length >= MAX_FILES || rows >= MAX_DETECTIONS) flush();
      else timer ??= setTimeout(flush, MAX_WAIT_MS);
    },
    /** Writes now what is there: somebody waits for it. */
    hurry: flush,
    /** Waits for everything pushed so far; throws what went wrong while writing. */
    async settle(): Promise<void> {
      while (waiting.length > 0) flush();
      await writing;
      if (failure !== undefined) throw failure as Error;
    },
    /** Whether the database has fallen so far behind that nothing new should be begun. */
    get isBehind(): boolean {
      return unsaved > MAX_UNSAVED;
    },
  };
}

async function save(options: SaveQueueOptions, items: readonly FinishedItem[]): Promise<void> {
  await ensureDetectionPartitions(
    options.knex,
    items.flatMap(({ file, analysis }) => analysis.detections.map((detection) => new Date(file.startMs + detection.offsetMs))),
  );
  const finished = {
    runId: options.runId,
    modelId: options.modelId,
    modelFingerprint: options.modelFingerprint,
    files: items.map(toFinishedFile),
    detections: items.flatMap(toDetections),
    sceneChecks: items.flatMap(toSceneChecks),
    threats: items.flatMap(toThreats),
    enrichmentsDue: options.enrichmentsDue ?? [],
  };
  // Somebody may be deriving events of what these files showed before.
  const stored = new Set(await againAfterConflict(() => saveFinishedFiles(options.knex, finished)));
  options.onSaved(items.filter(({ file }) => stored.has(file.id)));
  options.onSettled?.(items);
}

function toFinishedFile({ file, attempts, analysis, analysisMs }: FinishedItem): FinishedFile {
  const code = analysis.code ?? null;
  return {
    id: file.id,
    status: analysis.status,
    failureCode: code,
    failureMessage: analysis.message === undefined ? null : storableText(analysis.message),
    retry: code !== null && isPassing(code) && attempts < MAX_ATTEMPTS,
    width: analysis.picture?.width ?? null,
    height: analysis.picture?.height ?? null,
    framesExpected: analysis.framesExpected,
    framesDecoded: analysis.framesLookedAt,
    readableFraction: analysis.readableFraction,
    readableMs: analysis.readableMs,
    analysedOffsetsMs: analysis.analysedOffsetsMs,
    analysisMs,
  };
}

/** What PostgreSQL takes as text: no NUL, no half of a character pair. */
function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '').slice(0, 2_000)).toString();
}

function toDetections({ file, analysis }: FinishedItem): NewDetection[] {
  return analysis.detections.map(({ frameIndex, offsetMs, label, score, box, enrichment }) => ({
    fileId: file.id,
    frameIndex,
    offsetMs,
    label,
    score,
    ...box,
    enrichment: enrichment && JSON.stringify(enrichment),
  }));
}

function toThreats({ file, analysis }: FinishedItem): SeenThreatRow[] {
  return analysis.detections.flatMap(({ offsetMs, label, box, threats = [] }) =>
    threats.map((threat) => {
      const { x1, y1, x2, y2 } = xywhToXyxy(threat.box);
      const { type, confidence } = threat;
      return { fileId: file.id, offsetMs, label, box, type, confidence, severity: severityOfThreat(type), bbox: [x1, y1, x2, y2] as const };
    }),
  );
}

function toSceneChecks({ file, analysis }: FinishedItem): NewSceneCheck[] {
  return (analysis.sceneFacts ?? []).map(({ frame, ...facts }) => ({
    fileId: file.id,
    ...facts,
    frameWidth: frame.width,
    frameHeight: frame.height,
  }));
}
