import type { Knex } from 'knex';

import { listHolds, type EvidenceHoldRow } from '../../db/models/evidence-holds.ts';

/** Holds in force; with `all` also those that were released or whose time is over. */
export async function listEvidenceHolds(knex: Knex, options: { all: boolean }): Promise<EvidenceHoldRow[]> {
  return listHolds(knex, options);
}
