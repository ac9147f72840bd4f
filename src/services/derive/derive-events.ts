import type { Knex } from 'knex';

import { markActivityStale } from '../../db/models/baseline-states.ts';
import { putBackAlerts, takeAlerts } from '../../db/models/carry-alerts.ts';
import { findTrackedDetections } from '../../db/models/derivation.ts';
import { deleteEvents } from '../../db/models/event-deletion.ts';
import {
  absorbEvent,
  emptyEvent,
  lockEventsTouching,
  insertEvents,
  listOfIds,
  parkBatchIds,
  updateDerivedEvent,
  type DerivedEvent,
  type EventWithMembers,
} from '../../db/models/events.ts';
import { findFeedbackOf } from '../../db/models/event-feedback.ts';
import { findHeldEvents, moveHolds } from '../../db/models/evidence-holds.ts';
import { listZones } from '../../db/models/zones.ts';
import { adoptByTime, type LostEvent } from '../../domain/adopt-by-time.ts';
import { groupEvents, isQualifying, type EventGroup } from '../../domain/group-events.ts';
import { matchEvents } from '../../domain/match-events.ts';
import type { Zone } from '../../domain/zones/zone.ts';
import { isIgnoredByZone } from '../../domain/zones/zone-hits.ts';
import { absorbFeedback } from '../feedback/absorb-feedback.ts';
import { widenToEvents, type Span } from './derivation-window.ts';
import type { CameraToDerive, TrackedFootage } from './derive-tracks.ts';
import { toLoadedDetection, type LoadedDetection } from './load-footage.ts';

export type EventChanges = {
  created: number;
  changed: number;
  absorbed: number;
  deleted: number;
  orphaned: number[];
  /** Of events that went: files to remove when this is committed. */
  clips: string[];
};

/** Groups the qualifying detections around changed footage into events and stores what differs (§6). */
export async function deriveEvents(trx: Knex.Transaction, camera: CameraToDerive, footage: TrackedFootage): Promise<EventChanges> {
  const span = await widenToEvents({ knex: trx, cameraId: camera.id }, footage);
  const zoned = { ...camera, zones: await listZones(trx, { cameraIds: [camera.id], enabled: true }) };
  const qualifying = [
    ...(await findQualifying(trx, zoned, { fromMs: span.fromMs, untilMs: footage.fromMs - 1 })),
    ...footage.detections.filter((one) => qualifies(one, zoned, footage)),
    ...(await findQualifying(trx, zoned, { fromMs: footage.untilMs, untilMs: span.untilMs })),
  ];
  const byId = new Map(qualifying.map((one) => [one.id, one]));
  const stored = await lockEventsTouching(trx, {
    cameraId: camera.id,
    from: new Date(span.fromMs),
    until: new Date(span.untilMs),
  });
  await markActivityStale(trx, { cameraId: camera.id, from: new Date(span.fromMs), until: new Date(span.untilMs) });
  return storeGroups(trx, { camera, stored, byId, groups: groupEvents(qualifying, camera.id) });
}

type ZonedCamera = CameraToDerive & { zones: readonly Zone[] };

function qualifies(one: LoadedDetection, camera: ZonedCamera, footage: TrackedFootage): boolean {
  return isQualifying(one, {
    isStatic: footage.staticIds.has(one.id),
    inConfirmedTrack: footage.confirmedIds.has(one.id),
    cameraEnabled: camera.enabled,
    isHidden: isIgnoredByZone(camera.zones, one),
    gates: camera.gates,
  });
}

/** Outside the derived span the stored flags are right. */
async function findQualifying(knex: Knex, camera: ZonedCamera, span: Span): Promise<LoadedDetection[]> {
  if (span.untilMs < span.fromMs) return [];
  const rows = await findTrackedDetections(knex, {
    cameraId: camera.id,
    from: new Date(span.fromMs),
    until: new Date(span.untilMs),
  });
  const facts = { isStatic: false, inConfirmedTrack: true, cameraEnabled: camera.enabled, gates: camera.gates };
  return rows.map(toLoadedDetection).filter((one) => isQualifying(one, { ...facts, isHidden: isIgnoredByZone(camera.zones, one) }));
}

type Regrouping = {
  camera: CameraToDerive;
  stored: EventWithMembers[];
  groups: EventGroup[];
  byId: ReadonlyMap<number, LoadedDetection>;
};

