import type { Knex } from 'knex';

import type { DetectionKey } from './detection-results.ts';

/** What a stage noted of a detection, as JSON. */
export type EnrichmentNote = DetectionKey & { note: unknown };

/** Adds a stage's notes to `enrichment_data`, under its name. */
export async function noteEnrichment(trx: Knex.Transaction, name: string, notes: readonly EnrichmentNote[]): Promise<void> {
  if (notes.length === 0) return;
  await trx.raw(
    `UPDATE detections d SET enrichment_data = coalesce(d.enrichment_data, '{}') || jsonb_build_object(?::text, u.note)
       FROM unnest(?::bigint[], ?::timestamptz[], ?::jsonb[]) AS u(id, detected_at, note)
      WHERE d.id = u.id AND d.detected_at = u.detected_at`,
    [
      name,
      notes.map(({ detectionId }) => detectionId),
      notes.map(({ detectedAt }) => detectedAt.toISOString()),
      notes.map(({ note }) => JSON.stringify(note)),
    ],
  );
}

/** Says that a stage has looked at the tracks of these files. */
export async function markEnriched(knex: Knex, options: { fileIds: readonly number[]; name: string }): Promise<void> {
  await knex.raw(
    `UPDATE media_files SET enrichments_due = nullif(array_remove(enrichments_due, ?), '{}')
      WHERE id = ANY (?::bigint[]) AND enrichments_due IS NOT NULL`,
    [options.name, [...options.fileIds]],
  );
}
