import type { Knex } from 'knex';

import { againAfterConflict } from '../../db/again-after-conflict.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findSceneCheckpoint, thinSceneCheckpoints } from '../../db/models/scene-checkpoints.ts';
import { findFirstUnfinished } from '../../db/models/media-files.ts';
import {
  dropScenePictures,
  findPictureHorizon,
  findUnjudgedCameras,
  findUnjudgedSpan,
  settleLateLooks,
} from '../../db/models/scene-checks.ts';
import { sleep } from '../../lib/sleep.ts';
import { CHECKPOINT_STEP, judgeSpan, type JudgedSpan } from './judge-span.ts';
import { saveFindings } from './save-findings.ts';

/** Looks of a camera whose pictures are kept to be compared again when earlier footage comes in: two days without a break. */
const KEPT_PICTURES = 3_000;

const MEANWHILE_MS = 2_000;

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
  for (const cameraId of await findUnjudgedCameras(knex)) await judgeCamera(knex, { ...options, cameraId });
}

/**
 * Does so while footage is still being looked at by a run, until the signal aborts: processes that look at footage keep the machine busy, so
 * this is not left to the end, when only one core would be at work. Goes only as far as no footage of a camera is under way, as what
 * comes late has to be judged again. What cannot be done now is done at the end.
 */
export async function judgeMeanwhile(knex: Knex, { runId, signal, note }: MeanwhileOptions): Promise<void> {
  while (!signal.aborted) {
    await sleep(MEANWHILE_MS, signal);
    await judgeFinished(knex, { runId, signal, note }).catch(() => undefined);
  }
}

type MeanwhileOptions = Pick<JudgeOptions, 'note'> & { runId: string; signal: AbortSignal };

async function judgeFinished(knex: Knex, { runId, signal, note }: MeanwhileOptions): Promise<void> {
  for (const cameraId of await findUnjudgedCameras(knex)) {
    if (signal.aborted) return;
    const before = await findFirstUnfinished(knex, { runId, cameraId });
    await judgeCamera(knex, { cameraId, note, before });
  }
}

/** `before`: footage time from which on nothing is judged yet. */
type CameraOptions = JudgeOptions & { cameraId: string; before?: Date | undefined };

async function judgeCamera(knex: Knex, options: CameraOptions): Promise<void> {
  let isNew = false;
  while (await judgeNextSpan(knex, options)) isNew = true;
  if (isNew) await tidyUp(knex, options.cameraId, options.keptPictures ?? KEPT_PICTURES);
}

async function judgeNextSpan(knex: Knex, { cameraId, before, note }: CameraOptions): Promise<boolean> {
  const judged = await againAfterConflict(() => knex.transaction((trx) => judgeAndSave(trx, { cameraId, before })));
  for (const at of judged?.newSizes ?? [])
    note?.(`camera ${cameraId}: pictures have another shape from ${at.toISOString()} on; its view is learnt anew`);
  return judged !== undefined;
}

type SaveOptions = Pick<CameraOptions, 'cameraId' | 'before'>;

async function judgeAndSave(trx: Knex.Transaction, { cameraId, before }: SaveOptions): Promise<JudgedSpan | undefined> {
  await lockCameraDerivation(trx, cameraId);
  await settleLateLooks(trx, cameraId);
  const span = await findUnjudgedSpan(trx, cameraId);
  if (span === undefined) return undefined;
  const { from, judgedUntil } = span;
  // What was found with looks after the new ones has to be found again, all of it.
  const mustReach = judgedUntil !== null && judgedUntil > from ? judgedUntil : from;
  if (before !== undefined && mustReach >= before) return undefined;
  const judged = await judgeSpan(trx, { cameraId, from, mustReach, before });
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
