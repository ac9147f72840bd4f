import type { Knex } from 'knex';

import { listZones } from '../../../db/models/zones.ts';
import type { Zone } from '../../../domain/zones/zone.ts';

/** Zones in which motion is left out, by camera; cameras without one are not in it. */
export async function findMaskZones(knex: Knex): Promise<Map<string, Zone[]>> {
  const byCamera = new Map<string, Zone[]>();
  for (const { camera_id: cameraId, ...row } of await listZones(knex, { enabled: true })) {
    if (row.purpose !== 'detect') byCamera.set(cameraId, [...(byCamera.get(cameraId) ?? []), toZone(row)]);
  }
  return byCamera;
}

/** Plain data: it goes to another process. */
function toZone({ id, coordinates, enabled, priority, purpose, anchor, classes }: Zone): Zone {
  return { id, coordinates, enabled, priority, purpose, anchor, classes };
}
