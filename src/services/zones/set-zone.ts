import type { Knex } from 'knex';
import { UsageError } from '../../errors/hs-error.ts';
import type { ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import type { ZoneRuleSettings } from './add-zone.ts';
import { assertZoneClasses } from './assert-zone-classes.ts';
import { deriveZoneEffect, type ZoneOutcome } from './derive-zone-effect.ts';
import { lockZone, type ZoneChoice } from './get-zone.ts';
import { changeZone, NO_EFFECT } from './write-zone.ts';
import { toZonePatch, type ZoneChanges } from './zone-changes.ts';

export type SetZoneOptions = {
  choice: ZoneChoice;
  changes: ZoneChanges;
  actor: string;
  dryRun: boolean;
  settings: ZoneRuleSettings;
};

/** Changes a zone and says what really changed; where it leaves out detections, the camera's events are derived anew. */
export async function setZone(knex: Knex, options: SetZoneOptions): Promise<ZoneOutcome & { changes: ColumnChange[] }> {
  const { choice, changes: wanted, actor, dryRun, settings } = options;
  if (Object.values(wanted).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --points, --type, --purpose or another flag' });
  }
  await assertZoneClasses(knex, wanted.classes ?? [], settings.detector.classes);
  const { changes, effect } = await inTransaction(knex, { dryRun }, async (trx) => {
    const zone = await lockZone(trx, choice);
    return changeZone(trx, zone, { patch: toZonePatch(wanted, zone.coordinates), actor });
  });
  return { changes, ...(await deriveZoneEffect(knex, dryRun ? NO_EFFECT : effect, settings)) };
}
