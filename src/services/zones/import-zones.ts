import type { Knex } from 'knex';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { listZones, type ZoneRow } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { noSuchCamera } from '../lists/match-names.ts';
import type { ZoneRuleSettings } from './add-zone.ts';
import { assertZoneClasses } from './assert-zone-classes.ts';
import { deriveZoneEffect, joinEffects, type ZoneOutcome } from './derive-zone-effect.ts';
import { changeZone, createZone, NO_EFFECT, type ZoneEffect } from './write-zone.ts';
import { parseZoneFile, type ZoneEntry } from './zone-file.ts';

export type ImportZonesOptions = { text: string; actor: string; dryRun: boolean; settings: ZoneRuleSettings };

export type ImportedZone = { id: string; camera_id: string; name: string; result: 'added' | 'changed' | 'unchanged' };

/**
 * Adds the zones of a file, or changes those there are already, told by id, else by camera and name. All or none: the first entry
 * that is wrong is named in the error. Zones that the file does not name stay.
 */
export async function importZones(knex: Knex, options: ImportZonesOptions): Promise<ZoneOutcome & { zones: ImportedZone[] }> {
  const { dryRun, settings } = options;
  const entries = parseZoneFile(options.text);
  const classes = settings.detector.classes;
  for (const entry of entries) await named(entry, () => assertZoneClasses(knex, entry.patch.classes ?? [], classes));
  const written = await inTransaction(knex, { dryRun }, (trx) => writeEntries(trx, entries, options.actor));
  const effect = joinEffects(written.map((one) => one.effect));
  return { zones: written.map(({ zone }) => zone), ...(await deriveZoneEffect(knex, dryRun ? NO_EFFECT : effect, settings)) };
}

type Written = { zone: ImportedZone; effect: ZoneEffect };

async function writeEntries(trx: Knex.Transaction, entries: readonly ZoneEntry[], actor: string): Promise<Written[]> {
  const cameras = await listCameraNames(trx);
  for (const entry of entries) {
    if (!cameras.some(({ id }) => id === entry.camera_id)) {
      await named(entry, () => Promise.reject(noSuchCamera(entry.camera_id, cameras)));
    }
  }
  for (const id of [...new Set(entries.map((entry) => entry.camera_id))].sort()) await lockCameraDerivation(trx, id);
  const stored = await listZones(trx);
  const written: Written[] = [];
  for (const entry of entries) written.push(await named(entry, () => writeEntry(trx, entry, { stored, actor })));
  return written;
}

async function writeEntry(
  trx: Knex.Transaction,
  entry: ZoneEntry,
  { stored, actor }: { stored: readonly ZoneRow[]; actor: string },
): Promise<Written> {
  const { id, camera_id, name, patch } = entry;
  const found = findStored(stored, entry);
  if (found === undefined) {
    const { coordinates, ...rules } = patch;
    const zone = { ...rules, camera_id, name, coordinates: coordinates ?? [], ...(id === undefined ? {} : { id }) };
    const { row, effect } = await createZone(trx, zone, actor);
    return { zone: { id: row.id, camera_id, name, result: 'added' }, effect };
  }
  const { changes, effect } = await changeZone(trx, found, { patch: { name, ...patch }, actor });
  return { zone: { id: found.id, camera_id, name, result: changes.length === 0 ? 'unchanged' : 'changed' }, effect };
}

function findStored(stored: readonly ZoneRow[], { id, camera_id: cameraId, name }: ZoneEntry): ZoneRow | undefined {
  if (id === undefined) return stored.find((row) => row.camera_id === cameraId && row.name === name);
  const found = stored.find((row) => row.id === id);
  if (found === undefined || found.camera_id === cameraId) return found;
  throw new UsageError(`there is a zone with the id ${id} already, on camera ${found.camera_id}`, {
    code: 'zone_conflict',
    hint: 'leave the id out to make a new one',
  });
}

/** Says of which entry an error is. */
async function named<Result>(entry: ZoneEntry, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { code, hint } = error;
    throw new UsageError(`${entry.place}: ${error.message}`, { code, ...(hint === undefined ? {} : { hint }) });
  }
}
