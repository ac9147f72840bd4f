import type { Knex } from 'knex';

import type { ZoneRow } from '../../db/models/zones.ts';
import type { EventSubjectRow } from '../../db/queries/facts/event-subjects.ts';
import { findTrackSightings } from '../../db/queries/track-sightings.ts';
import type { SubjectZone } from '../../domain/risk/event-facts.ts';
import { zonesOfTrack, type TrackSighting } from '../../domain/zones/zones-of-track.ts';
import { groupBy } from '../../lib/group-by.ts';
import { findCameraZones, toSighting, type CameraZones } from '../zones/camera-zones.ts';
import { findSuspectCameras } from '../zones/find-suspect-cameras.ts';
import { spansOfTracks, type FactPage } from './fact-page.ts';

export type StayBook = {
  hasZones: (cameraId: string) => boolean;
  /** What a subject did in zones up to the end of the event, the zone that wins first. */
  zonesOf: (subject: EventSubjectRow, untilMs: number) => SubjectZone[];
};

/** Stays of the subjects of a page in zones: of cameras without zones nothing is read. */
export async function findStays(knex: Knex, { heads, subjects }: FactPage): Promise<StayBook> {
  const cameraIds = [...new Set(heads.map(({ camera_id: id }) => id))];
  const zones: CameraZones = await findCameraZones(knex, cameraIds);
  const spans = spansOfTracks(subjects.filter(({ camera_id: id }) => zones.has(id)));
  const suspect = zones.size === 0 ? new Set<string>() : await findSuspectCameras(knex, [...zones.keys()]);
  const sightings = groupBy(await findTrackSightings(knex, spans), ({ track_id: id }) => id);
  return {
    hasZones: (cameraId) => zones.has(cameraId),
    zonesOf: ({ track_id: trackId, camera_id: cameraId }, untilMs) => {
      const own = zones.get(cameraId) ?? [];
      const seen = own.length === 0 ? [] : (sightings.get(trackId) ?? []).flatMap(toSighting);
      return toSubjectZones(own, { seen, untilMs, suspect: suspect.has(cameraId) });
    },
  };
}

type Seen = { seen: readonly TrackSighting[]; untilMs: number; suspect: boolean };

function toSubjectZones(zones: readonly ZoneRow[], { seen, untilMs, suspect }: Seen): SubjectZone[] {
  if (seen.length === 0) return [];
  const byId = new Map(zones.map((zone) => [zone.id, zone]));
  return zonesOfTrack(zones, seen, untilMs).flatMap(({ zoneId, dwellMs, entries, exits }) => {
    const zone = byId.get(zoneId);
    return zone ? [{ id: zoneId, name: zone.name, type: zone.zone_type, dwellMs, entries, exits, suspect }] : [];
  });
}
