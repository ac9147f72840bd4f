import type { Knex } from 'knex';
import type { DeriveSettings } from '../ingest/derive-changed.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { deriveZoneEffect, type ZoneOutcome } from './derive-zone-effect.ts';
import { lockZone, type ZoneChoice } from './get-zone.ts';
import { NO_EFFECT, removeZone } from './write-zone.ts';

export type DeleteZoneOptions = { choice: ZoneChoice; actor: string; dryRun: boolean; settings: DeriveSettings };

export type DeletedZone = { id: string; name: string; camera_id: string };

/** Deletes a zone; where it left out detections, the camera's events are derived anew. Throws a usage error when there is none. */
export async function deleteZone(knex: Knex, options: DeleteZoneOptions): Promise<ZoneOutcome & { zone: DeletedZone }> {
  const { choice, actor, dryRun, settings } = options;
  const { zone, effect } = await inTransaction(knex, { dryRun }, async (trx) => {
    const row = await lockZone(trx, choice);
    return { zone: { id: row.id, name: row.name, camera_id: row.camera_id }, effect: await removeZone(trx, row, actor) };
  });
  return { zone, ...(await deriveZoneEffect(knex, dryRun ? NO_EFFECT : effect, settings)) };
}
