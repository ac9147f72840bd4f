import type { Knex } from 'knex';
import { findPropertyForUpdate, listProperties, type PropertyRow } from '../../db/models/properties.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { findNamed } from '../lists/find-named.ts';

/** The property of that name or id. Throws a usage error when there is none. */
export async function getProperty(knex: Knex, nameOrId: string): Promise<PropertyRow> {
  return findNamed(await listProperties(knex), nameOrId, { what: 'property', listCommand: 'hs properties list' });
}

/** The same, and until the transaction ends nobody else changes it or gives it cameras and areas. */
export async function lockProperty(trx: Knex.Transaction, nameOrId: string): Promise<PropertyRow> {
  const { id } = await getProperty(trx, nameOrId);
  const property = await findPropertyForUpdate(trx, id);
  if (property !== undefined) return property;
  throw new UsageError(`property ${JSON.stringify(nameOrId)} was deleted just now`, { code: 'not_found' });
}
