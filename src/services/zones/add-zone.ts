import type { Knex } from 'knex';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { matchCameras } from '../lists/match-names.ts';
import type { DeriveSettings } from '../ingest/derive-changed.ts';
import { assertZoneClasses } from './assert-zone-classes.ts';
import { deriveZoneEffect, type ZoneOutcome } from './derive-zone-effect.ts';
import { createZone, NO_EFFECT } from './write-zone.ts';
import { toZonePatch, type ZoneChanges } from './zone-changes.ts';
import { toZoneRecord, type ZoneRecord } from './zone-record.ts';

/** The settings that zones and what follows from them depend on. */
export type ZoneRuleSettings = DeriveSettings & { detector: { classes: readonly string[] } };

export type AddZoneOptions = {
  name: string;
  /** Id or name; may be left out when there is only one camera. */
  camera: string | undefined;
  /** A UUID when left out. */
  id: string | undefined;
  changes: Omit<ZoneChanges, 'name'>;
  actor: string;
  /** Everything is checked, nothing is kept. */
  dryRun: boolean;
  settings: ZoneRuleSettings;
};

const LONGEST_ID_OCTETS = 100;

/** Adds a zone to a camera; where it leaves out detections, the camera's events are derived anew. */
export async function addZone(knex: Knex, options: AddZoneOptions): Promise<ZoneOutcome & { zone: ZoneRecord }> {
  const { id, changes, actor, dryRun, settings } = options;
  if (id !== undefined) assertId(id);
  const name = checkedName(options.name, 'a zone');
  const { coordinates, ...patch } = toZonePatch(changes);
  if (coordinates === undefined) throw new UsageError('a zone needs --points', { hint: 'such as --points "0.1,0.2 0.5,0.9"' });
  await assertZoneClasses(knex, changes.classes ?? [], settings.detector.classes);
  const { row, effect } = await inTransaction(knex, { dryRun }, async (trx) => {
    const cameraId = await cameraIdFor(trx, options.camera);
    await lockCameraDerivation(trx, cameraId);
    return createZone(trx, { ...patch, name, coordinates, camera_id: cameraId, ...(id === undefined ? {} : { id }) }, actor);
  });
  const outcome = await deriveZoneEffect(knex, dryRun ? NO_EFFECT : effect, settings);
  return { zone: toZoneRecord(row, new Set()), ...outcome };
}

function assertId(id: string): void {
  if (/^\S+$/.test(id) && Buffer.byteLength(id) <= LONGEST_ID_OCTETS) return;
  throw new UsageError(`${JSON.stringify(id)} cannot be the id of a zone`, { hint: 'give up to 100 characters without blanks' });
}

/** The camera meant: by id or name, else the only one there is. */
export async function cameraIdFor(knex: Knex, camera: string | undefined): Promise<string> {
  const cameras = await listCameraNames(knex);
  const found = camera === undefined ? cameras.map(({ id }) => id) : matchCameras(cameras, [camera]);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) throw new UsageError('there is no camera yet', { hint: '`hs ingest FOLDER` or `hs cameras add` makes one' });
  const what = camera === undefined ? 'there are several cameras' : `${JSON.stringify(camera)} names several cameras`;
  throw new UsageError(what, { hint: `say which with --camera: ${found.slice(0, 8).join(', ')}` });
}
