import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findSceneCheckpoint } from '../../db/models/scene-checkpoints.ts';
import { countExpiredLooks, countLooks, deleteExpiredLooks } from '../../db/queries/expired-looks.ts';
import { findFootageEnds } from '../../db/queries/expired-months.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { PruneOptions } from './drop-expired-months.ts';
import { expiresBefore, parseAge } from './parse-age.ts';

/** What goes, or went, of the looks at views, over all cameras. */
export type PrunedLooks = { cameras: number; looks: number; checkpoints: number; references: number };

const MOST_SHARE = 0.5;

type Expired = { cameraId: string; before: Date };

/**
 * Removes what was measured of views and is over age. Of each camera everything stays from the last checkpoint before the limit on, as
 * that holds the references and the open change of then; changes that were found stay with their pictures.
 */
export async function pruneLooks(database: Database, options: PruneOptions): Promise<PrunedLooks> {
  if (!options.apply) return sumOf(database.knex, await findExpired(database.knex, options));
  return withoutWriters(database, async () => {
    const expired = await findExpired(database.knex, options);
    const sum = { cameras: 0, looks: 0, checkpoints: 0, references: 0 };
    for (const camera of expired) {
      if (!options.signal.aborted) addTo(sum, await pruneCamera(database.knex, camera, options));
    }
    return sum;
  });
}

async function findExpired(knex: Knex, { olderThan }: PruneOptions): Promise<Expired[]> {
  const limit = parseAge(olderThan);
  const expired: Expired[] = [];
  for (const [cameraId, end] of [...(await findFootageEnds(knex))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const checkpoint = await findSceneCheckpoint(knex, { cameraId, before: expiresBefore(limit, end) });
    if (checkpoint) expired.push({ cameraId, before: checkpoint.reached_at });
  }
  return expired;
}

async function sumOf(knex: Knex, expired: readonly Expired[]): Promise<PrunedLooks> {
  const sum = { cameras: 0, looks: 0, checkpoints: 0, references: 0 };
  for (const camera of expired) addTo(sum, await countExpiredLooks(knex, camera));
  return sum;
}

function addTo(sum: PrunedLooks, { looks, checkpoints, references }: Omit<PrunedLooks, 'cameras'>): void {
  if (looks + checkpoints + references > 0) sum.cameras += 1;
  sum.looks += looks;
  sum.checkpoints += checkpoints;
  sum.references += references;
}

/** Throws UsageError when more than half of all looks would go without `force`. */
export async function refuseMostLooks(knex: Knex, options: PruneOptions): Promise<void> {
  if (options.force || !options.apply) return;
  const { looks: going } = await sumOf(knex, await findExpired(knex, options));
  const all = await countLooks(knex);
  if (going <= all * MOST_SHARE) return;
  throw new UsageError(`${String(going)} of ${String(all)} looks at views would go, more than half`, {
    code: 'prune_too_much',
    hint: 'look at it without --apply; give --force to do it all the same',
  });
}

async function pruneCamera(knex: Knex, camera: Expired, { actor, olderThan }: PruneOptions): Promise<Omit<PrunedLooks, 'cameras'>> {
  return knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, camera.cameraId);
    const gone = await deleteExpiredLooks(trx, camera);
    if (gone.looks + gone.checkpoints + gone.references > 0) {
      const details = { older_than: olderThan, before: camera.before, ...gone };
      const resource = { resource_type: 'scene_checks', resource_id: camera.cameraId };
      await insertAuditLog(trx, { action: 'cleanup_executed', ...resource, actor, details });
    }
    return gone;
  });
}
