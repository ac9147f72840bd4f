import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { updateEntity } from '../../db/models/entities.ts';
import { TRUST_STATUSES } from '../../domain/enums.ts';
import { oneOf } from '../households/member-changes.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { entityNameOf } from './entity-name.ts';
import { getEntity } from './get-entity.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

export type ChangedEntity = { id: string; changes: ColumnChange[] };

/** Says whether entities are trusted; all or none. Throws a usage error for one that does not exist. */
export async function trustEntities(knex: Knex, options: Act & { entities: readonly string[]; trust: string }): Promise<ChangedEntity[]> {
  const trust = oneOf('trust', options.trust, TRUST_STATUSES);
  return inTransaction(knex, options, async (trx) => {
    const changed: ChangedEntity[] = [];
    for (const text of options.entities) {
      const row = await getEntity(trx, text);
      const changes = changedColumns(row, { trust_status: trust });
      changed.push({ id: row.id, changes });
      if (changes.length === 0) continue;
      await updateEntity(trx, row.id, { trust_status: trust });
      await auditEntity(trx, { id: row.id, actor: options.actor, details: { changes } });
    }
    return changed;
  });
}

/** Names an entity; an empty name is removed. Two entities may have one name: people do. */
export async function nameEntity(knex: Knex, options: Act & { entity: string; name: string }): Promise<ChangedEntity> {
  const name = options.name.trim() === '' ? null : checkedName(options.name, 'an entity');
  return inTransaction(knex, options, async (trx) => {
    const row = await getEntity(trx, options.entity);
    const changes = changedColumns({ name: entityNameOf(row) }, { name });
    if (changes.length > 0) {
      await updateEntity(trx, row.id, { entity_metadata: { ...row.entity_metadata, name } });
      await auditEntity(trx, { id: row.id, actor: options.actor, details: { changes } });
    }
    return { id: row.id, changes };
  });
}

/** Records what a user did to an entity. */
export async function auditEntity(trx: Knex.Transaction, act: { id: string; actor: string; details: object }): Promise<void> {
  const { id, actor, details } = act;
  await insertAuditLog(trx, { action: 'entity_updated', resource_type: 'entity', resource_id: id, actor, details: { ...details } });
}
