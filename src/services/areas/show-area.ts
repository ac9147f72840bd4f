import type { Knex } from 'knex';
import { toAreaRecord, type AreaRecord } from './area-record.ts';
import { getArea } from './get-area.ts';

/** Throws a usage error when there is no area of that name or id. */
export async function showArea(knex: Knex, nameOrId: string): Promise<AreaRecord> {
  return toAreaRecord(await getArea(knex, nameOrId));
}
