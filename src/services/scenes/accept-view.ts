import type { Knex } from 'knex';

import { findNewestSceneCheck } from '../../db/models/scene-checks.ts';
import { insertSceneReference } from '../../db/models/scene-references.ts';
import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import type { SceneReferenceOrigin } from '../../domain/scene/scene-watch.ts';
import { decodeGrey, encodeGreyPng } from '../../media/grey-picture.ts';

export type AcceptView = { cameraId: string; mode: SceneMode; origin: SceneReferenceOrigin; keepReference: boolean };

/** Footage times: from when on the view counts as right, and of the picture that says how it is; null when the reference stays. */
export type AcceptedView = { validFrom: Date; takenAt: Date | null; createdAt: Date };

/**
 * From the newest look on the view is right as it is: later looks are compared with the newest picture of the mode. Undefined when the
 * camera was never looked at, or no picture of that mode is kept.
 */
export async function acceptView(trx: Knex.Transaction, options: AcceptView): Promise<AcceptedView | undefined> {
  const { cameraId, mode, origin, keepReference } = options;
  const newest = await findNewestSceneCheck(trx, { cameraId });
  if (!newest) return undefined;
  const look = keepReference ? undefined : await findNewestSceneCheck(trx, { cameraId, mode });
  if (!keepReference && !look?.picture) return undefined;
  const row = await insertSceneReference(trx, {
    camera_id: cameraId,
    mode,
    origin,
    valid_from: newest.checked_at,
    picture: look?.picture ? await encodeGreyPng(await decodeGrey(look.picture)) : null,
    taken_at: look?.checked_at ?? null,
  });
  return { validFrom: row.valid_from, takenAt: row.taken_at, createdAt: row.created_at };
}
