import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { listZones, type ZoneRow } from '../../db/models/zones.ts';
import { listCameraNames, type CameraNameRow } from '../../db/queries/cameras.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { centreZoneOf, type RepeatedBox } from '../../domain/zones/repeated-boxes.ts';
import { isIgnoredByZone } from '../../domain/zones/zone-hits.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { matchCameras } from '../lists/match-names.ts';
import { findRepeatedBoxes } from './find-repeated-boxes.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';
import { writeCrops } from './write-crops.ts';

export type SuggestZonesOptions = {
  /** Ids or names, `*` and `?` allowed; none means all cameras. */
  cameras?: readonly string[] | undefined;
  /** Folder for pictures of what stands there; none are made without it. */
  out?: string | undefined;
  settings: DecodeSettings & ZoneSettings;
};

export type ZoneSuggestion = {
  camera_id: string;
  /** Of the zone that would be added. */
  name: string;
  class_group: string;
  object_types: readonly string[];
  days: number;
  frames: number;
  first_seen: Date;
  first_seen_local: string;
  last_seen: Date;
  last_seen_local: string;
  /** As parts of the picture: left, top, width, height. */
  box: readonly number[];
  crops: readonly string[];
  /** Leaves it out of events. */
  command: string;
};

/** What stands in the same place again and again and is not left out yet, with the command that does so. Nothing is changed. */
export async function suggestZones(knex: Knex, { cameras: patterns, out, settings }: SuggestZonesOptions): Promise<ZoneSuggestion[]> {
  const cameras = await listCameraNames(knex);
  const chosen = patterns === undefined ? undefined : new Set(matchCameras(cameras, patterns));
  if (out !== undefined) await mkdir(out, { recursive: true, mode: 0o700 });
  const tools = ffmpegFinder(settings);
  const suggestions: ZoneSuggestion[] = [];
  for (const camera of cameras.filter(({ id }) => chosen?.has(id) ?? true)) {
    const timezone = timezoneOf(camera, settings);
    for (const { box, name } of await newBoxes(knex, { cameraId: camera.id, timezone })) {
      const suggestion = toSuggestion(box, { cameraId: camera.id, name, timezone });
      const prefix = out === undefined ? undefined : join(out, `${camera.id}-${name.replaceAll(' ', '-')}`);
      suggestions.push({ ...suggestion, crops: prefix === undefined ? [] : await writeCrops(knex, { box, prefix, tools }) });
    }
  }
  return suggestions;
}

export function timezoneOf({ id, timezone, property_timezone }: CameraNameRow, settings: ZoneSettings): string {
  return cameraZone({ camera_id: id, camera_timezone: timezone, property_timezone }, settings);
}

type CameraTime = { cameraId: string; timezone: string };

/** Each with a name that no zone of the camera has. */
async function newBoxes(knex: Knex, camera: CameraTime): Promise<{ box: RepeatedBox; name: string }[]> {
  const zones = await listZones(knex, { cameraIds: [camera.cameraId] });
  const taken = new Set(zones.map(({ name }) => name));
  const boxes = (await findRepeatedBoxes(knex, camera)).filter((box) => !isLeftOut(zones, box));
  return boxes.map((box) => {
    const name = freeName(`standing ${box.labels[0] ?? box.group}`, taken);
    taken.add(name);
    return { box, name };
  });
}

function isLeftOut(zones: readonly ZoneRow[], { examples }: RepeatedBox): boolean {
  return examples.every((example) => isIgnoredByZone(zones, example));
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = `${wanted} ${String(number)}`;
    if (!taken.has(name)) return name;
  }
}

function toSuggestion(box: RepeatedBox, { cameraId, name, timezone }: CameraTime & { name: string }): ZoneSuggestion {
  const points = centreZoneOf(box.box).map((point) => point.join(','));
  const [label = box.group] = box.labels;
  return {
    camera_id: cameraId,
    name,
    class_group: box.group,
    object_types: box.labels,
    days: box.days,
    frames: box.frames,
    first_seen: new Date(box.firstMs),
    first_seen_local: formatLocal(box.firstMs, timezone),
    last_seen: new Date(box.lastMs),
    last_seen_local: formatLocal(box.lastMs, timezone),
    box: [box.box.x, box.box.y, box.box.width, box.box.height].map((share) => Math.round(share * 1e4) / 1e4),
    crops: [],
    command: `hs zones add ${quoted(name)} --camera ${quoted(cameraId)} --purpose ignore --anchor centre --classes ${quoted(box.group === 'other' ? label : box.group)} --points "${points.join(' ')}"`,
  };
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
