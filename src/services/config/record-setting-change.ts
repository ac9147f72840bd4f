import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';

export type SettingChange = {
  key: string;
  /** Masked where secret; null: not in the file. */
  from: string | number | boolean | object | null;
  to: string | number | boolean | object | null;
  file: string;
  actor: string;
};

/** Makes a change of the configuration and its audit row one act: a change that cannot be made leaves no row, and no row no change. */
export async function recordSettingChange(knex: Knex, change: SettingChange, apply: () => Promise<void>): Promise<void> {
  const { key, actor, ...details } = change;
  await knex.transaction(async (trx) => {
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'setting',
      resource_id: key,
      actor,
      details: { key, ...details },
    });
    await apply();
  });
}
