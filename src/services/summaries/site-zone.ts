import type { Knex } from 'knex';

import { listCameraNames } from '../../db/queries/cameras.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { commonZone } from '../lists/resolve-scope.ts';

/** Time zone of the property: the one all cameras live in, else the configured one. */
export async function siteZone(knex: Knex, zones: ZoneSettings): Promise<string> {
  return commonZone(await listCameraNames(knex), zones);
}
