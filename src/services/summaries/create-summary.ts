import type { Knex } from 'knex';

import { saveSummary } from '../../db/models/summaries.ts';
import { findNewestFootage } from '../../db/queries/cameras.ts';
import type { SummaryType } from '../../domain/enums.ts';
import { summarySpan, summaryWindow } from '../../domain/summary.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ChatClient } from '../../llm/chat-client.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { parseInstant } from '../lists/parse-instant.ts';
import { gatherSummaryFacts, type SummaryFacts } from './gather-summary-facts.ts';
import { siteZone } from './site-zone.ts';
import { toSummaryRecord, type SummaryRecord } from './summary-record.ts';
import { writeSummaryText, type WrittenText } from './write-summary-text.ts';

export type CreateSummaryOptions = {
  type: SummaryType;
  /** End of the hour, or a moment of the day: a time, `7d` back, or `now`; by default the end of the newest footage. */
  at?: string | undefined;
  /** Writes the text; without one, or when it fails, the template does. */
  chat?: ChatClient | undefined;
  zones: ZoneSettings;
  dryRun: boolean;
  signal: AbortSignal;
};

export type CreatedSummary = { summary: SummaryRecord; facts: SummaryFacts; written: WrittenText };

/** Writes down what happened in an hour or on a day of footage; the same window again is replaced (§10.11). */
export async function createSummary(knex: Knex, options: CreateSummaryOptions): Promise<CreatedSummary> {
  const { type, zones } = options;
  const zone = await siteZone(knex, zones);
  const window = summaryWindow(type, { asOfMs: (await resolveAt(knex, options.at, zone)).getTime(), zone });
  const facts = await gatherSummaryFacts(knex, summarySpan(type, window), zones);
  const written = await writeSummaryText(knex, facts, options);
  const row = await inTransaction(knex, options, (trx) =>
    saveSummary(trx, {
      summary_type: type,
      content: written.text,
      event_count: facts.serious.length,
      event_ids: facts.serious.map(({ id }) => id).sort((a, b) => a - b),
      window_start: new Date(window.startMs),
      window_end: new Date(window.endMs),
    }),
  );
  const summary = toSummaryRecord(row, zone);
  return { summary: options.dryRun ? { ...summary, id: null } : summary, facts, written };
}

async function resolveAt(knex: Knex, at: string | undefined, zone: string): Promise<Date> {
  if (at === 'now') return new Date();
  const newest = await findNewestFootage(knex);
  const asOf = at === undefined ? newest : parseInstant(at, { name: '--at', zone, asOf: newest });
  if (asOf === undefined) throw new UsageError('there is no footage yet', { hint: 'ingest some, or give --at a time' });
  return asOf;
}
