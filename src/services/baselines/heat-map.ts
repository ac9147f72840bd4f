import type { Knex } from 'knex';

import { buildBaselines } from '../../domain/baselines/baselines.ts';
import { baselineHeatMap, type HeatMap } from '../../domain/baselines/heat-map.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { requireBaselineCamera } from './baseline-camera.ts';
import { findKnownHours, toBaselines } from './baselines-as-of.ts';

export type HeatMapOptions = { camera: string; label?: string | undefined; asOf?: string | undefined; zones: ZoneSettings };

/** Seven weekdays from monday by 24 local hours; null where nothing is known. */
export type CameraHeatMap = { cameraId: string; zone: string; label: string | null; asOf: Date; values: HeatMap; largest: number };

/** Tracks per hour of footage over the week of a camera, of all classes together or of one. */
export async function heatMapOf(knex: Knex, { camera: id, label, asOf, zones }: HeatMapOptions): Promise<CameraHeatMap> {
  const camera = await requireBaselineCamera(knex, zones, id);
  const known = await findKnownHours(knex, camera, asOf);
  const { activity } =
    label === undefined
      ? toBaselines(known)
      : buildBaselines(
          known.hours.map((hour) => ({ ...hour, counts: onlyOf(hour.counts, label) })),
          {
            asOfMs: known.asOf.getTime(),
            countsMotion: true,
          },
        );
  const values = baselineHeatMap(activity);
  const largest = Math.max(0, ...values.flat().map((value) => value ?? 0));
  return { cameraId: camera.id, zone: camera.zone, label: label ?? null, asOf: known.asOf, values, largest };
}

function onlyOf(counts: Readonly<Record<string, number>>, label: string): Record<string, number> {
  return Object.hasOwn(counts, label) ? { [label]: counts[label] ?? 0 } : {};
}
