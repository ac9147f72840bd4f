import type { Knex } from 'knex';

import { findActivityHours, type TouchedHour } from '../../db/models/activity-hours.ts';
import { findBaselineState, saveBaselineState, type BaselineState } from '../../db/models/baseline-states.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findNewestRead } from '../../db/queries/coverage-files.ts';
import { touchedSlots, updateBaselines, windowMoves } from '../../domain/baselines/update-baselines.ts';
import { uniteIntervals, type Interval } from '../../domain/coverage/interval.ts';
import { DAY_MS, HOUR_MS } from '../../domain/coverage/local-hours.ts';
import { deriveRecordingMode } from '../../domain/coverage/recording-mode.ts';
import type { RecordingMode } from '../../domain/enums.ts';
import { loadCoverage } from '../coverage/load-coverage.ts';
import type { BaselineCamera } from './baseline-camera.ts';
import { rebuildCamera, rebuildSlots, seesOnlyMotion, toLocal, type BaselineResult } from './rebuild-camera.ts';
import { refreshHours, unprunedPart, wholeHours } from './refresh-hours.ts';
import { scoreEvents } from './score-events.ts';
import { WINDOW_MS, windowBefore } from './window.ts';
import { loadBaselines, writeBaselines } from './write-baselines.ts';

/** Footage of a triggered camera says something about the hours whose middle is within a day of it. */
const REACH_MS = DAY_MS + HOUR_MS;

/** What there is to go on from: computed before, in this zone, with a recording mode. */
type KnownState = BaselineState & { as_of: Date; recording: RecordingMode };

/**
 * Brings hours, baselines and scores of a camera up to date with what changed since. Equal to a rebuild to the last bit; where more
 * changed than footage, such as the time zone or the recording mode, it is one.
 */
export async function updateCamera(trx: Knex.Transaction, camera: BaselineCamera): Promise<BaselineResult> {
  await lockCameraDerivation(trx, camera.id);
  const state = await findBaselineState(trx, camera.id);
  if (!isKnown(state, camera)) return rebuildCamera(trx, camera);
  const stale = state.stale.map(({ from, until }) => ({ startMs: from.getTime(), endMs: until.getTime() + 1 }));
  const touched = await refreshStale(trx, { camera, mode: state.recording, stale });
  const asOfMs = await footageEnd(trx, camera.id);
  if (asOfMs === undefined) return rebuildCamera(trx, camera);
  const recording = camera.recording ?? (await storedMode(trx, camera.id, asOfMs));
  if (recording !== state.recording) return rebuildCamera(trx, camera);
  const slots = await updateSlots(trx, camera, { state, touched, asOfMs });
  const result = { as_of: new Date(asOfMs), recording };
  await saveBaselineState(trx, camera.id, { ...result, time_zone: camera.zone, counts_motion: slots.countsMotion });
  return {
    camera_id: camera.id,
    timezone: camera.zone,
    ...result,
    activity_slots: slots.activity,
    class_slots: slots.classes,
    changed_hours: touched.length,
    changed_slots: slots.changed,
    changed_events: await scoreAfter(trx, camera, [...stale, ...touched.map(({ startMs }) => ({ startMs, endMs: startMs + HOUR_MS }))]),
    as_of_local: toLocal(result.as_of, camera.zone),
  };
}

function isKnown(state: BaselineState | undefined, camera: BaselineCamera): state is KnownState {
  return state?.time_zone === camera.zone && state.as_of !== null && state.recording !== null;
}

type Refresh = { camera: BaselineCamera; mode: RecordingMode; stale: readonly Interval[] };

async function refreshStale(trx: Knex.Transaction, { camera, mode, stale }: Refresh): Promise<TouchedHour[]> {
  const touched: TouchedHour[] = [];
  const spans = uniteIntervals(stale.map((one) => wholeHours(widen(one), camera.zone))).map((span) => unprunedPart(span, camera));
  for (const span of spans) {
    const coverage = await loadCoverage(trx, camera.id, widen(span));
    touched.push(...(await refreshHours(trx, camera.id, { footage: { coverage, zone: camera.zone, mode }, span })));
  }
  return touched;
}

function widen({ startMs, endMs }: Interval): Interval {
  return { startMs: startMs - REACH_MS, endMs: endMs + REACH_MS };
}

/** The end of the newest footage. */
async function footageEnd(knex: Knex, cameraId: string): Promise<number | undefined> {
  const newest = await findNewestRead(knex, cameraId);
  if (newest === undefined) return undefined;
  const coverage = await loadCoverage(knex, cameraId, { startMs: newest.getTime() - HOUR_MS, endMs: newest.getTime() + 1 });
  return coverage.at(-1)?.endMs;
}

async function storedMode(knex: Knex, cameraId: string, asOfMs: number): Promise<RecordingMode | null> {
  return deriveRecordingMode(await findActivityHours(knex, windowBefore(cameraId, asOfMs)), asOfMs);
}

type SlotUpdate = { state: KnownState; touched: readonly TouchedHour[]; asOfMs: number };

async function updateSlots(
  trx: Knex.Transaction,
  camera: BaselineCamera,
  { state, touched, asOfMs }: SlotUpdate,
): Promise<Awaited<ReturnType<typeof rebuildSlots>>> {
  const window = windowBefore(camera.id, asOfMs);
  const countsMotion = await seesOnlyMotion(trx, window);
  if (countsMotion !== state.counts_motion) return rebuildSlots(trx, camera.id, asOfMs);
  const slots = touchedSlots([...touched, ...(await movedHours(trx, camera.id, windowMoves(state.as_of.getTime(), asOfMs)))]);
  const hours = await findActivityHours(trx, { ...window, hours: slots.hours });
  const fresh = updateBaselines(await loadBaselines(trx, camera.id), { touched: slots, hours }, { asOfMs, countsMotion });
  const changed = await writeBaselines(trx, camera.id, fresh);
  return { activity: fresh.activity.length, classes: fresh.classes.length, changed, countsMotion };
}

/** Hours that entered or left the window as it moved. */
async function movedHours(knex: Knex, cameraId: string, moves: readonly Interval[]): Promise<TouchedHour[]> {
  const moved: TouchedHour[] = [];
  for (const { startMs, endMs } of moves) {
    moved.push(...(await findActivityHours(knex, { cameraId, from: new Date(startMs), until: new Date(endMs) })));
  }
  return moved;
}

/** A change alters what is known about later events for 30 days. */
async function scoreAfter(trx: Knex.Transaction, camera: BaselineCamera, changes: readonly Interval[]): Promise<number> {
  const spans = uniteIntervals(changes.map(({ startMs, endMs }) => ({ startMs: startMs - HOUR_MS, endMs: endMs + WINDOW_MS + HOUR_MS })));
  let changed = 0;
  for (const { startMs, endMs } of spans) changed += await scoreEvents(trx, camera, { from: new Date(startMs), until: new Date(endMs) });
  return changed;
}
