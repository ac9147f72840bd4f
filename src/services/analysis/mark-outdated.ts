import type { Knex } from 'knex';

import { listStaleSpans } from '../../db/models/baseline-states.ts';
import { listCameras } from '../../db/models/cameras.ts';
import { lockCameraDerivation } from '../../db/models/derivation.ts';
import { findCamerasWithOpenChanges, markEventsNearSceneChanges, markEventsOutdated } from '../../db/models/event-scores.ts';
import { localHourAt } from '../../domain/coverage/local-hours.ts';
import { findBaselineCameras } from '../baselines/baseline-camera.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';

const NEARBY_MS = 300_000;
const SCENE_MS = 120_000;

/** In ms, both ends included. */
type Span = { fromMs: number; untilMs: number };

/**
 * Marks events whose score rests on footage that changed: of the same camera those of the same local hours, of other cameras of the
 * property those within 300 s (§9.1). What changed is what baselines do not reflect yet, so this comes before they are brought up to date.
 */
export async function markOutdatedEvents(knex: Knex, settings: ZoneSettings): Promise<void> {
  const changed = new Map<string, Span[]>();
  for (const { camera_id: id, from, until } of await listStaleSpans(knex)) {
    changed.set(id, [...(changed.get(id) ?? []), { fromMs: from.getTime(), untilMs: until.getTime() }]);
  }
  if (changed.size === 0) return;
  const zoneOf = new Map((await findBaselineCameras(knex, settings)).map(({ id, zone }) => [id, zone]));
  const cameras = await listCameras(knex);
  for (const { id, property_id: property } of cameras) {
    const own = (changed.get(id) ?? []).map((span) => toWholeHours(span, zoneOf.get(id) ?? 'UTC'));
    const others = cameras.filter((other) => property !== null && other.property_id === property && other.id !== id);
    const nearby = others.flatMap((other) => changed.get(other.id) ?? []).map(widen);
    await markCamera(knex, id, [...own, ...nearby]);
  }
}

/** Marks events near changes of the view that were found after the events were scored. */
export async function markEventsNearChangedViews(knex: Knex): Promise<void> {
  for (const cameraId of await findCamerasWithOpenChanges(knex)) {
    await knex.transaction(async (trx) => {
      await lockCameraDerivation(trx, cameraId);
      await markEventsNearSceneChanges(trx, { cameraId, withinMs: SCENE_MS });
    });
  }
}

async function markCamera(knex: Knex, cameraId: string, spans: readonly Span[]): Promise<void> {
  if (spans.length === 0) return;
  await knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, cameraId);
    await markEventsOutdated(trx, {
      cameraId,
      spans: spans.map(({ fromMs, untilMs }) => ({ from: new Date(fromMs), until: new Date(untilMs) })),
    });
  });
}

function toWholeHours({ fromMs, untilMs }: Span, zone: string): Span {
  return { fromMs: localHourAt(fromMs, zone).startMs, untilMs: localHourAt(untilMs, zone).endMs - 1 };
}

function widen({ fromMs, untilMs }: Span): Span {
  return { fromMs: fromMs - NEARBY_MS, untilMs: untilMs + NEARBY_MS };
}
