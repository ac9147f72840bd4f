import type { Knex } from 'knex';
import { findAreaForUpdate, type AreaRow } from '../../db/models/areas.ts';
import { listAreaSummaries, type AreaSummaryRow } from '../../db/queries/areas.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { findNamed } from '../lists/find-named.ts';

/** The area of that name or id. Throws a usage error for none, and for a name that several properties use. */
export async function getArea(knex: Knex, nameOrId: string): Promise<AreaSummaryRow> {
  return findNamed(await listAreaSummaries(knex), nameOrId, {
    what: 'area',
    listCommand: 'hs areas list',
    describe: (area) => area.property_name,
  });
}

/** The same, and until the transaction ends nobody else changes it. */
export async function lockArea(trx: Knex.Transaction, nameOrId: string): Promise<AreaRow> {
  const { id } = await getArea(trx, nameOrId);
  const area = await findAreaForUpdate(trx, id);
  if (area !== undefined) return area;
  throw new UsageError(`area ${JSON.stringify(nameOrId)} was deleted just now`, { code: 'not_found' });
}
