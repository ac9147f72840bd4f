import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { assignCameras as addRows, unassignCameras as deleteRows } from '../../db/models/camera-areas.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { listPropertyCameras } from '../../db/queries/properties.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { matchCameras } from '../lists/match-names.ts';
import { getArea } from './get-area.ts';

export type AssignCamerasOptions = {
  /** Name or id. */
  area: string;
  /** Ids or names, `*` and `?` allowed. */
  cameras: readonly string[];
  /** Whether the cameras come into the area or out of it. */
  into: boolean;
  actor: string;
  dryRun: boolean;
};

export type AssignedCameras = {
  area_id: number;
  area: string;
  /** Cameras that came in or went out. */
  changed: string[];
  /** Cameras for which it was so before. */
  unchanged: string[];
  /** Changed cameras that are not at the area's property. */
  of_other_property: string[];
};

/** Puts cameras into an area or takes them out. A camera or area that does not exist is a usage error and changes nothing. */
export async function assignCameras(knex: Knex, options: AssignCamerasOptions): Promise<AssignedCameras> {
  const { into, actor } = options;
  if (options.cameras.length === 0) throw new UsageError('no camera is named', { hint: '`hs cameras list` shows their ids' });
  return inTransaction(knex, options, async (trx) => {
    const area = await getArea(trx, options.area);
    const cameraIds = matchCameras(await listCameraNames(trx), options.cameras);
    const changed = await (into ? addRows : deleteRows)(trx, area.id, cameraIds);
    const atProperty = new Set((await listPropertyCameras(trx, area.property_id)).map(({ id }) => id));
    if (changed.length > 0) {
      await insertAuditLog(trx, {
        action: 'settings_changed',
        resource_type: 'area',
        resource_id: String(area.id),
        actor,
        details: into ? { cameras_added: changed } : { cameras_removed: changed },
      });
    }
    return {
      area_id: area.id,
      area: area.name,
      changed,
      unchanged: cameraIds.filter((id) => !changed.includes(id)),
      of_other_property: changed.filter((id) => !atProperty.has(id)),
    };
  });
}
