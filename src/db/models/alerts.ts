import type { Knex } from 'knex';

import { ALERT_REACHED_FROM } from '../../domain/alerts/alert-status.ts';
import type { AlertStatus, Severity } from '../../domain/enums.ts';

/** One row of `alerts`, as stored. */
export type AlertRow = {
  id: string;
  event_id: number;
  /** Null when it was raised by hand or its rule was deleted. */
  rule_id: string | null;
  severity: Severity;
  status: AlertStatus;
  delivered_at: Date | null;
  channels: string[];
  dedup_key: string;
  alert_metadata: Record<string, unknown> | null;
  /** Footage time: when the event began. */
  occurred_at: Date;
  /** Of the rule when it fired. */
  cooldown_seconds: number;
  created_at: Date;
  updated_at: Date;
};

export async function findAlert(knex: Knex, id: string): Promise<AlertRow | undefined> {
  return knex<AlertRow>('alerts').where({ id }).first();
}

export type AlertFilters = {
  status?: readonly AlertStatus[];
  severity?: readonly Severity[];
  ruleId?: string;
  eventIds?: readonly number[];
};

/** Newest footage first. */
export async function listAlerts(knex: Knex, options: { filters?: AlertFilters; limit?: number } = {}): Promise<AlertRow[]> {
  const { filters = {}, limit } = options;
  const query = knex<AlertRow>('alerts').select('*');
  if (filters.status !== undefined) void query.whereIn('status', [...filters.status]);
  if (filters.severity !== undefined) void query.whereIn('severity', [...filters.severity]);
  if (filters.ruleId !== undefined) void query.where('rule_id', filters.ruleId);
  if (filters.eventIds !== undefined) void query.whereIn('event_id', [...filters.eventIds]);
  if (limit !== undefined) void query.limit(limit);
  return query.orderBy([
    { column: 'occurred_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
}

/** The moved alert; undefined when there is none or its status does not lead there. `metadata` is added to what is stored. */
export async function moveAlert(
  knex: Knex,
  id: string,
  move: { to: keyof typeof ALERT_REACHED_FROM; metadata?: Record<string, unknown> },
): Promise<AlertRow | undefined> {
  const [row] = await knex('alerts')
    .where({ id })
    .whereIn('status', [...ALERT_REACHED_FROM[move.to]])
    .update({
      status: move.to,
      ...(move.to === 'delivered' ? { delivered_at: knex.fn.now() } : {}),
      ...(move.metadata === undefined
        ? {}
        : { alert_metadata: knex.raw(`coalesce(alert_metadata, '{}') || ?::jsonb`, [JSON.stringify(move.metadata)]) }),
    })
    .returning<AlertRow[]>('*');
  return row;
}
