import { bottomCentre, centre, xywhToXyxy } from '../box.ts';
import type { BoxXywh, Size } from '../box.ts';
import { groupOf } from '../classes.ts';
import type { SceneChangeType } from '../enums.ts';
import type { StoredDetection } from '../stored-detection.ts';
import { isInsidePolygon, overlapsPolygon } from './polygon.ts';
import type { Zone, ZonePoint } from './zone.ts';

/** What zones are asked about: a box in pixels of its picture. */
export type PlacedDetection = Pick<StoredDetection, 'label' | 'box' | 'picture'>;

/** `zoneSuspect`: the camera's view has changed since the zone was drawn, so it may lie elsewhere. */
export type ZoneHit = { zoneId: string; zoneSuspect: boolean };

/** Where the object stands, as parts of the picture: the middle of the box's lower edge, or the middle of the box. */
export function anchorPoint(box: BoxXywh, picture: Size, anchor: 'bottom_centre' | 'centre' = 'bottom_centre'): ZonePoint {
  const { x, y } = anchor === 'centre' ? centre(box) : bottomCentre(box);
  return [x / picture.width, Math.min(1, y / picture.height)];
}

/** Whether the zone's outline holds the anchor of the box, or any part of it where the zone asks for `overlap`. */
export function isInZone(zone: Pick<Zone, 'coordinates' | 'anchor'>, box: BoxXywh, picture: Size): boolean {
  if (zone.anchor !== 'overlap') return isInsidePolygon(anchorPoint(box, picture, zone.anchor), zone.coordinates);
  const { x1, y1, x2, y2 } = xywhToXyxy(box);
  const { width, height } = picture;
  return overlapsPolygon({ x1: x1 / width, y1: y1 / height, x2: x2 / width, y2: y2 / height }, zone.coordinates);
}

/** All `detect` zones a detection is in, the first of them being "the" zone: highest priority, then id. */
export function zoneHits(zones: readonly Zone[], detection: PlacedDetection, zoneSuspect = false): ZoneHit[] {
  return zones
    .filter((zone) => zone.purpose === 'detect' && hits(zone, detection))
    .sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1))
    .map(({ id }) => ({ zoneId: id, zoneSuspect }));
}

/** Whether the detection is in a zone that leaves out its class. */
export function isIgnoredByZone(zones: readonly Zone[], detection: PlacedDetection): boolean {
  return zones.some((zone) => zone.purpose === 'ignore' && hits(zone, detection));
}

/**
 * One byte per pixel of a motion picture, not 0 where motion is left out; undefined when it counts everywhere. An `ignore` zone of
 * named classes leaves out motion only where it names that: it must not hide the other classes.
 */
export function motionMask(zones: readonly Zone[], size: Size): Uint8Array | undefined {
  const masking = zones.filter((zone) => zone.purpose !== 'detect' && zone.enabled && takesClass(zone, 'motion'));
  if (masking.length === 0) return undefined;
  return Uint8Array.from({ length: size.width * size.height }, (_, at) => {
    const point: ZonePoint = [((at % size.width) + 0.5) / size.width, (Math.floor(at / size.width) + 0.5) / size.height];
    return masking.some((zone) => isInsidePolygon(point, zone.coordinates)) ? 1 : 0;
  });
}

/** Whether findings about a camera's view put its zones in doubt. They are evaluated all the same. */
export function areZonesSuspect(findings: readonly { changeType: SceneChangeType; acknowledged: boolean }[]): boolean {
  return findings.some(
    ({ changeType, acknowledged }) => !acknowledged && (changeType === 'angle_changed' || changeType === 'view_tampered'),
  );
}

function hits(zone: Zone, { label, box, picture }: PlacedDetection): boolean {
  return zone.enabled && takesClass(zone, label) && isInZone(zone, box, picture);
}

function takesClass({ classes }: Zone, label: string): boolean {
  return classes === null || classes.includes(label) || classes.includes(groupOf(label));
}
