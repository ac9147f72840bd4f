import type { Knex } from 'knex';
import { moveAlert } from '../../db/models/alerts.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findAlertDetails } from '../../db/queries/alerts.ts';
import type { AlertStatus } from '../../domain/enums.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { assertAlerts } from './list-alerts.ts';

export type MoveAlertsOptions = { ids: readonly string[]; to: 'acknowledged' | 'dismissed'; actor: string; dryRun: boolean };

/** `changed` false: somebody had dealt with it before, and it stays as it was. */
export type MovedAlert = { id: string; event_id: number; from: AlertStatus; to: AlertStatus; changed: boolean };

/** Acknowledges or dismisses alerts, all of them or none; an id that is no alert's is a usage error. */
export async function moveAlerts(knex: Knex, options: MoveAlertsOptions): Promise<MovedAlert[]> {
  const ids = [...new Set(options.ids.map((id) => id.toLowerCase()))];
  await assertAlerts(knex, ids);
  return inTransaction(knex, options, async (trx) => {
    const moved: MovedAlert[] = [];
    for (const row of await findAlertDetails(trx, ids)) {
      const { id, event_id, status: from } = row;
      const after = await moveAlert(trx, id, { to: options.to });
      moved.push({ id, event_id, from, to: after?.status ?? from, changed: after !== undefined });
      if (after !== undefined) await audit(trx, { id, event_id, from }, options);
    }
    return moved;
  });
}

async function audit(
  trx: Knex.Transaction,
  { id, event_id, from }: Pick<MovedAlert, 'id' | 'event_id' | 'from'>,
  { to, actor }: MoveAlertsOptions,
): Promise<void> {
  await insertAuditLog(trx, {
    action: to === 'dismissed' ? 'event_dismissed' : 'event_reviewed',
    resource_type: 'alert',
    resource_id: id,
    actor,
    details: { event_id, status: { from, to } },
  });
}
