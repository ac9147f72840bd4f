import type { Knex } from 'knex';
import { listZones, type ZoneRow } from '../../db/models/zones.ts';
import type { TrackSightingRow } from '../../db/queries/track-sightings.ts';
import type { PlacedDetection } from '../../domain/zones/zone-hits.ts';
import { zonesOfDetections, type TrackSighting } from '../../domain/zones/zones-of-track.ts';

/** Zones that say where something was, by camera; cameras without one are not in it. */
export type CameraZones = ReadonlyMap<string, readonly ZoneRow[]>;

export async function findCameraZones(knex: Knex, cameraIds?: readonly string[]): Promise<CameraZones> {
  const byCamera = new Map<string, ZoneRow[]>();
  for (const zone of await listZones(knex, { enabled: true, ...(cameraIds === undefined ? {} : { cameraIds }) })) {
    if (zone.purpose === 'detect') byCamera.set(zone.camera_id, [...(byCamera.get(zone.camera_id) ?? []), zone]);
  }
  return byCamera;
}

/** Names of the zones that any of a camera's detections is in, those first that win on overlap; null for a camera without zones. */
export function zoneNamesOf(zones: readonly ZoneRow[] | undefined, detections: Iterable<PlacedDetection>): string[] | null {
  if (zones === undefined) return null;
  const names = new Map(zones.map(({ id, name }) => [id, name]));
  return zonesOfDetections(zones, detections).flatMap((id) => names.get(id) ?? []);
}

type BoxRow = {
  object_type: string | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  image_width: number | null;
  image_height: number | null;
};

/** A stored detection as zones are asked about it; undefined for a row without a box or the size of its picture. */
export function toPlaced(row: BoxRow): PlacedDetection | undefined {
  const { bbox_x: x, bbox_y: y, bbox_width: width, bbox_height: height, image_width: pictureWidth, image_height: pictureHeight } = row;
  if (x === null || y === null || width === null || height === null) return undefined;
  if (pictureWidth === null || pictureHeight === null) return undefined;
  return { label: row.object_type ?? '', box: { x, y, width, height }, picture: { width: pictureWidth, height: pictureHeight } };
}

/** A stored box of a track as stays in zones are told from it; none for a row that cannot be placed. */
export function toSighting(row: TrackSightingRow): TrackSighting[] {
  const placed = toPlaced(row);
  return placed === undefined ? [] : [{ ...placed, detectedAtMs: row.at_ms }];
}
