import type { Knex } from 'knex';

import { findEntity, type EntityRow } from '../../db/models/entities.ts';
import { findEntitiesCalled } from '../../db/queries/entities.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** The entity of that id, of the id that begins so, or of that name. Throws a usage error for none and for several. */
export async function getEntity(knex: Knex, text: string): Promise<EntityRow> {
  const called = await findEntitiesCalled(knex, text);
  const named = called.filter(({ name }) => name === text);
  const found = named.length > 0 ? named : called;
  const [only] = found;
  if (only === undefined) {
    throw new UsageError(`there is no entity ${JSON.stringify(text)}`, {
      code: 'not_found',
      hint: '`hs entities list` shows ids and names',
    });
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new UsageError(`several entities are called ${JSON.stringify(text)}`, { code: 'ambiguous_name', hint: `give the id: ${ids}` });
  }
  const row = await findEntity(knex, only.id);
  if (row === undefined) throw new UsageError(`entity ${JSON.stringify(text)} was deleted just now`, { code: 'not_found' });
  return row;
}
