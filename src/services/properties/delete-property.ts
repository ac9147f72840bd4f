import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteProperty as deleteRow } from '../../db/models/properties.ts';
import { listAreaSummaries } from '../../db/queries/areas.ts';
import { listPropertyCameras } from '../../db/queries/properties.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { lockProperty } from './get-property.ts';

export type DeletePropertyOptions = { property: string; actor: string; dryRun: boolean };

export type DeletedProperty = {
  id: number;
  name: string;
  /** Cameras that have no site any more; they and their footage stay. */
  cameras_without_property: string[];
  /** Those among them whose time zone was the property's. */
  cameras_without_timezone: string[];
  /** Areas that went with it. */
  areas_deleted: string[];
};

/** Deletes a property with its areas; its cameras stay. Throws a usage error when there is none of that name or id. */
export async function deleteProperty(knex: Knex, options: DeletePropertyOptions): Promise<DeletedProperty> {
  return inTransaction(knex, options, async (trx) => {
    const property = await lockProperty(trx, options.property);
    const { id, name } = property;
    const cameras = await listPropertyCameras(trx, id);
    const areas = await listAreaSummaries(trx, { propertyIds: [id] });
    const deleted: DeletedProperty = {
      id,
      name,
      cameras_without_property: cameras.map((camera) => camera.id),
      cameras_without_timezone: cameras.filter(({ timezone }) => timezone === null).map((camera) => camera.id),
      areas_deleted: areas.map((area) => area.name),
    };
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'property',
      resource_id: String(id),
      actor: options.actor,
      details: { deleted: { ...property, cameras: deleted.cameras_without_property, areas: deleted.areas_deleted } },
    });
    await deleteRow(trx, id);
    return deleted;
  });
}
