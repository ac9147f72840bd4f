import type { Knex } from 'knex';

import { listBaselineStates, type BaselineStateSummary } from '../../db/models/baseline-states.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { findBaselineCameras, type BaselineCamera } from './baseline-camera.ts';
import { updateCamera } from './update-camera.ts';

/** Brings hours, baselines and scores of every camera up to date that has something new, also what an interrupted run left. */
export async function updateStale(knex: Knex, zones: ZoneSettings): Promise<void> {
  const states = new Map((await listBaselineStates(knex)).map((state) => [state.camera_id, state]));
  if (states.size === 0) return;
  for (const camera of await findBaselineCameras(knex, zones)) {
    const state = states.get(camera.id);
    if (state && isBehind(state, camera)) await knex.transaction((trx) => updateCamera(trx, camera));
  }
}

function isBehind(state: BaselineStateSummary, camera: BaselineCamera): boolean {
  const isOtherMode = camera.recording !== null && state.recording !== null && camera.recording !== state.recording;
  return state.is_stale || isOtherMode || state.time_zone !== camera.zone;
}
