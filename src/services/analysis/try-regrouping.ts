import type { Knex } from 'knex';

import { findCamera } from '../../db/models/cameras.ts';
import { lockCameraDerivation, markCameraForDerivation } from '../../db/models/derivation.ts';
import { findFormerEvents, type AnalysisFilter } from '../../db/models/event-scores.ts';
import { requireBaselineCamera } from '../baselines/baseline-camera.ts';
import { updateCamera } from '../baselines/update-camera.ts';
import { deriveCamera } from '../derive/derive-camera.ts';
import { cameraToDerive } from '../ingest/derive-changed.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { mustStop, take, type AnalyzeRun } from './analyze-run.ts';
import { pagesOfEvents } from './choose-events.ts';
import { camerasOf, compareWith } from './regroup.ts';
import { lookAtPage } from './score-page.ts';
import { EVENTS_AT_ONCE } from './score-new-events.ts';

/**
 * What forming events anew would lead to: it is done, looked at and taken back, camera by camera. Other cameras are seen as they are
 * stored.
 */
export async function tryRegrouping(knex: Knex, run: AnalyzeRun, filter: AnalysisFilter): Promise<void> {
  const cameraIds = await camerasOf(knex, filter);
  for (const [place, cameraId] of cameraIds.entries()) {
    if (mustStop(run)) return;
    await inTransaction(knex, { dryRun: true }, (trx) => tryCamera(trx, run, { cameraId, filter: { ...filter, cameraIds: [cameraId] } }));
    run.onProgress({ done: place + 1, total: cameraIds.length, startedAtMs: run.startedAtMs });
  }
}

type CameraFootage = { cameraId: string; filter: AnalysisFilter };

async function tryCamera(trx: Knex.Transaction, run: AnalyzeRun, { cameraId, filter }: CameraFootage): Promise<void> {
  const { settings, diff } = run;
  await lockCameraDerivation(trx, cameraId);
  const former = diff ? await findFormerEvents(trx, filter) : [];
  await markCameraForDerivation(trx, cameraId, filter);
  await deriveCamera({ knex: trx, camera: cameraToDerive(await findCamera(trx, cameraId), { cameraId, settings }) });
  await updateCamera(trx, await requireBaselineCamera(trx, settings, cameraId));
  const now = compareWith(trx, former, settings);
  for await (const events of pagesOfEvents(trx, { filter, limit: EVENTS_AT_ONCE })) {
    take(run, await lookAtPage(trx, events, { scoring: run.scoring, waitsForModel: false }), now.isNew);
  }
  run.outcome.differences.push(...(await now.findDisappeared()));
}
