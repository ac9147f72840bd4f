import type { Knex } from 'knex';

import {
  deleteActivitySlots,
  listActivityBaselines,
  upsertActivityBaselines,
  type ActivityBaselineRow,
} from '../../db/models/activity-baselines.ts';
import { deleteClassSlots, listClassBaselines, upsertClassBaselines, type ClassBaselineRow } from '../../db/models/class-baselines.ts';
import type { ActivityBaseline, Baselines, ClassBaseline } from '../../domain/baselines/baselines.ts';

/** The rows of a camera as they are stored. */
export async function loadBaselines(knex: Knex, cameraId: string): Promise<Baselines> {
  return {
    activity: (await listActivityBaselines(knex, cameraId)).map(toActivity),
    classes: (await listClassBaselines(knex, cameraId)).map(toClass),
  };
}

/** Makes the stored rows of a camera these. Writes only what differs, and returns how many slots that were. */
export async function writeBaselines(trx: Knex.Transaction, cameraId: string, fresh: Baselines): Promise<number> {
  const activity = compare(await listActivityBaselines(trx, cameraId), fresh.activity, { key: activityKey, convert: toActivity });
  const classes = compare(await listClassBaselines(trx, cameraId), fresh.classes, { key: classKey, convert: toClass });
  await deleteActivitySlots(trx, activity.gone);
  await deleteClassSlots(trx, classes.gone);
  await upsertActivityBaselines(
    trx,
    activity.changed.map(({ weekday, hour, avgCount, sampleCount, lastUpdatedMs }) => ({
      camera_id: cameraId,
      hour,
      day_of_week: weekday,
      avg_count: avgCount,
      sample_count: sampleCount,
      last_updated: new Date(lastUpdatedMs),
    })),
  );
  await upsertClassBaselines(
    trx,
    classes.changed.map(({ label, hour, frequency, sampleCount, lastUpdatedMs }) => ({
      camera_id: cameraId,
      detection_class: label,
      hour,
      frequency,
      sample_count: sampleCount,
      last_updated: new Date(lastUpdatedMs),
    })),
  );
  return activity.gone.length + activity.changed.length + classes.gone.length + classes.changed.length;
}

type Comparison<Row, Slot> = { key: (slot: Slot) => string; convert: (row: Row) => Slot };

function compare<Row extends { id: number }, Slot>(
  stored: readonly Row[],
  fresh: readonly Slot[],
  { key, convert }: Comparison<Row, Slot>,
): { gone: number[]; changed: Slot[] } {
  const wanted = new Set(fresh.map(key));
  const known = new Map(stored.map((row) => [key(convert(row)), JSON.stringify(convert(row))]));
  return {
    gone: stored.filter((row) => !wanted.has(key(convert(row)))).map(({ id }) => id),
    // JSON writes a number so that it is read back to the last bit.
    changed: fresh.filter((slot) => known.get(key(slot)) !== JSON.stringify(slot)),
  };
}

function activityKey({ weekday, hour }: ActivityBaseline): string {
  return `${String(weekday)} ${String(hour)}`;
}

function classKey({ label, hour }: ClassBaseline): string {
  return `${String(hour)} ${label}`;
}

function toActivity(row: ActivityBaselineRow): ActivityBaseline {
  const { day_of_week: weekday, hour, avg_count: avgCount, sample_count: sampleCount, last_updated: updated } = row;
  return { weekday, hour, avgCount, sampleCount, lastUpdatedMs: updated.getTime() };
}

function toClass(row: ClassBaselineRow): ClassBaseline {
  const { detection_class: label, hour, frequency, sample_count: sampleCount, last_updated: updated } = row;
  return { label, hour, frequency, sampleCount, lastUpdatedMs: updated.getTime() };
}
