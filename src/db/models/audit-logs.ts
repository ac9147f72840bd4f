import type { Knex } from 'knex';

import type { AuditAction, AuditStatus } from '../../domain/enums.ts';

/** One row of `audit_logs`, as stored. Insert-only. */
export type AuditLogRow = {
  id: number;
  timestamp: Date;
  action: AuditAction;
  resource_type: string;
  resource_id: string | null;
  actor: string;
  ip_address: string | null;
  user_agent: string | null;
  details: Record<string, unknown>;
  status: AuditStatus;
  /** Place in the chain; null only within the transaction that writes the row. */
  sequence: number | null;
  /** SHA-256 over the row before it and all other columns. */
  hash: string | null;
};

export type NewAuditLog = Pick<AuditLogRow, 'action' | 'resource_type' | 'actor'> &
  Partial<Pick<AuditLogRow, 'resource_id' | 'details' | 'status'>>;

/** Pass the transaction of the act it records; a failed attempt is written on its own. */
export async function insertAuditLog(knex: Knex, entry: NewAuditLog): Promise<void> {
  await knex('audit_logs').insert({ ...entry, actor: entry.actor.slice(0, 100), details: JSON.stringify(entry.details ?? {}) });
}

export async function listAuditLogs(knex: Knex, options: { limit?: number } = {}): Promise<AuditLogRow[]> {
  const query = knex<AuditLogRow>('audit_logs').orderBy('id', 'desc');
  return options.limit === undefined ? query : query.limit(options.limit);
}
