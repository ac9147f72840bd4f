import type { Knex } from 'knex';
import {
  findAlertDetections,
  findAlertHeads,
  findTrackTrusts,
  type AlertDetectionRow,
  type AlertHeadRow,
  type TrackTrustRow,
} from '../../db/queries/alert-facts.ts';
import { findTrackSightings } from '../../db/queries/track-sightings.ts';
import type { AlertDetection, AlertEvent, AlertRule, AlertTrack, AlertTrust } from '../../domain/alerts/alert-rule.ts';
import { matchHead } from '../../domain/alerts/match-rule.ts';
import { zoneHits } from '../../domain/zones/zone-hits.ts';
import { zonesOfTrack } from '../../domain/zones/zones-of-track.ts';
import { groupBy } from '../../lib/group-by.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { findCameraZones, toPlaced, toSighting, type CameraZones } from '../zones/camera-zones.ts';

type LoadOptions = { eventIds: readonly number[]; rules: readonly AlertRule[]; zones: ZoneSettings };

/**
 * Events as rules see them, in footage order, in a handful of statements however many there are. What was seen is read only of events
 * that a rule can still match after a look at score, camera, time and anomaly; boxes, stays and identities only where a rule asks.
 */
export async function loadAlertEvents(knex: Knex, { eventIds, rules, zones: settings }: LoadOptions): Promise<AlertEvent[]> {
  const rows = await findAlertHeads(knex, eventIds);
  const events = rows.map((row) => toHead(row, settings));
  const open = events.filter((event) => rules.some((rule) => matchHead(rule, event).every(({ holds }) => holds)));
  const needs = needsOf(rules);
  const zones: CameraZones = needs.zones ? await findCameraZones(knex, [...new Set(open.map(({ cameraId }) => cameraId))]) : new Map();
  const detections = await loadDetections(knex, { open, needs, zones });
  const byEvent = groupBy(detections, (row) => row.event_id);
  const trusts = needs.trust ? await loadTrusts(knex, detections) : new Map<number, AlertTrust>();
  const stays = needs.dwell ? await loadStays(knex, { detections, heads: rows, zones }) : new Map<string, AlertTrack['dwellMs']>();
  return events.map((event) => {
    const own = byEvent.get(event.id) ?? [];
    const trackIds = [...new Set(own.flatMap(({ track_id }) => track_id ?? []))];
    return {
      ...event,
      detections: own.map((row) => toDetection(row, zones.get(event.cameraId) ?? [])),
      tracks: new Map(
        trackIds.map((id) => [
          id,
          { trust: trusts.get(id) ?? 'unknown', dwellMs: stays.get(stayKey(event.id, id)) ?? new Map<string, number>() },
        ]),
      ),
    };
  });
}

/** `places`: zones that a rule names; `anyPlace`: a key asks for the zone, whichever it is. */
type Needs = { places: ReadonlySet<string>; anyPlace: boolean; zones: boolean; dwell: boolean; trust: boolean };

function needsOf(rules: readonly AlertRule[]): Needs {
  const dwell = rules.some(({ conditions }) => conditions?.min_dwell_seconds !== undefined);
  const places = new Set(rules.flatMap(({ zone_ids }) => zone_ids ?? []));
  const anyPlace = rules.some(({ dedup_key_template: key }) => key.includes('{zone_id}'));
  const zones = dwell || anyPlace || places.size > 0;
  return { places, anyPlace, dwell, zones, trust: rules.some(({ conditions }) => (conditions?.trust?.length ?? 0) > 0) };
}

type OpenEvents = { open: readonly Pick<AlertEvent, 'id' | 'cameraId'>[]; needs: Needs; zones: CameraZones };

/** Everything that was seen where it matters where it was, else the best of each track. */
async function loadDetections(knex: Knex, { open, needs, zones }: OpenEvents): Promise<AlertDetectionRow[]> {
  const asksWhere = ({ cameraId }: { cameraId: string }): boolean =>
    zones.get(cameraId)?.some(({ id }) => needs.anyPlace || needs.places.has(id)) === true;
  const ids = (events: OpenEvents['open']): number[] => events.map(({ id }) => id);
  return [
    ...(await findAlertDetections(knex, { eventIds: ids(open.filter(asksWhere)), bestOnly: false })),
    ...(await findAlertDetections(knex, { eventIds: ids(open.filter((event) => !asksWhere(event))), bestOnly: true })),
  ];
}

