import type { Knex } from 'knex';

import type { CameraInterval } from './detections.ts';
import { findResults, listResults, upsertResults, type DetectionKey, type NewResult, type ResultColumns } from './detection-results.ts';

/** One row of `action_results`, as stored. At most one per detection. */
export type ActionResultRow = ResultColumns & {
  action: string | null;
  confidence: number | null;
  is_suspicious: boolean;
  /** Score of every action that the model knows. */
  all_scores: Record<string, number> | null;
};

export type NewActionResult = NewResult<ActionResultRow>;

export async function upsertActionResults(knex: Knex, results: readonly NewActionResult[]): Promise<void> {
  await upsertResults(knex, 'action_results', results.map(toColumns));
}

export async function findActionResults(knex: Knex, detections: readonly DetectionKey[]): Promise<ActionResultRow[]> {
  return findResults(knex, 'action_results', detections);
}

export async function listActionResults(knex: Knex, interval: CameraInterval): Promise<ActionResultRow[]> {
  return listResults(knex, 'action_results', interval);
}

function toColumns(result: NewActionResult): Record<string, unknown> {
  return { ...result, all_scores: result.all_scores === null ? null : JSON.stringify(result.all_scores) };
}
