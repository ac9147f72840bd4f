import type { Knex } from 'knex';

import { uuidV7 } from '../uuid-v7.ts';

/** One row of `camera_notification_settings`, as stored. A camera without one notifies. */
export type CameraNotificationSettingRow = {
  id: string;
  camera_id: string;
  enabled: boolean;
  /** Smallest score that notifies. */
  risk_threshold: number;
};

export type NewCameraNotificationSetting = Pick<CameraNotificationSettingRow, 'camera_id'> &
  Partial<Pick<CameraNotificationSettingRow, 'enabled' | 'risk_threshold'>>;

/** By camera. */
export async function listCameraNotificationSettings(knex: Knex): Promise<CameraNotificationSettingRow[]> {
  return knex<CameraNotificationSettingRow>('camera_notification_settings').orderBy('camera_id');
}

/** Makes the camera's row or changes what is named. */
export async function saveCameraNotificationSetting(
  knex: Knex,
  setting: NewCameraNotificationSetting,
): Promise<CameraNotificationSettingRow> {
  const [row] = await knex('camera_notification_settings')
    .insert({ id: uuidV7(), ...setting })
    .onConflict('camera_id')
    .merge(setting)
    .returning<CameraNotificationSettingRow[]>('*');
  if (row === undefined) throw new Error('the notification setting was not stored');
  return row;
}
