import type { Knex } from 'knex';

import {
  countEntitySightings,
  findTrackIdentities,
  type EntityQuestion,
  type TrackIdentityRow,
} from '../../db/queries/facts/identities.ts';
import { isInSchedule, parseSchedule } from '../../domain/household/schedule.ts';
import type { SubjectFacts, SubjectIdentity } from '../../domain/risk/event-facts.ts';
import { spansOfTracks, type FactPage } from './fact-page.ts';
import { findArrivingPeople, findRegisteredVehicles, type VehicleBook } from './find-vehicles.ts';

export type IdentityBook = {
  identityOf: (trackId: number) => SubjectIdentity;
  cameWith: (trackId: number) => SubjectFacts['cameWithVehicle'];
};

const NOT_COMPARED: SubjectIdentity = { kind: 'not_compared' };

/** Who the subjects of a page are: members and entities as they were recognised, vehicles by plate or look. */
export async function findIdentities(knex: Knex, page: FactPage): Promise<IdentityBook> {
  const identities = page.stored.identities ? await findPeople(knex, page) : new Map<number, SubjectIdentity>();
  const vehicles: VehicleBook = page.stored.vehicles ? await findRegisteredVehicles(knex, page) : new Map();
  const arrivals = page.stored.vehicles ? await findArrivingPeople(knex, page) : new Map<number, never>();
  return {
    identityOf: (trackId) => vehicles.get(trackId) ?? identities.get(trackId) ?? NOT_COMPARED,
    cameWith: (trackId) => arrivals.get(trackId) ?? null,
  };
}

async function findPeople(knex: Knex, page: FactPage): Promise<Map<number, SubjectIdentity>> {
  const firstSeen = new Map(page.subjects.map((subject) => [subject.track_id, subject]));
  const rows = await findTrackIdentities(knex, spansOfTracks(page.subjects));
  const questions = rows.flatMap((row): EntityQuestion[] => {
    const subject = firstSeen.get(row.track_id);
    if (row.member_id !== null || row.trust_status !== 'unknown' || !subject) return [];
    return [{ trackId: row.track_id, entityId: row.entity_id, before: subject.first_seen, zone: page.zoneOf(subject.camera_id) }];
  });
  const counts = questions.length === 0 ? [] : await countEntitySightings(knex, questions);
  const countOf = new Map(counts.map((count) => [count.track_id, count]));
  return new Map(
    rows.map((row) => {
      const subject = firstSeen.get(row.track_id);
      const atMs = subject?.first_seen.getTime() ?? 0;
      const zone = subject ? page.zoneOf(subject.camera_id) : 'UTC';
      return [row.track_id, toIdentity(row, { atMs, zone, ...(countOf.get(row.track_id) ?? { sightings: 0, days: 0 }) })] as const;
    }),
  );
}

type Moment = { atMs: number; zone: string; sightings: number; days: number };

function toIdentity(row: TrackIdentityRow, { atMs, zone, sightings, days }: Moment): SubjectIdentity {
  if (row.member_id === null) {
    const { entity_id: entityId, entity_name: name, trust_status: trust } = row;
    return trust === 'unknown' ? { kind: 'unknown', entityId, name, sightings, days } : { kind: 'entity', entityId, name, trust };
  }
  return {
    kind: 'member',
    memberId: row.member_id,
    name: row.member_name,
    role: row.role,
    trust: row.trusted_level,
    schedule: scheduleAt(row.typical_schedule, { atMs, zone }),
  };
}

/** A schedule that cannot be read is none; `hs check` names it. */
function scheduleAt(value: unknown, { atMs, zone }: Pick<Moment, 'atMs' | 'zone'>): 'inside' | 'outside' | 'none' {
  const parsed = parseSchedule(value);
  if (!parsed.ok) return 'none';
  return isInSchedule(parsed.schedule, atMs, zone) ? 'inside' : 'outside';
}
