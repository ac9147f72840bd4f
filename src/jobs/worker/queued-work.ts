import { createHash } from 'node:crypto';

import type { NewQueuedJob } from '../../db/models/queued-jobs.ts';
import type { ScheduleRow } from '../../db/models/schedules.ts';
import type { Segment } from '../../services/ingest/queue/cut-segments.ts';
import type { SegmentOrder } from '../../services/ingest/queue/detect-segments.ts';
import type { ScanOrder } from '../../services/ingest/queue/scan-order.ts';

/** Payloads as they are stored in `jobs`, and the jobs around them. */
export type ScanPayload = ScanOrder;
export type DetectPayload = {
  camera: string;
  from: string;
  until: string;
  files: number[];
  order: SegmentOrder;
  analyze: boolean;
  part?: Segment['part'];
};
export type AnalysePayload = { analyze: boolean };
/** `actor`: who ordered it. */
export type CommandPayload = { argv: string[]; cwd: string; actor: string; schedule?: string };

export const PRIORITY = { usual: 2, backfill: 4 } as const;

/**
 * Losing its worker says little against work that opens no decoder: only a segment, which may be what kills workers, is given up after three.
 */
const PATIENT_ATTEMPTS = 20;

/** Footage that is older waits for what is newer. */
const BACKFILL_AFTER_MS = 24 * 3_600_000;

/** While footage of the same ingest is still being looked at, events are formed now and then, not after every segment. */
const DERIVE_DELAY_MS = 10_000;

export function scanJob(payload: ScanPayload): NewQueuedJob {
  const { request, settings } = payload;
  return {
    queue: 'scan',
    jobType: 'ingest',
    payload,
    priority: payload.priority ?? PRIORITY.usual,
    naturalKey: `scan:${digest([request, settings])}`,
    maxAttempts: PATIENT_ATTEMPTS,
    evenWhileRunning: false,
  };
}

type DetectOrder = Pick<ScanPayload, 'detectQueue' | 'priority'> & { order: SegmentOrder; analyze: boolean; nowMs: number };

export function detectJob(segment: Segment, { order, detectQueue, priority, analyze, nowMs }: DetectOrder): NewQueuedJob {
  const payload: DetectPayload = {
    camera: segment.cameraId,
    from: new Date(segment.startMs).toISOString(),
    until: new Date(segment.endMs).toISOString(),
    files: segment.fileIds,
    order,
    analyze,
    ...(segment.part && { part: segment.part }),
  };
  const isOld = nowMs - segment.endMs > BACKFILL_AFTER_MS;
  return {
    queue: detectQueue,
    jobType: 'detect',
    payload,
    priority: priority ?? (isOld ? PRIORITY.backfill : PRIORITY.usual),
    naturalKey: `detect:${digest([segment.key, order.modelFingerprint])}`,
    evenWhileRunning: false,
  };
}

export function deriveJob(payload: AnalysePayload): NewQueuedJob {
  return {
    queue: 'derive',
    jobType: 'derive',
    payload,
    priority: PRIORITY.usual,
    naturalKey: `derive:${payload.analyze ? 'analyze' : 'only'}`,
    maxAttempts: PATIENT_ATTEMPTS,
    evenWhileRunning: true,
    delayMs: DERIVE_DELAY_MS,
  };
}

export function riskJob(): NewQueuedJob {
  const rest = { payload: {}, evenWhileRunning: true, maxAttempts: PATIENT_ATTEMPTS };
  return { queue: 'risk', jobType: 'ai_analysis', priority: PRIORITY.usual, naturalKey: 'risk', ...rest };
}

export function alertJob(): NewQueuedJob {
  return { queue: 'alert', jobType: 'alert', payload: {}, priority: 0, naturalKey: 'alert', evenWhileRunning: true };
}

/** A command line of this program that a worker is to run; the same one, whoever ordered it, is the same work. */
export function commandJob({ jobType, queue }: Pick<NewQueuedJob, 'jobType' | 'queue'>, payload: CommandPayload): NewQueuedJob {
  const naturalKey = `command:${digest([payload.argv, payload.cwd])}`;
  return { queue, jobType, payload, priority: PRIORITY.usual, naturalKey, evenWhileRunning: false };
}

/** Whether a job is a command line, in whichever queue it waits. */
export function isCommand(payload: unknown): payload is CommandPayload {
  return typeof payload === 'object' && payload !== null && 'argv' in payload;
}

/** A command line that a schedule has run. It is left out while the one before it waits or runs. */
export function scheduledJob({
  name,
  job_type: jobType,
  argv,
  cwd,
  actor,
}: Pick<ScheduleRow, 'name' | 'job_type' | 'argv' | 'cwd' | 'actor'>): NewQueuedJob {
  const payload: CommandPayload = { argv, cwd, actor, schedule: name };
  return { queue: 'command', jobType, payload, priority: PRIORITY.usual, naturalKey: `schedule:${name}`, evenWhileRunning: false };
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
