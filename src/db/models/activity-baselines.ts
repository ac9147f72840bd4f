import type { Knex } from 'knex';

/** One row of `activity_baselines`, as stored. Slots are in the camera's time zone. */
export type ActivityBaselineRow = {
  id: number;
  camera_id: string;
  hour: number;
  /** 0 = monday … 6 = sunday. */
  day_of_week: number;
  avg_count: number;
  sample_count: number;
  /** Footage time of the newest observation. */
  last_updated: Date;
};

export type NewActivityBaseline = Omit<ActivityBaselineRow, 'id'>;

/** A camera has at most 168 slots; those not named stay as they are. */
export async function upsertActivityBaselines(knex: Knex, slots: readonly NewActivityBaseline[]): Promise<void> {
  if (slots.length === 0) return;
  await knex('activity_baselines')
    .insert([...slots])
    .onConflict(['camera_id', 'hour', 'day_of_week'])
    .merge();
}

/** From monday 0:00 on. */
export async function listActivityBaselines(knex: Knex, cameraId: string): Promise<ActivityBaselineRow[]> {
  return knex<ActivityBaselineRow>('activity_baselines').where('camera_id', cameraId).orderBy(['day_of_week', 'hour']).select('*');
}

/** Forgets what is usual at a camera. Returns how many slots it had. */
export async function deleteActivityBaselines(knex: Knex, cameraId: string): Promise<number> {
  return knex('activity_baselines').where('camera_id', cameraId).delete();
}

/** Slots that are no longer known. */
export async function deleteActivitySlots(knex: Knex, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await knex('activity_baselines')
      .whereIn('id', [...ids])
      .delete();
}
