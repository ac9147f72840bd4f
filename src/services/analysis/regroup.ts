import type { Knex } from 'knex';

import { listCameras } from '../../db/models/cameras.ts';
import { lockCameraDerivation, markCameraForDerivation } from '../../db/models/derivation.ts';
import { findFormerEvents, type AnalysisFilter } from '../../db/models/event-scores.ts';
import { findMissingEventIds } from '../../db/queries/events.ts';
import { findBaselineCameras } from '../baselines/baseline-camera.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { deriveChanged, type DeriveSettings } from '../ingest/derive-changed.ts';
import type { AlertChanges } from './alert-changes.ts';
import { toDisappearance, type EventDifference, type FormerEvent } from './event-difference.ts';

/** Events before and after their footage was grouped again. */
export type Regrouping = { isNew: (id: number) => boolean; findDisappeared: (alerts?: AlertChanges) => Promise<EventDifference[]> };

/** Forms the events of a span of footage anew, under the gates and zones of now, and says which came and went. */
export async function regroup(
  knex: Knex,
  { settings, diff }: { settings: DeriveSettings; diff: boolean },
  filter: AnalysisFilter,
): Promise<Regrouping> {
  const former = diff ? await findFormerEvents(knex, filter) : [];
  for (const cameraId of await camerasOf(knex, filter)) {
    await knex.transaction(async (trx) => {
      await lockCameraDerivation(trx, cameraId);
      await markCameraForDerivation(trx, cameraId, filter);
    });
  }
  await deriveChanged(knex, settings, { detections: 0 });
  return compareWith(knex, former, settings);
}

export async function camerasOf(knex: Knex, { cameraIds }: AnalysisFilter): Promise<readonly string[]> {
  return cameraIds ?? (await listCameras(knex)).map(({ id }) => id);
}

/** What was there before, against what is there by the time it is asked. */
export function compareWith(knex: Knex, former: readonly FormerEvent[], zones: ZoneSettings): Regrouping {
  const known = new Set(former.map(({ id }) => id));
  return {
    isNew: (id) => !known.has(id),
    findDisappeared: async (alerts) => {
      const gone = new Set(await findMissingEventIds(knex, [...known]));
      if (gone.size === 0) return [];
      const zoneOf = new Map((await findBaselineCameras(knex, zones)).map(({ id, zone }) => [id, zone]));
      return former
        .filter(({ id }) => gone.has(id))
        .map((event) => toDisappearance(event, zoneOf.get(event.camera_id) ?? 'UTC', alerts?.get(event.id)));
    },
  };
}
