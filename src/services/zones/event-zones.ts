import type { Knex } from 'knex';
import type { ZoneRow } from '../../db/models/zones.ts';
import { findTrackSightings } from '../../db/queries/track-sightings.ts';
import { zonesOfTrack, type TrackInZone } from '../../domain/zones/zones-of-track.ts';
import type { ZoneVisit } from '../../domain/zones/zone-visits.ts';
import { toSighting } from './camera-zones.ts';
import { findSuspectCameras } from './find-suspect-cameras.ts';

/** What one object of an event did in one zone, up to the end of the event. */
export type EventZone = {
  zone_id: string;
  zone: string;
  track_id: number;
  object_class: string;
  entries: number;
  exits: number;
  dwell_s: number;
  /** Null: it was in the zone when it was first seen. */
  entered_at: Date | null;
  /** Null: it was in the zone when the event ended. */
  left_at: Date | null;
  visits: { started_at: Date; ended_at: Date; entered: boolean; left: boolean }[];
  /** The camera's view has changed since: the zone may lie elsewhere. */
  zone_suspect: boolean;
};

type EventTrack = { id: number; object_class: string };

export type EventZonesOptions = {
  event: { camera_id: string; started_at: Date; ended_at: Date | null };
  tracks: readonly EventTrack[];
  /** Of its camera. */
  zones: readonly ZoneRow[];
};

/** Stays of an event's tracks in zones: they run on across files and events of the same track. */
export async function findEventZones(knex: Knex, { event, tracks, zones }: EventZonesOptions): Promise<EventZone[]> {
  if (zones.length === 0 || tracks.length === 0) return [];
  const { camera_id: cameraId, started_at: startedAt, ended_at: endedAt } = event;
  const until = endedAt ?? startedAt;
  const rows = await findTrackSightings(
    knex,
    tracks.map(({ id: trackId }) => ({ trackId, until })),
  );
  const zoneSuspect = (await findSuspectCameras(knex, [cameraId])).has(cameraId);
  const names = new Map(zones.map(({ id, name }) => [id, name]));
  return tracks.flatMap((track) => {
    const sightings = rows.filter((row) => row.track_id === track.id).flatMap(toSighting);
    return zonesOfTrack(zones, sightings, until.getTime()).map((stay) => ({
      ...toEventZone(stay, track),
      zone: names.get(stay.zoneId) ?? stay.zoneId,
      zone_suspect: zoneSuspect,
    }));
  });
}

function toEventZone(stay: TrackInZone, track: EventTrack): Omit<EventZone, 'zone' | 'zone_suspect'> {
  const [first, last] = [stay.visits[0], stay.visits.at(-1)];
  return {
    zone_id: stay.zoneId,
    track_id: track.id,
    object_class: track.object_class,
    entries: stay.entries,
    exits: stay.exits,
    dwell_s: stay.dwellMs / 1000,
    entered_at: first?.entered === true ? new Date(first.startMs) : null,
    left_at: last?.left === true ? new Date(last.endMs) : null,
    visits: stay.visits.map(toVisit),
  };
}

function toVisit({ startMs, endMs, entered, left }: ZoneVisit): EventZone['visits'][number] {
  return { started_at: new Date(startMs), ended_at: new Date(endMs), entered, left };
}
