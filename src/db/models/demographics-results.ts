import type { Knex } from 'knex';

import type { AgeRange, Gender } from '../../domain/enums.ts';
import type { CameraInterval } from './detections.ts';
import { findResults, listResults, upsertResults, type DetectionKey, type NewResult, type ResultColumns } from './detection-results.ts';

/** One row of `demographics_results`, as stored. At most one per detection. */
export type DemographicsResultRow = ResultColumns & {
  age_range: AgeRange | null;
  age_confidence: number | null;
  gender: Gender | null;
  gender_confidence: number | null;
};

export type NewDemographicsResult = NewResult<DemographicsResultRow>;

export async function upsertDemographicsResults(knex: Knex, results: readonly NewDemographicsResult[]): Promise<void> {
  await upsertResults(knex, 'demographics_results', results);
}

export async function findDemographicsResults(knex: Knex, detections: readonly DetectionKey[]): Promise<DemographicsResultRow[]> {
  return findResults(knex, 'demographics_results', detections);
}

export async function listDemographicsResults(knex: Knex, interval: CameraInterval): Promise<DemographicsResultRow[]> {
  return listResults(knex, 'demographics_results', interval);
}
