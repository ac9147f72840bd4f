import { zoneHits } from './zone-hits.ts';
import type { PlacedDetection } from './zone-hits.ts';
import { dwellMs, zoneVisits } from './zone-visits.ts';
import type { ZoneVisit } from './zone-visits.ts';
import type { Zone } from './zone.ts';

export type TrackSighting = PlacedDetection & { detectedAtMs: number };

/** A track's time in one zone. */
export type TrackInZone = { zoneId: string; visits: ZoneVisit[]; entries: number; exits: number; dwellMs: number };

/** The zones a track has been in up to a moment, those first that win on overlap. */
export function zonesOfTrack(zones: readonly Zone[], sightings: readonly TrackSighting[], untilMs = Infinity): TrackInZone[] {
  const hits = sightings.map((sighting) => ({
    atMs: sighting.detectedAtMs,
    zoneIds: new Set(zoneHits(zones, sighting).map(({ zoneId }) => zoneId)),
  }));
  return inWinningOrder(zones).flatMap(({ id }) => {
    const samples = hits.map(({ atMs, zoneIds }) => ({ atMs, isInside: zoneIds.has(id) }));
    const visits = zoneVisits(samples, untilMs);
    return visits.length === 0 ? [] : [{ zoneId: id, visits, ...sumUp(visits) }];
  });
}

/** Ids of the zones that any of the detections is in, those first that win on overlap. */
export function zonesOfDetections(zones: readonly Zone[], detections: Iterable<PlacedDetection>): string[] {
  const missing = new Map(zones.map((zone) => [zone.id, zone]));
  for (const detection of detections) {
    if (missing.size === 0) break;
    for (const { zoneId } of zoneHits([...missing.values()], detection)) missing.delete(zoneId);
  }
  return inWinningOrder(zones.filter(({ id }) => !missing.has(id))).map(({ id }) => id);
}

function sumUp(visits: readonly ZoneVisit[]): Omit<TrackInZone, 'zoneId' | 'visits'> {
  return {
    entries: visits.filter(({ entered }) => entered).length,
    exits: visits.filter(({ left }) => left).length,
    dwellMs: dwellMs(visits),
  };
}

function inWinningOrder(zones: readonly Zone[]): Zone[] {
  return [...zones].sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}
