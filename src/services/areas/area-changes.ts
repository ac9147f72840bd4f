import type { Knex } from 'knex';
import { findAreaOfProperty, type AreaPatch } from '../../db/models/areas.ts';
import { findPropertyForUpdate, listProperties } from '../../db/models/properties.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import { getProperty } from '../properties/get-property.ts';

/** What can be set on an area; an absent member stays as it is, an empty description is removed. */
export type AreaChanges = {
  name?: string | undefined;
  description?: string | undefined;
  /** `#RRGGBB`. */
  color?: string | undefined;
  /** Name or id of a property. */
  property?: string | undefined;
};

/** The columns these changes mean, checked; without the property. */
export function toAreaPatch({ name, description, color }: AreaChanges): AreaPatch {
  if (color !== undefined && !/^#[0-9a-f]{6}$/i.test(color)) {
    throw new UsageError(`${JSON.stringify(color)} is not a colour`, { hint: 'give one as #RRGGBB, such as #76B900' });
  }
  return {
    ...(name === undefined ? {} : { name: checkedName(name, 'an area') }),
    ...(description === undefined ? {} : { description: description.trim() === '' ? null : description }),
    ...(color === undefined ? {} : { color: color.toUpperCase() }),
  };
}

/** The property meant: by name or id, else the only one there is. */
export async function propertyIdFor(knex: Knex, property: string | undefined): Promise<number> {
  if (property !== undefined) return (await getProperty(knex, property)).id;
  const properties = await listProperties(knex);
  const [only] = properties;
  if (only !== undefined && properties.length === 1) return only.id;
  const hint =
    only === undefined
      ? 'add one with: hs properties add NAME --timezone ZONE'
      : `say which with --property: ${properties.map(({ name }) => name).join(', ')}`;
  throw new UsageError(only === undefined ? 'there is no property yet' : 'there are several properties', { hint });
}

/** Throws a usage error when the property has such an area already. Until the transaction ends nobody else adds one. */
export async function assertNameIsFree(trx: Knex.Transaction, propertyId: number, name: string): Promise<void> {
  await findPropertyForUpdate(trx, propertyId);
  const taken = await findAreaOfProperty(trx, propertyId, name);
  if (taken === undefined) return;
  throw new UsageError(`the property has an area ${JSON.stringify(name)} already`, {
    code: 'area_conflict',
    hint: `change it with: hs areas set ${String(taken.id)}`,
  });
}
