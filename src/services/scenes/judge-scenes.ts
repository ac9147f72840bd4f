import type { Knex } from 'knex';

import { againAfterConflict } from '../../db/again-after-conflict.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findSceneCheckpoint, thinSceneCheckpoints } from '../../db/models/scene-checkpoints.ts';
import {
  dropScenePictures,
  findPictureHorizon,
  findUnjudgedCameras,
  findUnjudgedSpan,
  settleLateLooks,
} from '../../db/models/scene-checks.ts';
import { CHECKPOINT_STEP, judgeSpan, type JudgedSpan } from './judge-span.ts';
import { saveFindings } from './save-findings.ts';

/** Looks of a camera whose pictures are kept to be compared again when earlier footage comes in: two days without a break. */
const KEPT_PICTURES = 3_000;

export type JudgeOptions = {
  note?: ((message: string) => void) | undefined;
  /** Only for tests: the bound is otherwise far away. */
  keptPictures?: number;
};

/**
 * Brings the scene changes of every camera up to the looks that were taken (§10.3): only from the first new look on, and so that any
 * order of arrival and any number of runs end in the same findings.
 */
export async function judgeScenes(knex: Knex, options: JudgeOptions = {}): Promise<void> {
  for (const cameraId of await findUnjudgedCameras(knex)) {
    while (await judgeNextSpan(knex, cameraId, options));
    await tidyUp(knex, cameraId, options.keptPictures ?? KEPT_PICTURES);
  }
}

async function judgeNextSpan(knex: Knex, cameraId: string, { note }: JudgeOptions): Promise<boolean> {
  const judged = await againAfterConflict(() => knex.transaction((trx) => judgeAndSave(trx, cameraId)));
  for (const at of judged?.newSizes ?? [])
    note?.(`camera ${cameraId}: pictures have another shape from ${at.toISOString()} on; its view is learnt anew`);
  return judged !== undefined;
}

async function judgeAndSave(trx: Knex.Transaction, cameraId: string): Promise<JudgedSpan | undefined> {
  await lockCameraDerivation(trx, cameraId);
  await settleLateLooks(trx, cameraId);
  const span = await findUnjudgedSpan(trx, cameraId);
  if (span === undefined) return undefined;
  const { from, judgedUntil } = span;
  // What was found with looks after the new ones has to be found again, all of it.
  const mustReach = judgedUntil !== null && judgedUntil > from ? judgedUntil : from;
  const judged = await judgeSpan(trx, { cameraId, from, mustReach });
  await saveFindings(trx, judged, { cameraId, mustReach });
  return judged;
}

/** Old pictures are given up, but none that a checkpoint that stays would have to go on with. */
async function tidyUp(knex: Knex, cameraId: string, kept: number): Promise<void> {
  await knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, cameraId);
    const horizon = await findPictureHorizon(trx, { cameraId, kept });
    const base = horizon && (await findSceneCheckpoint(trx, { cameraId, before: new Date(horizon.getTime() + 1) }));
    if (base) await dropScenePictures(trx, { cameraId, before: base.reached_at });
    await thinSceneCheckpoints(trx, { cameraId, step: CHECKPOINT_STEP, denseFrom: base?.reached_at ?? null });
  });
}
