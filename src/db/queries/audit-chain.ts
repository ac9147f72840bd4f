import type { Knex } from 'knex';

import { BEFORE_FIRST, type AuditLink, type ChainedRow } from '../../domain/audit-chain.ts';
import { streamRows } from './stream-rows.ts';

/** Columns in the order of `audit_log_hash`, as text: no value passes through a JavaScript number or Date. */
const FIELDS = [
  'id::text',
  'extract(epoch FROM timestamp)::text',
  'action',
  'resource_type',
  'resource_id',
  'actor',
  'ip_address',
  'user_agent',
  'details::text',
  'status',
];

/** Every audit row in the order of the chain; rows that were never sealed come last. */
export function streamAuditChain(knex: Knex): AsyncIterable<ChainedRow> {
  const query = knex('audit_logs')
    .select(knex.raw('id::text AS id'), 'sequence', 'hash', knex.raw(`ARRAY[${FIELDS.join(', ')}]::text[] AS fields`))
    .orderByRaw('sequence NULLS LAST, id');
  return streamRows<ChainedRow>(query);
}

/** The row that was sealed last. */
export async function readAuditHead(knex: Knex): Promise<AuditLink> {
  const head = await knex('audit_logs')
    .whereNotNull('sequence')
    .orderBy('sequence', 'desc')
    .first<AuditLink | undefined>('sequence', 'hash');
  return head ?? BEFORE_FIRST;
}

/** How audit rows tell that rows before them were pruned, and that a restore put others in the place of all. */
export const CHAIN_CUT = { action: 'data_cleared', resource_type: 'audit_log' } as const;

export type ChainCut = { removed: number; through: AuditLink };

/** What the newest audit row about a prune of audit rows says; undefined: none does. */
export async function findLastCut(knex: Knex): Promise<ChainCut | undefined> {
  const row = await knex('audit_logs').where(CHAIN_CUT).orderBy('sequence', 'desc').first<{ details: ChainCut } | undefined>('details');
  return row?.details;
}

export type ChainReplacement = { id: number; timestamp: Date; actor: string; replaced: AuditLink };

/** Audit rows of restores that replaced a chain, newest first. */
export async function findReplacements(knex: Knex): Promise<ChainReplacement[]> {
  return knex('audit_logs')
    .where('action', 'backup_restored')
    .whereRaw(`details -> 'replaced_audit_head' -> 'sequence' IS NOT NULL`)
    .orderBy('sequence', 'desc')
    .select<ChainReplacement[]>('id', 'timestamp', 'actor', knex.raw(`details -> 'replaced_audit_head' AS replaced`));
}
