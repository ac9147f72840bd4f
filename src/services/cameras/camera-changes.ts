import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import type { CameraPatch } from '../../db/models/cameras.ts';
import { findPropertyByName, insertProperty } from '../../db/models/properties.ts';
import type { RecordingMode } from '../../domain/enums.ts';
import { isValidZone } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** What can be set on a camera; an absent member stays as it is. */
export type CameraChanges = {
  name?: string | undefined;
  /** Name of a site; a new one is made with `timezone`. */
  property?: string | undefined;
  /** A further folder of this camera's footage, absolute. */
  folder?: string | undefined;
  timezone?: string | undefined;
  recording?: RecordingMode | undefined;
  /** Added to the camera's own times, in whole seconds. */
  clockOffsetS?: number | undefined;
  enabled?: boolean | undefined;
  moving?: boolean | undefined;
};

/** Refuses offsets such as `+01:00` too: they know no summer time. */
export function assertZone(name: string): void {
  if (isValidZone(name)) return;
  throw new UsageError(`${JSON.stringify(name)} is not a time zone`, {
    hint: 'give an IANA name such as Europe/Berlin or America/New_York',
  });
}

/**
 * The columns these changes mean, without folders. A site that does not exist yet is made with the zone that was given, and the
 * camera then takes its zone from there.
 */
export async function toCameraPatch(trx: Knex.Transaction, changes: CameraChanges, actor: string): Promise<CameraPatch> {
  const { name, property, timezone, recording, clockOffsetS, enabled, moving } = changes;
  if (timezone !== undefined) assertZone(timezone);
  const given = { name, timezone, recording, clock_offset_s: clockOffsetS, enabled, moving };
  const patch: CameraPatch = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (property === undefined) return patch;
  const found = await findPropertyByName(trx, property);
  if (found) return { ...patch, property_id: found.id };
  return { ...patch, property_id: await createProperty(trx, { name: property, timezone, actor }), timezone: null };
}

type CreatePropertyOptions = { name: string; timezone: string | undefined; actor: string };

async function createProperty(trx: Knex.Transaction, { name, timezone, actor }: CreatePropertyOptions): Promise<number> {
  if (timezone === undefined) {
    throw new UsageError(`there is no property ${JSON.stringify(name)}`, { hint: 'add --timezone ZONE to create it' });
  }
  const { id } = await insertProperty(trx, { name, timezone });
  await insertAuditLog(trx, {
    action: 'settings_changed',
    resource_type: 'property',
    resource_id: String(id),
    actor,
    details: { created: { name, timezone } },
  });
  return id;
}
