import type { Knex } from 'knex';

/** One row of `class_baselines`, as stored. Hours are in the camera's time zone. */
export type ClassBaselineRow = {
  id: number;
  camera_id: string;
  detection_class: string;
  hour: number;
  frequency: number;
  sample_count: number;
  /** Footage time of the newest observation. */
  last_updated: Date;
};

export type NewClassBaseline = Omit<ClassBaselineRow, 'id'>;

const SLOTS_PER_STATEMENT = 500;

/** Slots not named stay as they are. */
export async function upsertClassBaselines(knex: Knex, slots: readonly NewClassBaseline[]): Promise<void> {
  for (let start = 0; start < slots.length; start += SLOTS_PER_STATEMENT) {
    await knex('class_baselines')
      .insert(slots.slice(start, start + SLOTS_PER_STATEMENT))
      .onConflict(['camera_id', 'detection_class', 'hour'])
      .merge();
  }
}

/** By class and hour. An hour that is missing was always without this class. */
export async function listClassBaselines(
  knex: Knex,
  cameraId: string,
  filters: { detectionClass?: string } = {},
): Promise<ClassBaselineRow[]> {
  const query = knex<ClassBaselineRow>('class_baselines').where('camera_id', cameraId).orderBy(['detection_class', 'hour']).select('*');
  return filters.detectionClass === undefined ? query : query.where('detection_class', filters.detectionClass);
}

/** Forgets what is usual at a camera. Returns how many slots it had. */
export async function deleteClassBaselines(knex: Knex, cameraId: string): Promise<number> {
  return knex('class_baselines').where('camera_id', cameraId).delete();
}

/** Slots that are no longer known. */
export async function deleteClassSlots(knex: Knex, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await knex('class_baselines')
      .whereIn('id', [...ids])
      .delete();
}