async function storeGroups(trx: Knex.Transaction, regrouping: Regrouping): Promise<EventChanges> {
  const { camera, stored, groups, byId } = regrouping;
  const storedById = new Map(stored.map((event) => [event.id, event]));
  const judged = await findJudged(trx, [...storedById.keys()]);
  const matches = matchEvents(
    groups,
    stored.map((event) => ({
      id: event.id,
      detectionIds: event.detection_ids,
      hasUserInput: event.notes !== null || event.flagged || judged.has(event.id),
    })),
  );
  const lost = [...matches.deleted, ...matches.orphaned];
  const adopted = adoptByTime(
    matches.created,
    lost.flatMap((id) => toLostEvent(storedById.get(id))),
  );
  const adoptedIds = new Set(adopted.values());
  const adoptions = [...adopted].flatMap(([place, id]) => {
    const group = matches.created[place];
    return group === undefined ? [] : [{ id, group }];
  });
  const changed = [...matches.kept, ...adoptions].flatMap(({ id, group }) => toChange(storedById.get(id), toDerivedEvent(group, byId)));
  const deleted = matches.deleted.filter((id) => !adoptedIds.has(id));
  const orphaned = matches.orphaned.filter((id) => !adoptedIds.has(id));
  const created = matches.created.filter((_, place) => !adopted.has(place));
  const alerts = await takeAlerts(trx, [...changed.map(({ id }) => id), ...matches.absorbed.map(({ id }) => id)]);
  await parkBatchIds(trx, [...changed.map(({ id }) => id), ...matches.absorbed.map(({ id }) => id)]);
  const clips = await deleteEvents(trx, deleted);
  for (const id of orphaned) await orphan(trx, storedById.get(id));
  for (const change of changed) await updateDerivedEvent(trx, change);
  for (const { id, byId: into } of matches.absorbed) clips.push(...(await absorb(trx, storedById.get(id), into)));
  await insertEvents(trx, { cameraId: camera.id, events: created.map((group) => toDerivedEvent(group, byId)) });
  await putBackAlerts(trx, alerts, matches.absorbed);
  return {
    created: created.length,
    changed: changed.filter(({ membersChanged }) => membersChanged).length,
    absorbed: matches.absorbed.length,
    deleted: deleted.length,
    orphaned,
    clips,
  };
}

/** Events that somebody gave feedback on or holds as evidence. */
async function findJudged(trx: Knex.Transaction, ids: readonly number[]): Promise<Set<number>> {
  const feedback = await findFeedbackOf(trx, ids);
  return new Set([...feedback.map(({ event_id: id }) => id), ...(await findHeldEvents(trx, ids))]);
}

function toLostEvent(event: EventWithMembers | undefined): LostEvent[] {
  if (event === undefined) return [];
  const startedAtMs = event.started_at.getTime();
  return [{ id: event.id, batchId: event.batch_id, startedAtMs, endedAtMs: event.ended_at?.getTime() ?? startedAtMs }];
}

type EventChange = { id: number; event: DerivedEvent; membersChanged: boolean };

const COMPARED = ['batch_id', 'sequence_id', 'object_types', 'detection_count', 'max_score', 'time_ambiguous', 'is_fast_path'] as const;

/** What has to be written. Detections that are gone have left the membership already: the list that was written with it knows better. */
function toChange(stored: EventWithMembers | undefined, event: DerivedEvent): EventChange[] {
  if (stored === undefined) return [];
  const membersChanged = stored.listed_ids !== listOfIds(event.members);
  const differs =
    COMPARED.some((column) => stored[column] !== event[column]) ||
    stored.started_at.getTime() !== event.started_at.getTime() ||
    stored.ended_at?.getTime() !== event.ended_at.getTime();
  return membersChanged || differs ? [{ id: stored.id, event, membersChanged }] : [];
}

function toDerivedEvent(group: EventGroup, byId: ReadonlyMap<number, LoadedDetection>): DerivedEvent {
  const members = group.detectionIds.flatMap((id) => byId.get(id) ?? []);
  return {
    batch_id: group.batchId,
    sequence_id: group.sequenceId,
    started_at: new Date(group.startedAtMs),
    ended_at: new Date(group.endedAtMs),
    object_types: group.objectTypes,
    detection_count: members.length,
    max_score: group.maxScore,
    time_ambiguous: members.some((member) => member.timeAmbiguous),
    is_fast_path: group.isFastPath,
    members: members.map((member) => ({ detectionId: member.id, detectedAt: new Date(member.detectedAtMs) })),
  };
}

/** An event that lost its detections stays for what the user wrote about it, and stays empty. */
async function orphan(trx: Knex.Transaction, event: EventWithMembers | undefined): Promise<void> {
  if (event !== undefined && event.detection_count > 0) await emptyEvent(trx, event.id);
}

async function absorb(trx: Knex.Transaction, event: EventWithMembers | undefined, into: number): Promise<string[]> {
  if (event === undefined) return [];
  await absorbFeedback(trx, { from: event.id, into });
  await moveHolds(trx, { from: event.id, into });
  return absorbEvent(trx, { absorbed: { ...event, label: event.started_at.toISOString() }, into });
}
