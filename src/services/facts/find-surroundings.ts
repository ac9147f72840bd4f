import type { Knex } from 'knex';

import { findDamagedFiles, findEventQualities } from '../../db/queries/facts/event-subjects.ts';
import { findTrackIdentities, type TrackIdentityRow } from '../../db/queries/facts/identities.ts';
import {
  findEventActions,
  findEventSceneChanges,
  findEventsWithOtherFootage,
  findEventThreats,
  findNearbyTracks,
  type NearbyTrackRow,
} from '../../db/queries/facts/surroundings.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import { groupBy } from '../../lib/group-by.ts';
import type { FactPage } from './fact-page.ts';

const NEARBY_MS = 300_000;
const SCENE_MS = 120_000;

/** What went on around an event, beside its subjects. */
export type Surroundings = Pick<EventFacts, 'otherCameras' | 'sceneChanges' | 'threats' | 'actions' | 'pictureQuality' | 'damagedFiles'>;

/** Gathers it for all events of a page. */
export async function findSurroundings(knex: Knex, page: FactPage): Promise<(eventId: number) => Surroundings> {
  const { ids } = page;
  const others = await findOtherCameras(knex, page);
  const scenes = groupBy(await findEventSceneChanges(knex, { ids, withinMs: SCENE_MS }), byEvent);
  const threats = groupBy(page.stored.threats ? await findEventThreats(knex, ids) : [], byEvent);
  const actions = groupBy(page.stored.actions ? await findEventActions(knex, ids) : [], byEvent);
  const qualities = await findQualities(knex, page);
  const damaged = await findDamage(knex, page);
  return (id) => ({
    otherCameras: others(id),
    sceneChanges: (scenes.get(id) ?? []).map((row) => ({ id: row.id, type: row.change_type, detectedAtMs: row.detected_at.getTime() })),
    threats: (threats.get(id) ?? []).map((row) => ({ type: row.threat_type, confidence: row.confidence, trackId: row.track_id })),
    actions: (actions.get(id) ?? []).flatMap((row) => {
      if (row.action === null) return [];
      return [{ action: row.action, confidence: row.confidence ?? 0, isSuspicious: row.is_suspicious, trackId: row.track_id }];
    }),
    pictureQuality: qualities.get(id) ?? null,
    damagedFiles: damaged(id),
  });
}

function byEvent(row: { event_id: number }): number {
  return row.event_id;
}

async function findOtherCameras(knex: Knex, { ids, heads, stored }: FactPage): Promise<(id: number) => EventFacts['otherCameras']> {
  const asked = heads.filter(({ property_id: property }) => property !== null).map(({ id }) => id);
  if (asked.length === 0) return () => ({ hasCoverage: false, sightings: [] });
  const covered = new Set(await findEventsWithOtherFootage(knex, { ids, withinMs: NEARBY_MS }));
  const nearby = await findNearbyTracks(knex, { ids: asked, withinMs: NEARBY_MS });
  const identities = stored.identities && nearby.length > 0 ? await findTrackIdentities(knex, spansOf(nearby)) : [];
  const identityOf = new Map(identities.map((row) => [row.track_id, row]));
  const tracks = groupBy(nearby, byEvent);
  return (id) => ({
    hasCoverage: covered.has(id),
    sightings: oncePerCamera((tracks.get(id) ?? []).map((track) => toSighting(track, identityOf.get(track.track_id)))),
  });
}

function spansOf(tracks: readonly NearbyTrackRow[]) {
  const once = new Map(tracks.map((track) => [track.track_id, track]));
  return [...once.values()].map(({ track_id: trackId, camera_id: cameraId, first_seen: from, last_seen: until }) => ({
    trackId,
    cameraId,
    from,
    until,
  }));
}

type Sighting = EventFacts['otherCameras']['sightings'][number];

function toSighting(track: NearbyTrackRow, identity: TrackIdentityRow | undefined): Sighting {
  return {
    cameraId: track.camera_id,
    cameraName: track.camera_name,
    label: track.label,
    atMs: track.first_seen.getTime(),
    entityId: identity?.entity_id ?? null,
    isTrusted: identity !== undefined && identity.member_id !== null && identity.trusted_level === 'full',
  };
}

/** One for each camera, class and entity: the first. */
function oncePerCamera(sightings: readonly Sighting[]): Sighting[] {
  const keyOf = ({ cameraId, label, entityId, isTrusted }: Sighting) => JSON.stringify([cameraId, label, entityId, isTrusted]);
  return [...groupBy(sightings, keyOf).values()].flatMap(([first]) => (first ? [first] : []));
}

async function findQualities(knex: Knex, { subjects }: FactPage): Promise<Map<number, EventFacts['pictureQuality']>> {
  const measured = [...new Set(subjects.filter((subject) => subject.has_quality).map(byEvent))];
  if (measured.length === 0) return new Map();
  const rows = await findEventQualities(knex, measured);
  return new Map(
    rows.flatMap(({ event_id: id, ...quality }) =>
      Object.values(quality).every((value) => value === null) ? [] : [[id, quality] as const],
    ),
  );
}

async function findDamage(knex: Knex, { subjects }: FactPage): Promise<(id: number) => EventFacts['damagedFiles']> {
  const files = await findDamagedFiles(knex, [...new Set(subjects.flatMap((subject) => subject.file_ids))]);
  if (files.length === 0) return () => [];
  const byId = new Map(files.map((file) => [file.id, file]));
  const ofEvent = groupBy(subjects, byEvent);
  return (id) => {
    const fileIds = new Set((ofEvent.get(id) ?? []).flatMap((subject) => subject.file_ids));
    return [...fileIds].flatMap((fileId) => {
      const file = byId.get(fileId);
      return file ? [{ path: file.path, fraction: file.readable_fraction, code: file.failure_code }] : [];
    });
  };
}
