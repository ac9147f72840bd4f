import type { Knex } from 'knex';

import { AUDIT_FLAGS, type AuditFlag } from '../../domain/event-audit.ts';

/** 1–5. */
type AuditScore =
  'context_usage_score' | 'reasoning_coherence_score' | 'risk_justification_score' | 'consistency_score' | 'overall_quality_score';

const ADVICE = ['missing_context', 'confusing_sections', 'unused_data', 'format_suggestions', 'model_gaps'] as const;
type Advice = (typeof ADVICE)[number];

/** One row of `event_audits`, as stored. */
export type EventAuditRow = Record<AuditFlag, boolean> &
  Record<AuditScore, number | null> & {
    id: number;
    event_id: number;
    audited_at: Date;
    prompt_length: number;
    prompt_token_estimate: number;
    /** Percent. */
    enrichment_utilization: number;
    /** Second score, and how much it is above the first. */
    consistency_risk_score: number | null;
    consistency_diff: number | null;
    self_eval_critique: string | null;
    self_eval_prompt: string | null;
    self_eval_response: string | null;
  } & Record<Advice, string | null>; // JSON arrays as text

export type NewEventAudit = Pick<EventAuditRow, 'event_id'> &
  Partial<Omit<EventAuditRow, 'id' | 'event_id' | 'audited_at' | Advice>> &
  Partial<Record<Advice, readonly string[] | null>>;

/** Makes the audit of an event or changes what is named: each way of evaluating writes its own columns. */
export async function saveEventAudit(knex: Knex, audit: NewEventAudit): Promise<EventAuditRow> {
  const columns = toColumns(audit);
  const [row] = await knex('event_audits')
    .insert(columns)
    .onConflict('event_id')
    .merge({ ...columns, audited_at: knex.fn.now() })
    .returning<EventAuditRow[]>('*');
  if (row === undefined) throw new Error('the event audit was not stored');
  return row;
}

/** What an analysis tells of itself, for many events at once; what evaluating it found stays. */
export type AnalysisAudit = Pick<
  EventAuditRow,
  'event_id' | 'prompt_length' | 'prompt_token_estimate' | 'enrichment_utilization' | AuditFlag
>;

export async function saveAnalysisAudits(trx: Knex.Transaction, audits: readonly AnalysisAudit[]): Promise<void> {
  if (audits.length === 0) return;
  const columns = [...AUDIT_FLAGS, 'prompt_length', 'prompt_token_estimate', 'enrichment_utilization'].join(', ');
  const types = [...AUDIT_FLAGS.map((flag) => `${flag} boolean`), 'prompt_length integer', 'prompt_token_estimate integer'].join(', ');
  await trx.raw(
    `INSERT INTO event_audits (event_id, ${columns})
     SELECT event_id, ${columns}
       FROM jsonb_to_recordset(?::jsonb) AS a(event_id bigint, ${types}, enrichment_utilization double precision)
     ON CONFLICT (event_id) DO UPDATE
        SET audited_at = now(), (${columns}) = (SELECT ${columns
          .split(', ')
          .map((name) => `excluded.${name}`)
          .join(', ')})`,
    [JSON.stringify(audits)],
  );
}

export async function findEventAudit(knex: Knex, eventId: number): Promise<EventAuditRow | undefined> {
  return knex<EventAuditRow>('event_audits').where({ event_id: eventId }).first();
}

function toColumns(audit: NewEventAudit): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...audit };
  for (const name of ADVICE) {
    const list = audit[name];
    if (list !== undefined && list !== null) columns[name] = JSON.stringify(list);
  }
  return columns;
}
