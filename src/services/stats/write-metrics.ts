import type { Knex } from 'knex';

import { prometheusText } from '../../exporters/prometheus-text.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { collectMetrics, type MetricsOptions } from './collect-metrics.ts';

/** Returns the metrics as text, or writes them to a file that is whole at any moment and keeps the access it was given. */
export async function writeMetrics(
  knex: Knex,
  { out, ...options }: MetricsOptions & { out: string | undefined },
): Promise<string | undefined> {
  const text = prometheusText(await collectMetrics(knex, options));
  if (out === undefined) return text;
  await writeAtomically(out, [text], { keepsAccess: true });
  return undefined;
}
