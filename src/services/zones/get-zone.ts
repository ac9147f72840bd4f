import type { Knex } from 'knex';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findZoneForUpdate, listZones, type ZoneRow } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { matchCameras } from '../lists/match-names.ts';

export type ZoneChoice = {
  /** Id, or name. */
  zone: string;
  /** Camera of the zone, for a name that several cameras use. */
  camera?: string | undefined;
};

const NAMES_SHOWN = 8;

/** The zone of that id or name. Throws a usage error for none, and for a name that several cameras use. */
export async function getZone(knex: Knex, { zone, camera }: ZoneChoice): Promise<ZoneRow> {
  const cameraIds = camera === undefined ? undefined : matchCameras(await listCameraNames(knex), [camera]);
  const rows = await listZones(knex, cameraIds === undefined ? {} : { cameraIds });
  const sameId = rows.filter(({ id }) => id === zone);
  const found = sameId.length > 0 ? sameId : rows.filter(({ name }) => name === zone);
  const [only] = found;
  if (only === undefined) throw noSuchZone(rows, zone);
  if (found.length === 1) return only;
  const each = found.map(({ id, camera_id: cameraId }) => `${id} (${cameraId})`).join(', ');
  throw new UsageError(`several zones have the name ${JSON.stringify(zone)}`, {
    code: 'ambiguous_name',
    hint: `give --camera or the id: ${each}`,
  });
}

/** The same, and until the transaction ends nobody else changes zones of its camera or derives events by them. */
export async function lockZone(trx: Knex.Transaction, choice: ZoneChoice): Promise<ZoneRow> {
  const { id, camera_id: cameraId } = await getZone(trx, choice);
  await lockCameraDerivation(trx, cameraId);
  const row = await findZoneForUpdate(trx, id);
  if (row !== undefined) return row;
  throw new UsageError(`zone ${JSON.stringify(choice.zone)} was deleted just now`, { code: 'not_found' });
}

/** The error for a zone nobody knows; names the nearest, else those that exist. */
export function noSuchZone(rows: readonly ZoneRow[], zone: string): UsageError {
  const names = [...new Set(rows.map(({ name }) => name))];
  const meant = nearestName(zone, [...names, ...rows.map(({ id }) => id)]);
  const more = names.length > NAMES_SHOWN ? ', … (`hs zones list` lists them)' : '';
  const known =
    names.length === 0
      ? 'there is none yet: `hs zones add` makes one, `hs zones list` shows them'
      : `known: ${names.slice(0, NAMES_SHOWN).join(', ')}${more}`;
  return new UsageError(`there is no zone ${JSON.stringify(zone)}`, {
    code: 'not_found',
    hint: meant === undefined ? known : `did you mean ${meant}?`,
  });
}
