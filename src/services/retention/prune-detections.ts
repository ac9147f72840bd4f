import type { Knex } from 'knex';

import { lockCameraDerivation } from '../../db/models/derivation.ts';
import {
  deleteDetectionRows,
  deleteTrackRows,
  findDetectionsOfTracks,
  findExpiredDetections,
  findExpiredTracks,
  type ExpiredTrack,
  type Place,
} from '../../db/models/prune-footage.ts';
import { findDetectionChildren, type DetectionChild } from '../../db/queries/detection-children.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import { batch } from '../../lib/batch.ts';
import { BATCH_ROWS, type PruneWork } from './prune-work.ts';

/**
 * Removes tracks over age with their detections, then the detections that belong to none. What is a part of an event that stays, or of
 * a track that goes on past the limit, stays whole: after each batch what is left is true to itself.
 */
export async function pruneDetections(work: PruneWork, limits: readonly CameraLimit[]): Promise<void> {
  const children = await findDetectionChildren(work.knex);
  for (const limit of limits) {
    await pruneTracks(work, limit, children);
    await pruneTrackless(work, limit, children);
  }
}

async function pruneTracks(work: PruneWork, limit: CameraLimit, children: readonly DetectionChild[]): Promise<void> {
  const { knex, signal, onRemoved } = work;
  for (let after: Place | undefined; ;) {
    const page = await findExpiredTracks(knex, { ...limit, after, limit: BATCH_ROWS });
    for (const group of inGroups(page)) {
      if (signal.aborted) return;
      onRemoved('detections', await removeTracks(knex, { cameraId: limit.cameraId, tracks: group, children }));
      onRemoved('tracks', group.length);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < BATCH_ROWS) return;
    after = { at: last.first_seen, id: last.id };
  }
}

/** As many tracks as have the detections of a batch together; a longer one goes alone. */
function* inGroups(tracks: readonly ExpiredTrack[]): Generator<ExpiredTrack[]> {
  let group: ExpiredTrack[] = [];
  let detections = 0;
  for (const track of tracks) {
    if (group.length > 0 && detections + track.detection_count > BATCH_ROWS) {
      yield group;
      [group, detections] = [[], 0];
    }
    group.push(track);
    detections += track.detection_count;
  }
  if (group.length > 0) yield group;
}

type Removal = { cameraId: string; tracks: readonly ExpiredTrack[]; children: readonly DetectionChild[] };

async function removeTracks(knex: Knex, { cameraId, tracks, children }: Removal): Promise<number> {
  return knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, cameraId);
    const rows = await findDetectionsOfTracks(trx, cameraId, tracks);
    for await (const part of batch(rows, { count: BATCH_ROWS })) await deleteDetectionRows(trx, part, children);
    await deleteTrackRows(
      trx,
      tracks.map(({ id }) => id),
    );
    return rows.length;
  });
}

async function pruneTrackless(
  { knex, signal, onRemoved }: PruneWork,
  limit: CameraLimit,
  children: readonly DetectionChild[],
): Promise<void> {
  for (let after: Place | undefined; !signal.aborted;) {
    const rows = await knex.transaction(async (trx) => {
      await lockCameraDerivation(trx, limit.cameraId);
      const found = await findExpiredDetections(trx, { ...limit, after, limit: BATCH_ROWS });
      if (found.length > 0) await deleteDetectionRows(trx, found, children);
      return found;
    });
    onRemoved('detections', rows.length);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH_ROWS) return;
    after = { at: last.detected_at, id: last.id };
  }
}
