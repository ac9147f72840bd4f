import { ok, warn, type DoctorLine } from './doctor-line.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import type { CameraNameRow } from '../../db/queries/cameras.ts';

const SHOWN = 5;

/** Whether every camera has a time zone that somebody set: without one its local times are taken for UTC. */
export function checkZones(cameras: readonly CameraNameRow[], settings: ZoneSettings): DoctorLine {
  if (settings.timezone !== undefined) return ok('timezone', `${settings.timezone} for cameras without one of their own`);
  const without = cameras.filter(
    ({ id, timezone, property_timezone }) =>
      timezone === null && property_timezone === null && settings.cameras[id]?.timezone === undefined,
  );
  if (cameras.length > 0 && without.length === 0) return ok('timezone', `all ${String(cameras.length)} cameras have one`);
  const hint = 'set `timezone: Europe/Berlin` in hs.yaml or HS_TIMEZONE, or use `hs cameras set ID --timezone ZONE`';
  if (without.length === 0) return warn('timezone', 'none is set: local times in file names will be read as UTC', hint);
  const names = without.slice(0, SHOWN).map(({ id }) => id);
  const more = without.length > SHOWN ? `, … (${String(without.length)} in all)` : '';
  return warn('timezone', `none for ${names.join(', ')}${more}: their local times are read as UTC`, hint);
}
