import type { Knex } from 'knex';
import { listPropertySummaries } from '../../db/queries/properties.ts';
import { toPropertyRecord, type PropertyRecord } from './property-record.ts';

/** Properties by name, with how many cameras and areas they have. */
export async function listProperties(knex: Knex): Promise<PropertyRecord[]> {
  return (await listPropertySummaries(knex)).map(toPropertyRecord);
}
