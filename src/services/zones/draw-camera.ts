import type { Knex } from 'knex';
import { listZones, type ZoneRow } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { streamDetections } from '../../db/queries/detections.ts';
import { countAnchors } from '../../db/queries/zone-footage.ts';
import type { Size } from '../../domain/box.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { drawZones } from '../../media/drawing/draw-zones.ts';
import type { Heat } from '../../media/drawing/heat-picture.ts';
import { hasFont } from '../../media/drawing/render-svg.ts';
import type { DrawnBox, DrawnZone } from '../../media/drawing/zone-overlay.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveTarget } from '../export/export-target.ts';
import { resolveScope } from '../lists/resolve-scope.ts';
import { cameraIdFor } from './add-zone.ts';
import { toSeenBox } from './seen-box.ts';
import { findRepeatedBoxes } from './find-repeated-boxes.ts';
import { pickFrame, type PickedFrame } from './pick-frame.ts';
import type { DecodeSettings } from '../footage/read-footage-frame.ts';
import { timezoneOf } from './suggest-zones.ts';

export type DrawCameraOptions = {
  /** Id or name; may be left out when there is only one camera. */
  camera: string | undefined;
  /** Ledger id or path of the file to draw on; the newest that can be read without it. */
  file: string | undefined;
  /** Moment of footage to draw on. */
  at: string | undefined;
  /** What was detected in the frame. */
  boxes: boolean;
  /** What stands there again and again. */
  standing: boolean;
  /** Where moving objects touched the ground, from `since` to `until`. */
  heat: boolean;
  since: string | undefined;
  until: string | undefined;
  out: string | undefined;
  folder: string;
  settings: DecodeSettings & ZoneSettings;
};

export type ZonePicture = {
  camera_id: string;
  path: string;
  bytes: number;
  file_path: string;
  at: Date;
  offset_ms: number;
  zones: number;
  boxes: number;
  /** Null without `heat`. */
  heat_anchors: number | null;
  /** False: this system has no font, so names are missing. */
  has_names: boolean;
};

const HEAT_COLUMNS = 64;
const HEAT_SPAN = '30d';

/** Draws the zones of a camera, and on wish boxes and heat, on a frame of its footage; the PNG is whole or not there. */
export async function drawCamera(knex: Knex, options: DrawCameraOptions): Promise<ZonePicture> {
  const cameraId = await cameraIdFor(knex, options.camera);
  const camera = (await listCameraNames(knex)).find(({ id }) => id === cameraId);
  const timezone = camera === undefined ? 'UTC' : timezoneOf(camera, options.settings);
  const target = await resolveTarget({
    out: options.out,
    folder: options.folder,
    type: `zones-${cameraId}`,
    suffix: 'png',
    at: new Date(),
  });
  if (target.kind === 'stdout') throw new UsageError('--out - would print a picture', { hint: 'give a file to write, such as zones.png' });
  const frame = await pickFrame(knex, { ...options, cameraId, timezone });
  const zones = await listZones(knex, { cameraIds: [cameraId] });
  const boxes = [
    ...(options.standing ? await standingBoxes(knex, { cameraId, timezone }) : []),
    ...(options.boxes ? await seenBoxes(knex, frame) : []),
  ];
  const heat = options.heat ? await heatOf(knex, { ...options, cameraId, picture: frame.picture }) : undefined;
  const anchors = heat?.cells.reduce((sum, { count }) => sum + count, 0) ?? null;
  const caption = [cameraId, formatLocal(frame.at.getTime(), timezone).replace('T', ' '), counted(zones.length, 'zone')];
  if (anchors !== null) caption.push(`heat of ${counted(anchors, 'detection')}`);
  const png = await drawZones({ picture: frame.picture, zones: zones.map(toDrawnZone), boxes, heat, caption: caption.join('  ·  ') });
  const bytes = await writeAtomically(target.path, [png]);
  return {
    camera_id: cameraId,
    path: target.path,
    bytes,
    file_path: frame.file.path,
    at: frame.at,
    offset_ms: frame.offsetMs,
    zones: zones.length,
    boxes: boxes.length,
    heat_anchors: anchors,
    has_names: await hasFont(),
  };
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function toDrawnZone({ name, coordinates, color, purpose, enabled, classes, zone_type: type }: ZoneRow): DrawnZone {
  const forClasses = classes === null ? '' : `: ${classes.join(', ')}`;
  const what = purpose === 'detect' ? type.replaceAll('_', ' ') : purpose.replaceAll('_', ' ');
  const note = `${what === 'other' ? '' : what}${forClasses}${enabled ? '' : ' (disabled)'}`.replace(/^: /, '').trim();
  const holds = purpose === 'detect' ? 'plain' : 'hatched';
  return { name, note, coordinates, color, style: enabled ? holds : 'dashed' };
}

async function seenBoxes(knex: Knex, { file, offsetMs, at }: PickedFrame): Promise<DrawnBox[]> {
  const until = new Date(at.getTime() + 1);
  const filter = { since: at, until, mediaFileIds: [file.id] };
  const boxes: DrawnBox[] = [];
  for await (const row of streamDetections(knex, { filter, sort: { field: 'detected_at', descending: false } })) {
    if (row.frame_offset_ms === offsetMs) boxes.push(...toSeenBox(row));
  }
  return boxes;
}

async function standingBoxes(knex: Knex, camera: { cameraId: string; timezone: string }): Promise<DrawnBox[]> {
  const boxes = await findRepeatedBoxes(knex, camera);
  return boxes.map(({ labels, group, days, box }) => ({
    label: `${labels[0] ?? group}, ${counted(days, 'day')}`,
    ...box,
    style: 'standing',
  }));
}

type HeatOptions = Pick<DrawCameraOptions, 'since' | 'until' | 'settings'> & { cameraId: string; picture: Size };

async function heatOf(knex: Knex, { cameraId, picture, since = HEAT_SPAN, until, settings }: HeatOptions): Promise<Heat> {
  const span = await resolveScope(knex, { since, until, cameras: [cameraId] }, settings);
  const grid = { columns: HEAT_COLUMNS, rows: Math.max(1, Math.round((HEAT_COLUMNS * picture.height) / picture.width)) };
  return { ...grid, cells: await countAnchors(knex, { cameraId, since: span.since, until: span.until, ...grid }) };
}