function toHead(row: AlertHeadRow, settings: ZoneSettings): Omit<AlertEvent, 'detections' | 'tracks'> {
  return {
    id: row.id,
    batchId: row.batch_id,
    sequenceId: row.sequence_id,
    cameraId: row.camera_id,
    timezone: cameraZone(row, settings),
    startedAtMs: row.started_at.getTime(),
    riskScore: row.risk_score,
    anomaly: row.anomaly,
  };
}

function toDetection(row: AlertDetectionRow, zones: NonNullable<ReturnType<CameraZones['get']>>): AlertDetection {
  const placed = zones.length === 0 ? undefined : toPlaced(row);
  return {
    id: row.id,
    detectedAtMs: row.detected_at.getTime(),
    trackId: row.track_id,
    label: row.object_type ?? '',
    score: row.confidence ?? 0,
    zoneIds: placed === undefined ? [] : zoneHits(zones, placed).map(({ zoneId }) => zoneId),
  };
}

async function loadTrusts(knex: Knex, detections: readonly AlertDetectionRow[]): Promise<Map<number, AlertTrust>> {
  const rows = await findTrackTrusts(knex, trackIdsOf(detections));
  return new Map(rows.map((row) => [row.track_id, trustOf(row)]));
}

function trustOf({ is_member: isMember, trusts }: TrackTrustRow): AlertTrust {
  if (isMember) return 'member';
  if (trusts.includes('untrusted')) return 'untrusted';
  return trusts.includes('trusted') ? 'trusted' : 'unknown';
}

type StayFacts = { detections: readonly AlertDetectionRow[]; heads: readonly AlertHeadRow[]; zones: CameraZones };

/** Stays run on across events of the same track; an event knows of them up to its end. */
async function loadStays(knex: Knex, { detections, heads, zones }: StayFacts): Promise<Map<string, AlertTrack['dwellMs']>> {
  const events = new Map(heads.map((row) => [row.id, row]));
  const pairs = [...new Map(detections.flatMap((row) => toPair(row, events))).values()].filter(({ cameraId }) => zones.has(cameraId));
  const sightings = groupBy(await findTrackSightings(knex, latestOf(pairs)), ({ track_id: id }) => id);
  return new Map(
    pairs.map(({ eventId, trackId, cameraId, until }) => {
      const stays = zonesOfTrack(zones.get(cameraId) ?? [], (sightings.get(trackId) ?? []).flatMap(toSighting), until.getTime());
      return [stayKey(eventId, trackId), new Map(stays.map(({ zoneId, dwellMs }) => [zoneId, dwellMs]))];
    }),
  );
}

type StayPair = { eventId: number; trackId: number; cameraId: string; until: Date };

function toPair(
  { event_id: eventId, track_id: trackId }: AlertDetectionRow,
  events: ReadonlyMap<number, AlertHeadRow>,
): [string, StayPair][] {
  const event = events.get(eventId);
  if (trackId === null || event === undefined) return [];
  const until = event.ended_at ?? event.started_at;
  return [[stayKey(eventId, trackId), { eventId, trackId, cameraId: event.camera_id, until }]];
}

/** Each track once, up to the end of the last of its events. */
function latestOf(pairs: readonly StayPair[]): StayPair[] {
  const latest = new Map<number, StayPair>();
  for (const pair of pairs) if ((latest.get(pair.trackId)?.until ?? new Date(0)) <= pair.until) latest.set(pair.trackId, pair);
  return [...latest.values()];
}

function trackIdsOf(detections: readonly AlertDetectionRow[]): number[] {
  return [...new Set(detections.flatMap(({ track_id }) => track_id ?? []))];
}

function stayKey(eventId: number, trackId: number): string {
  return `${String(eventId)} ${String(trackId)}`;
}
