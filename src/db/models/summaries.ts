import type { Knex } from 'knex';

import type { SummaryType } from '../../domain/enums.ts';

/** One row of `summaries`, as stored. */
export type SummaryRow = {
  id: number;
  summary_type: SummaryType;
  content: string;
  event_count: number;
  /** May name deleted events. */
  event_ids: number[] | null;
  /** Footage time; the end is excluded. */
  window_start: Date;
  window_end: Date;
  generated_at: Date;
  created_at: Date;
};

export type NewSummary = Omit<SummaryRow, 'id' | 'generated_at' | 'created_at'>;

/** The same window again replaces its summary. */
export async function saveSummary(knex: Knex, summary: NewSummary): Promise<SummaryRow> {
  const [row] = await knex('summaries')
    .insert(summary)
    .onConflict(['summary_type', 'window_start', 'window_end'])
    .merge({ content: summary.content, event_count: summary.event_count, event_ids: summary.event_ids, generated_at: knex.fn.now() })
    .returning<SummaryRow[]>('*');
  if (row === undefined) throw new Error('the summary was not stored');
  return row;
}

export async function findSummary(knex: Knex, id: number): Promise<SummaryRow | undefined> {
  return knex<SummaryRow>('summaries').where({ id }).first();
}

/** Latest window first. */
export async function listSummaries(knex: Knex, options: { type?: SummaryType; limit?: number } = {}): Promise<SummaryRow[]> {
  const query = knex<SummaryRow>('summaries').select('*');
  if (options.type !== undefined) void query.where('summary_type', options.type);
  if (options.limit !== undefined) void query.limit(options.limit);
  return query.orderBy([
    { column: 'window_end', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
}
