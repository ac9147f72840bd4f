import type { Knex } from 'knex';

import type { ExperimentMode } from '../../domain/enums.ts';

/** One row of `experiments`, as stored. */
export type ExperimentRow = {
  id: number;
  name: string;
  /** 0: the text that comes with hs. */
  control_version: number;
  treatment_version: number;
  split: number;
  mode: ExperimentMode;
  created_by: string | null;
  started_at: Date;
  /** Null: still running. */
  ended_at: Date | null;
};

export type NewExperiment = Omit<ExperimentRow, 'id' | 'started_at' | 'ended_at'>;

export async function insertExperiment(trx: Knex.Transaction, experiment: NewExperiment): Promise<ExperimentRow> {
  const [row] = await trx('experiments').insert(experiment).returning<ExperimentRow[]>('*');
  if (row === undefined) throw new Error('the experiment was not inserted');
  return row;
}

export async function findExperiment(knex: Knex, name: string): Promise<ExperimentRow | undefined> {
  return knex<ExperimentRow>('experiments').where({ name }).first();
}

export async function findRunningExperiment(knex: Knex): Promise<ExperimentRow | undefined> {
  return knex<ExperimentRow>('experiments').whereNull('ended_at').first();
}

/** Latest first. */
export async function listExperiments(knex: Knex): Promise<ExperimentRow[]> {
  return knex<ExperimentRow>('experiments').orderBy('id', 'desc');
}

/** Undefined when it had ended before. */
export async function endExperiment(trx: Knex.Transaction, id: number): Promise<ExperimentRow | undefined> {
  const [row] = await trx('experiments')
    .where({ id })
    .whereNull('ended_at')
    .update({ ended_at: trx.raw('greatest(now(), started_at)') })
    .returning<ExperimentRow[]>('*');
  return row;
}
