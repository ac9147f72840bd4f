import type { Knex } from 'knex';

import type { FindBroken } from './broken.ts';
import { finder, repairer } from './broken.ts';

/** `models` pairs the two spellings: as prompt_configs has it, as prompt_versions has it. */
export function findWrongPromptVersions(models: readonly (readonly [config: string, version: string])[]): FindBroken {
  return finder(
    `SELECT format('prompt %s', n.config) AS place,
            format('is at version %s, its history ends with %s, active is %s', coalesce(c.version::text, 'none'),
                   coalesce(h.newest::text, 'none'), coalesce(h.active, 'none')) AS text
       FROM unnest(CAST(:configs AS text[]), CAST(:versions AS text[])) AS n(config, version)
       LEFT JOIN prompt_configs c ON c.model = n.config
      CROSS JOIN LATERAL (SELECT max(v.version) AS newest, string_agg(v.version::text, ', ' ORDER BY v.version) FILTER (WHERE v.is_active) AS active
                            FROM prompt_versions v WHERE v.model = n.version) h
      WHERE num_nulls(c.version, h.newest) < 2
        AND (c.version IS DISTINCT FROM h.newest OR h.active IS DISTINCT FROM h.newest::text)`,
    { configs: models.map(([config]) => config), versions: models.map(([, version]) => version) },
  );
}

export type JsonTextRow = { place: string; text: string | null };

export async function* streamConfigTexts(knex: Knex): AsyncIterable<JsonTextRow> {
  yield* streamTexts(knex, `SELECT format('prompt version %s', id) AS place, config_json AS text FROM prompt_versions ORDER BY id`);
}

const ADVICE_COLUMNS = ['missing_context', 'confusing_sections', 'unused_data', 'format_suggestions', 'model_gaps'] as const;

export async function* streamAdviceTexts(knex: Knex): AsyncIterable<JsonTextRow> {
  const texts = ADVICE_COLUMNS.map((column) => `('${column}', ${column})`).join(', ');
  yield* streamTexts(
    knex,
    `SELECT format('event audit %s, %s', a.id, t.name) AS place, t.text
       FROM event_audits a CROSS JOIN LATERAL (VALUES ${texts}) AS t(name, text) WHERE t.text IS NOT NULL`,
  );
}

async function* streamTexts(knex: Knex, sql: string): AsyncIterable<JsonTextRow> {
  const rows = knex
    .from(knex.raw(`(${sql}) AS texts`))
    .select('place', 'text')
    .stream({ batchSize: 200 });
  for await (const row of rows as AsyncIterable<unknown>) yield row as JsonTextRow;
}

const RATE = 'CASE WHEN total_feedback_count = 0 THEN 0 ELSE false_positive_count::double precision / total_feedback_count END';

export const findWrongRates = finder(`
  SELECT format('calibration of camera %s', camera_id) AS place,
         format('says a rate of %s, has %s of %s', false_positive_rate, false_positive_count, total_feedback_count) AS text
    FROM camera_calibrations WHERE abs(false_positive_rate - ${RATE}) > 1e-9`);

export const repairRates = repairer(`
  UPDATE camera_calibrations SET false_positive_rate = ${RATE} WHERE abs(false_positive_rate - ${RATE}) > 1e-9`);
