import type { Knex } from 'knex';

import { findCamera } from '../../db/models/cameras.ts';
import { lockCameraDerivation, markCameraForDerivation } from '../../db/models/derivation.ts';
import { findFormerEvents, type AnalysisFilter } from '../../db/models/event-scores.ts';
import { findAlertNames } from '../../db/queries/alert-names.ts';
import { evaluateAlerts } from '../alerts/evaluate-alerts.ts';
import { requireBaselineCamera } from '../baselines/baseline-camera.ts';
import { updateCamera } from '../baselines/update-camera.ts';
import { deriveCamera } from '../derive/derive-camera.ts';
import { cameraToDerive } from '../ingest/derive-changed.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { alertChanges } from './alert-changes.ts';
import { asksAllRules, mustStop, take, type AnalyzeRun } from './analyze-run.ts';
import { pagesOfEvents } from './choose-events.ts';
import { camerasOf, compareWith } from './regroup.ts';
import { EVENTS_AT_ONCE } from './score-new-events.ts';
import { scorePage, type ScoredEvent } from './score-page.ts';

/**
 * What an analysis would lead to, alerts included: it is done, looked at and taken back, camera by camera. Other cameras are seen as they
 * are stored, and no model is asked.
 */
export async function tryAnalysis(knex: Knex, run: AnalyzeRun, filter: AnalysisFilter): Promise<void> {
  const cameraIds = await camerasOf(knex, filter);
  for (const [place, cameraId] of cameraIds.entries()) {
    if (mustStop(run)) return;
    await inTransaction(knex, { dryRun: true }, (trx) => tryCamera(trx, run, { cameraId, filter: { ...filter, cameraIds: [cameraId] } }));
    run.onProgress({ done: place + 1, total: cameraIds.length, startedAtMs: run.startedAtMs });
  }
}

type CameraFootage = { cameraId: string; filter: AnalysisFilter };

async function tryCamera(trx: Knex.Transaction, run: AnalyzeRun, footage: CameraFootage): Promise<void> {
  const { cameraId, filter } = footage;
  await lockCameraDerivation(trx, cameraId);
  const before = run.diff ? await findAlertNames(trx, cameraId) : [];
  const former = run.diff ? await findFormerEvents(trx, filter) : [];
  if (run.regroup) await regroupCamera(trx, run, footage);
  const now = compareWith(trx, former, run.settings);
  const scored = await scoreCamera(trx, run, filter);
  if (!run.diff) {
    take(run, scored, now);
    return;
  }
  const eventIds = scored.filter(({ written }) => written || asksAllRules(run)).map(({ id }) => id);
  await evaluateAlerts(trx, { eventIds, zones: run.settings, signal: run.signal });
  const changes = alertChanges(before, await findAlertNames(trx, cameraId));
  take(run, scored, { ...now, alerts: changes });
  run.outcome.differences.push(...(await now.findDisappeared(changes)));
}

async function regroupCamera(trx: Knex.Transaction, { settings }: AnalyzeRun, { cameraId, filter }: CameraFootage): Promise<void> {
  await markCameraForDerivation(trx, cameraId, filter);
  await deriveCamera({ knex: trx, camera: cameraToDerive(await findCamera(trx, cameraId), { cameraId, settings }) });
  await updateCamera(trx, await requireBaselineCamera(trx, settings, cameraId));
}

async function scoreCamera(trx: Knex.Transaction, run: AnalyzeRun, filter: AnalysisFilter): Promise<ScoredEvent[]> {
  // There is no run to name: nothing of this is kept.
  const scoring = { ...run.scoring, runId: null };
  const scored: ScoredEvent[] = [];
  for await (const events of pagesOfEvents(trx, { filter, limit: EVENTS_AT_ONCE })) {
    scored.push(...(await scorePage(trx, events, { scoring, waitsForModel: false })));
  }
  return scored;
}
