import type { Knex } from 'knex';

import type { AnomalyBasis } from '../../db/models/event-anomalies.ts';
import { findEventHeads, type EventHeadRow } from '../../db/queries/facts/event-heads.ts';
import { findEventSubjects, type EventSubjectRow } from '../../db/queries/facts/event-subjects.ts';
import { findStoredResults } from '../../db/queries/facts/identities.ts';
import type { BaselineFacts, EventFacts, EventHead, SubjectFacts } from '../../domain/risk/event-facts.ts';
import { groupBy } from '../../lib/group-by.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { splitCommas } from '../lists/text-list.ts';
import type { FactPage } from './fact-page.ts';
import { findIdentities, type IdentityBook } from './find-identities.ts';
import { findStays, type StayBook } from './find-stays.ts';
import { findSurroundings } from './find-surroundings.ts';

/**
 * What events are judged by, for a few hundred of them at once: a fixed number of statements, whatever their number. In the order of
 * `ids`; an id that is no event is left out.
 */
export async function gatherFacts(knex: Knex, ids: readonly number[], settings: ZoneSettings): Promise<EventFacts[]> {
  if (ids.length === 0) return [];
  const heads = await findEventHeads(knex, ids);
  const zones = new Map(heads.map((head) => [head.camera_id, cameraZone(head, settings)]));
  const page: FactPage = {
    ids,
    heads,
    subjects: await findEventSubjects(knex, ids),
    zoneOf: (cameraId) => zones.get(cameraId) ?? 'UTC',
    stored: await findStoredResults(knex),
  };
  const stays = await findStays(knex, page);
  const identities = await findIdentities(knex, page);
  const surroundingsOf = await findSurroundings(knex, page);
  const subjects = groupBy(page.subjects, ({ event_id: id }) => id);
  const byId = new Map(heads.map((head) => [head.id, head]));
  return ids.flatMap((id) => {
    const head = byId.get(id);
    if (!head) return [];
    const untilMs = endOf(head);
    return [
      {
        event: toEventHead(head),
        camera: { id: head.camera_id, name: head.camera_name, timezone: page.zoneOf(head.camera_id), propertyId: head.property_id },
        subjects: (subjects.get(id) ?? []).map((row) => toSubject(row, { stays, identities, untilMs })),
        hasZones: stays.hasZones(head.camera_id),
        baseline: toBaseline(head),
        weather: null,
        ...surroundingsOf(id),
      },
    ];
  });
}

function endOf({ started_at: started, ended_at: ended }: EventHeadRow): number {
  return Math.max(started.getTime(), ended?.getTime() ?? 0);
}

function toEventHead(head: EventHeadRow): EventHead {
  return {
    id: head.id,
    batchId: head.batch_id,
    sequenceId: head.sequence_id,
    startedAtMs: head.started_at.getTime(),
    endedAtMs: endOf(head),
    objectTypes: splitCommas(head.object_types),
    detectionCount: head.detection_count,
    isFastPath: head.is_fast_path,
    timeAmbiguous: head.time_ambiguous,
    stored: { score: head.risk_score, level: head.risk_level, source: head.risk_source, ruleScore: head.rule_score },
  };
}

type Books = { stays: StayBook; identities: IdentityBook; untilMs: number };

function toSubject(row: EventSubjectRow, { stays, identities, untilMs }: Books): SubjectFacts {
  return {
    trackId: row.track_id,
    classGroup: row.class_group,
    label: row.label,
    firstSeenMs: row.first_seen.getTime(),
    lastSeenMs: row.last_seen.getTime(),
    bestScore: row.best_score,
    frameCount: row.frame_count,
    isStill: row.is_still,
    zones: stays.zonesOf(row, untilMs),
    identity: identities.identityOf(row.track_id),
    cameWithVehicle: identities.cameWith(row.track_id),
  };
}

/** The numbers of whatever is the most unusual. */
function toBaseline({ anomaly, anomaly_basis: basis }: Pick<EventHeadRow, 'anomaly' | 'anomaly_basis'>): BaselineFacts | null {
  if (anomaly === null || basis === null) return null;
  const [most] = numbersOf(basis).toSorted((a, b) => b.score - a.score);
  if (!most) return null;
  return { anomaly, samples: basis.samples, expectedPerHour: most.a / most.b, seen: most.k, label: most.label };
}

function numbersOf({ activity, classes }: AnomalyBasis) {
  return [...Object.entries(classes).map(([label, numbers]) => ({ label, ...numbers })), { label: null, ...activity }];
}
