import type { Knex } from 'knex';

import { findExperiment, listExperiments, type ExperimentRow } from '../../db/models/experiments.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

/** The experiment of that name, by default the latest. Throws a usage error when there is none. */
export async function getExperiment(knex: Knex, name?: string): Promise<ExperimentRow> {
  const found = name === undefined ? (await listExperiments(knex))[0] : await findExperiment(knex, name);
  if (found !== undefined) return found;
  if (name === undefined)
    throw new UsageError('there is no experiment yet', { code: 'not_found', hint: '`hs experiments start` begins one' });
  const names = (await listExperiments(knex)).map((row) => row.name);
  const meant = nearestName(name, names);
  throw new UsageError(`there is no experiment ${JSON.stringify(name)}`, {
    code: 'not_found',
    hint: meant === undefined ? '`hs experiments list` lists them' : `did you mean ${meant}?`,
  });
}
