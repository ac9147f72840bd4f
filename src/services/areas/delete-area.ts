import type { Knex } from 'knex';
import { deleteArea as deleteRow } from '../../db/models/areas.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { listAreaSummaries } from '../../db/queries/areas.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { lockArea } from './get-area.ts';

export type DeleteAreaOptions = { area: string; actor: string; dryRun: boolean };

export type DeletedArea = { id: number; name: string; property: string; cameras: string[] };

/** Deletes an area; its cameras stay. Throws a usage error when there is none of that name or id. */
export async function deleteArea(knex: Knex, options: DeleteAreaOptions): Promise<DeletedArea> {
  return inTransaction(knex, options, async (trx) => {
    const { id, name } = await lockArea(trx, options.area);
    const [area] = await listAreaSummaries(trx, { ids: [id] });
    const deleted = { id, name, property: area?.property_name ?? '', cameras: area?.camera_ids ?? [] };
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'area',
      resource_id: String(id),
      actor: options.actor,
      details: { deleted },
    });
    await deleteRow(trx, id);
    return deleted;
  });
}
