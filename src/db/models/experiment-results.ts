import type { Knex } from 'knex';

import type { Severity } from '../../domain/enums.ts';
import { scoreDiff } from '../../domain/experiment.ts';

/** One row of `experiment_results`, as stored. Outlives its camera and its event. */
export type ExperimentResultRow = {
  id: number;
  experiment_name: string;
  /** Label of the variant set. */
  experiment_version: string;
  camera_id: string;
  batch_id: string | null;
  event_id: number | null;
  v1_risk_score: number;
  v2_risk_score: number;
  v1_risk_level: Severity | null;
  v2_risk_level: Severity | null;
  v1_latency_ms: number;
  v2_latency_ms: number;
  /** Absolute. */
  score_diff: number | null;
  created_at: Date;
};

export type NewExperimentResult = Omit<ExperimentResultRow, 'id' | 'created_at' | 'score_diff'>;

export async function insertExperimentResult(knex: Knex, result: NewExperimentResult): Promise<ExperimentResultRow> {
  const [row] = await knex('experiment_results')
    .insert({ ...result, score_diff: scoreDiff(result) })
    .returning<ExperimentResultRow[]>('*');
  if (row === undefined) throw new Error('the experiment result was not inserted');
  return row;
}

/** In the order they were made. */
export async function listExperimentResults(knex: Knex, experimentName: string): Promise<ExperimentResultRow[]> {
  return knex<ExperimentResultRow>('experiment_results').where({ experiment_name: experimentName }).orderBy(['created_at', 'id']);
}
