import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { insertHousehold, listHouseholds, lockHouseholds } from '../../db/models/households.ts';
import { findPropertyByName, type PropertyPatch } from '../../db/models/properties.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { assertZone } from '../cameras/camera-changes.ts';
import { checkedName } from '../lists/checked-name.ts';
import { findNamed } from '../lists/find-named.ts';

/** What can be set on a property; an absent member stays as it is, an empty address is removed. */
export type PropertyChanges = {
  name?: string | undefined;
  timezone?: string | undefined;
  address?: string | undefined;
  /** Name of a household. */
  household?: string | undefined;
};

const LONGEST_ADDRESS = 500;
const FIRST_HOUSEHOLD = 'Home';

/** The columns these changes mean, checked; without the household. */
export function toPropertyPatch({ name, timezone, address }: PropertyChanges): PropertyPatch {
  if (timezone !== undefined) assertZone(timezone);
  if (address !== undefined && Array.from(address).length > LONGEST_ADDRESS) {
    throw new UsageError(`the address has more than ${String(LONGEST_ADDRESS)} characters`);
  }
  return {
    ...(name === undefined ? {} : { name: checkedName(name, 'a property') }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(address === undefined ? {} : { address: address.trim() === '' ? null : address.trim() }),
  };
}

/** Throws a usage error when another property has the name. Until the transaction ends nobody else takes it. */
export async function assertNameIsFree(trx: Knex.Transaction, name: string): Promise<void> {
  await lockHouseholds(trx);
  const taken = await findPropertyByName(trx, name);
  if (taken === undefined) return;
  throw new UsageError(`there is a property ${JSON.stringify(name)} already`, {
    code: 'property_conflict',
    hint: 'change it with: hs properties set',
  });
}

/** The household meant: by name, else the only one. Without any it is created, with that name or as `Home`. */
export async function householdIdFor(trx: Knex.Transaction, name: string | undefined, actor: string): Promise<number> {
  await lockHouseholds(trx);
  const households = await listHouseholds(trx);
  const [only] = households;
  if (only === undefined) return createHousehold(trx, checkedName(name ?? FIRST_HOUSEHOLD, 'a household'), actor);
  if (name !== undefined) return findNamed(households, name, { what: 'household', listCommand: 'hs properties list' }).id;
  if (households.length === 1) return only.id;
  throw new UsageError('there are several households', {
    hint: `say which with --household: ${households.map((household) => household.name).join(', ')}`,
  });
}

async function createHousehold(trx: Knex.Transaction, name: string, actor: string): Promise<number> {
  const { id } = await insertHousehold(trx, name);
  await insertAuditLog(trx, {
    action: 'settings_changed',
    resource_type: 'household',
    resource_id: String(id),
    actor,
    details: { created: { name } },
  });
  return id;
}
