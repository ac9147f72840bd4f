import type { Knex } from 'knex';

import { deleteActivityHours, findActivityHours, findHoursBeyondMotion } from '../../db/models/activity-hours.ts';
import { findBaselineState, saveBaselineState } from '../../db/models/baseline-states.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { buildBaselines } from '../../domain/baselines/baselines.ts';
import type { CameraFootage } from '../../domain/coverage/covered-hours.ts';
import type { RecordingMode } from '../../domain/enums.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { loadCoverage } from '../coverage/load-coverage.ts';
import { recordingModeOf } from '../coverage/recording-mode-of.ts';
import type { BaselineCamera } from './baseline-camera.ts';
import { refreshHours, unprunedPart, wholeHours } from './refresh-hours.ts';
import { scoreEvents } from './score-events.ts';
import { windowBefore } from './window.ts';
import { writeBaselines } from './write-baselines.ts';

/** What was computed of one camera; the `changed` numbers count rows that were not as they are now. */
export type BaselineResult = {
  camera_id: string;
  timezone: string;
  recording: RecordingMode | null;
  as_of: Date | null;
  activity_slots: number;
  class_slots: number;
  changed_hours: number;
  changed_slots: number;
  changed_events: number;
  as_of_local: string | null;
};

/** Computes hours, baselines and scores of a camera from tracks and coverage alone. `asOfMs`: instead of the end of its footage. */
export async function rebuildCamera(
  trx: Knex.Transaction,
  camera: BaselineCamera,
  options: { asOfMs?: number } = {},
): Promise<BaselineResult> {
  await lockCameraDerivation(trx, camera.id);
  const coverage = await loadCoverage(trx, camera.id);
  const endMs = coverage.at(-1)?.endMs;
  const recording = camera.recording ?? recordingModeOf(coverage, camera.zone);
  const footage = { coverage, zone: camera.zone, mode: recording ?? 'triggered' };
  const changedHours = await rebuildHours(trx, camera, footage);
  const asOfMs = options.asOfMs ?? endMs;
  const slots = await rebuildSlots(trx, camera.id, asOfMs);
  const state = { as_of: asOfMs === undefined ? null : new Date(asOfMs), recording };
  await saveBaselineState(trx, camera.id, { ...state, time_zone: camera.zone, counts_motion: slots.countsMotion });
  const changedEvents = await scoreEvents(trx, camera);
  return {
    camera_id: camera.id,
    timezone: camera.zone,
    ...state,
    activity_slots: slots.activity,
    class_slots: slots.classes,
    changed_hours: changedHours,
    changed_slots: slots.changed,
    changed_events: changedEvents,
    as_of_local: toLocal(state.as_of, camera.zone),
  };
}

export function toLocal(at: Date | null, zone: string): string | null {
  return at && formatLocal(at.getTime(), zone);
}

async function rebuildHours(trx: Knex.Transaction, camera: BaselineCamera, footage: CameraFootage): Promise<number> {
  const [first, last] = [footage.coverage[0], footage.coverage.at(-1)];
  const before = await findBaselineState(trx, camera.id);
  if (!first || !last) return deleteActivityHours(trx, camera.id);
  // In another zone other hours have the names of the old ones.
  const cleared = before?.time_zone === camera.zone ? 0 : await deleteActivityHours(trx, camera.id);
  const span = unprunedPart(wholeHours({ startMs: first.startMs, endMs: last.endMs }, camera.zone), camera);
  const from = new Date(camera.prunedUntilMs === undefined ? span.startMs : 0);
  const outside = await deleteActivityHours(trx, camera.id, { from, until: new Date(span.endMs) });
  const touched = await refreshHours(trx, camera.id, { footage, span });
  return Math.max(cleared, touched.length) + outside;
}

type RebuiltSlots = { activity: number; classes: number; changed: number; countsMotion: boolean };

/** All slots from the hours of the window. */
export async function rebuildSlots(trx: Knex.Transaction, cameraId: string, asOfMs: number | undefined): Promise<RebuiltSlots> {
  const window = windowBefore(cameraId, asOfMs ?? 0);
  const countsMotion = await seesOnlyMotion(trx, window);
  const hours = asOfMs === undefined ? [] : await findActivityHours(trx, window);
  const fresh = buildBaselines(hours, { asOfMs: asOfMs ?? 0, countsMotion });
  const changed = await writeBaselines(trx, cameraId, fresh);
  return { activity: fresh.activity.length, classes: fresh.classes.length, changed, countsMotion };
}

/** A camera in whose window nothing but motion was seen has no other detector: there motion counts. */
export async function seesOnlyMotion(knex: Knex, window: { cameraId: string; from: Date; until: Date }): Promise<boolean> {
  return (await findHoursBeyondMotion(knex, window)).length === 0;
}
