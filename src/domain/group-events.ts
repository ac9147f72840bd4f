import { groupOf, passesGate } from './classes.ts';
import type { Gates } from './classes.ts';
import { compareDetections } from './stored-detection.ts';
import type { DetectionOrder } from './stored-detection.ts';

const WINDOW_MS = 90_000;
const MAX_DETECTIONS = 500;
const FAST_PATH_SCORE = 0.9;
const MAX_OBJECT_TYPES_BYTES = 500;

/** A longer pause between qualifying detections always separates two events. */
export const EVENT_PAUSE_MS = 30_000;

/** A detection that counts for events, with what the event needs of it. */
export type QualifyingDetection = DetectionOrder & { label: string; score: number };

/** One event before it is stored. `detectionIds` ascend. */
export type EventGroup = {
  batchId: string;
  /** `batchId` of the first event of an unbroken run. */
  sequenceId: string;
  startedAtMs: number;
  endedAtMs: number;
  detectionIds: number[];
  /** Distinct labels, most frequent first, comma-separated, at most 500 octets. */
  objectTypes: string;
  isFastPath: boolean;
  maxScore: number;
};

/** What decides, beside the score, whether a detection counts. `isHidden`: its anchor lies in an ignored zone or a box mask covers it. */
export type QualifyFacts = {
  isStatic: boolean;
  inConfirmedTrack: boolean;
  cameraEnabled: boolean;
  isHidden?: boolean | undefined;
  gates?: Gates | undefined;
};

export function isQualifying(detection: { label: string; score: number }, facts: QualifyFacts): boolean {
  return (
    facts.cameraEnabled && facts.inConfirmedTrack && !facts.isStatic && !(facts.isHidden ?? false) && passesGate(detection, facts.gates)
  );
}

/** Groups the qualifying detections of one camera, in any order, into events in order of time. */
export function groupEvents(qualifying: readonly QualifyingDetection[], cameraId: string): EventGroup[] {
  const grouper = createEventGrouper(cameraId);
  const groups: EventGroup[] = [];
  for (const detection of qualifying.toSorted(compareDetections)) {
    const closed = grouper.push(detection);
    if (closed) groups.push(closed);
  }
  const last = grouper.finish();
  return last ? [...groups, last] : groups;
}

/** The same as a fold over detections in the order of `compareDetections`; holds the open event only. */
export type EventGrouper = {
  /** Takes the next detection; gives the event before it when it opens a new one. */
  push(detection: QualifyingDetection): EventGroup | undefined;
  finish(): EventGroup | undefined;
};

type OpenGroup = { batchId: string; sequenceId: string; firstMs: number; lastMs: number; members: QualifyingDetection[] };

export function createEventGrouper(cameraId: string): EventGrouper {
  let open: OpenGroup | undefined;
  let startsInSameMs = 0;
  return {
    push(detection) {
      const atMs = detection.detectedAtMs;
      if (open && joins(open, atMs)) {
        open.members.push(detection);
        open.lastMs = atMs;
        return undefined;
      }
      const closed = open;
      startsInSameMs = closed?.firstMs === atMs ? startsInSameMs + 1 : 1;
      const batchId = toBatchId(cameraId, atMs, startsInSameMs);
      const continues = closed !== undefined && atMs - closed.lastMs <= EVENT_PAUSE_MS;
      const sequenceId = continues ? closed.sequenceId : batchId;
      open = { batchId, sequenceId, firstMs: atMs, lastMs: atMs, members: [detection] };
      return closed && toEventGroup(closed);
    },
    finish() {
      const closed = open;
      open = undefined;
      return closed && toEventGroup(closed);
    },
  };
}

function joins(open: OpenGroup, atMs: number): boolean {
  const inWindow = atMs - open.firstMs <= WINDOW_MS && atMs - open.lastMs <= EVENT_PAUSE_MS;
  return inWindow && open.members.length < MAX_DETECTIONS;
}

function toBatchId(cameraId: string, startMs: number, startsInSameMs: number): string {
  const time = new Date(startMs).toISOString().replaceAll(/[-:.]/g, '');
  const suffix = startsInSameMs > 1 ? `-${startsInSameMs.toString()}` : '';
  return `${cameraId}-${time}${suffix}`;
}

function toEventGroup({ batchId, sequenceId, firstMs, lastMs, members }: OpenGroup): EventGroup {
  return {
    batchId,
    sequenceId,
    startedAtMs: firstMs,
    endedAtMs: lastMs,
    detectionIds: members.map((member) => member.id).sort((a, b) => a - b),
    objectTypes: toObjectTypes(members.map((member) => member.label)),
    isFastPath: members.some((member) => groupOf(member.label) === 'person' && member.score >= FAST_PATH_SCORE),
    maxScore: members.reduce((max, member) => Math.max(max, member.score), 0),
  };
}

/** Distinct labels, most frequent first, then by name; whole labels only, as many as fit into 500 octets. */
export function toObjectTypes(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ordered = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  let text = '';
  for (const [label] of ordered) {
    const longer = text === '' ? label : `${text},${label}`;
    if (new TextEncoder().encode(longer).length > MAX_OBJECT_TYPES_BYTES) break;
    text = longer;
  }
  return text;
}
