import type { Knex } from 'knex';

import { analyseDetections, findUnderivedCameras, newestFootage } from '../../db/models/derivation.ts';
import { advanceLastSeen, findCamera } from '../../db/models/cameras.ts';
import { markEventsNearChangedViews, markOutdatedEvents } from '../analysis/mark-outdated.ts';
import { updateStale } from '../baselines/update-stale.ts';
import { removeClips } from '../clips/remove-clips.ts';
import { deriveCamera } from '../derive/derive-camera.ts';
import type { EventChanges } from '../derive/derive-events.ts';
import type { CameraToDerive } from '../derive/derive-tracks.ts';
import { judgeScenes } from '../scenes/judge-scenes.ts';
import type { IngestSettings } from './ingest-options.ts';

export type DerivedChanges = Omit<EventChanges, 'clips'> & { cameras: number };

/** The settings that tracks, events and baselines depend on. */
export type DeriveSettings = Pick<IngestSettings, 'cameras' | 'timezone'> & { detector: Pick<IngestSettings['detector'], 'gates'> };

/** How much is new, and where to say what a user should know. */
type DeriveScale = { detections: number; note?: (message: string) => void };

/** Autovacuum does not analyse partitioned parents; below this the planner's old numbers do. */
const ANALYSE_FROM = 10_000;

/** Brings tracks, events, baselines and scene changes of every camera with new footage up to date, also what an interrupted run left. */
export async function deriveChanged(knex: Knex, settings: DeriveSettings, { detections, note }: DeriveScale): Promise<DerivedChanges> {
  if (detections >= ANALYSE_FROM) await analyseDetections(knex);
  const total: DerivedChanges = { cameras: 0, created: 0, changed: 0, absorbed: 0, deleted: 0, orphaned: [] };
  for (const cameraId of await findUnderivedCameras(knex)) {
    const camera = cameraToDerive(await findCamera(knex, cameraId), { cameraId, settings });
    const changes = await deriveCamera({ knex, camera });
    await removeClips(changes.clips);
    const newest = await newestFootage(knex, cameraId);
    if (newest !== undefined) await advanceLastSeen(knex, cameraId, newest);
    total.cameras += 1;
    total.created += changes.created;
    total.changed += changes.changed;
    total.absorbed += changes.absorbed;
    total.deleted += changes.deleted;
    total.orphaned.push(...changes.orphaned);
  }
  await markOutdatedEvents(knex, settings);
  await updateStale(knex, settings);
  await judgeScenes(knex, { note });
  await markEventsNearChangedViews(knex);
  return total;
}

/** A camera under the settings of now. */
export function cameraToDerive(
  row: { enabled: boolean } | undefined,
  { cameraId, settings }: { cameraId: string; settings: DeriveSettings },
): CameraToDerive {
  const own = settings.cameras[cameraId];
  return {
    id: cameraId,
    enabled: (row?.enabled ?? true) && (own?.enabled ?? true),
    gates: { ...settings.detector.gates, ...own?.gates },
  };
}
