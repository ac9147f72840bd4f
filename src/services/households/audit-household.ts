import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';

type HouseholdAct = { type: 'household' | 'household_member' | 'registered_vehicle'; id: number; actor: string; details: object };

/** Records what was done to a household and those who belong to it. */
export async function auditHousehold(trx: Knex.Transaction, { type, id, actor, details }: HouseholdAct): Promise<void> {
  await insertAuditLog(trx, {
    action: 'household_updated',
    resource_type: type,
    resource_id: String(id),
    actor,
    details: { ...details },
  });
}
