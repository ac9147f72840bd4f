import type { Knex } from 'knex';

import { formatLocal } from '../../domain/time/local-time.ts';
import type { Baselines } from '../../domain/baselines/baselines.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { findBaselineCameras, type BaselineCamera } from './baseline-camera.ts';
import { findKnownHours, toBaselines } from './baselines-as-of.ts';
import { loadBaselines } from './write-baselines.ts';

/** Columns of `hs baselines show`, and with `--class`; new ones are only ever added at the end. */
export const ACTIVITY_COLUMNS = [
  'camera_id',
  'day_of_week',
  'weekday',
  'hour',
  'avg_count',
  'sample_count',
  'last_updated',
  'last_updated_local',
] as const;
export const CLASS_COLUMNS = [
  'camera_id',
  'detection_class',
  'hour',
  'frequency',
  'sample_count',
  'last_updated',
  'last_updated_local',
] as const;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export type ActivityRecord = Readonly<Record<(typeof ACTIVITY_COLUMNS)[number], ExportValue>>;
export type ClassRecord = Readonly<Record<(typeof CLASS_COLUMNS)[number], ExportValue>>;

export type ShowBaselinesOptions = {
  cameras?: readonly string[] | undefined;
  /** As they are stored unless given. */
  asOf?: string | undefined;
  zones: ZoneSettings;
};

/** Slots of all classes together, by camera, weekday and hour. */
export async function* showActivity(knex: Knex, options: ShowBaselinesOptions): AsyncGenerator<ActivityRecord> {
  for await (const { camera, baselines } of baselinesOf(knex, options)) {
    for (const { weekday, hour, avgCount, sampleCount, lastUpdatedMs } of baselines.activity) {
      yield {
        camera_id: camera.id,
        day_of_week: weekday,
        weekday: WEEKDAYS[weekday] ?? null,
        hour,
        avg_count: avgCount,
        sample_count: sampleCount,
        last_updated: new Date(lastUpdatedMs),
        last_updated_local: formatLocal(lastUpdatedMs, camera.zone),
      };
    }
  }
}

/** Slots of some classes, by camera, class and hour. An hour that is missing was always without the class. */
export async function* showClasses(
  knex: Knex,
  options: ShowBaselinesOptions & { classes: readonly string[] },
): AsyncGenerator<ClassRecord> {
  for await (const { camera, baselines } of baselinesOf(knex, options)) {
    for (const { label, hour, frequency, sampleCount, lastUpdatedMs } of baselines.classes) {
      if (!options.classes.includes(label)) continue;
      yield {
        camera_id: camera.id,
        detection_class: label,
        hour,
        frequency,
        sample_count: sampleCount,
        last_updated: new Date(lastUpdatedMs),
        last_updated_local: formatLocal(lastUpdatedMs, camera.zone),
      };
    }
  }
}

async function* baselinesOf(
  knex: Knex,
  { cameras, asOf, zones }: ShowBaselinesOptions,
): AsyncGenerator<{ camera: BaselineCamera; baselines: Baselines }> {
  for (const camera of await findBaselineCameras(knex, zones, cameras)) {
    yield {
      camera,
      baselines: asOf === undefined ? await loadBaselines(knex, camera.id) : toBaselines(await findKnownHours(knex, camera, asOf)),
    };
  }
}
