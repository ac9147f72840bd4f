import type { Knex } from 'knex';
import { listCameraNotificationSettings } from '../../db/models/camera-notification-settings.ts';
import { readNotificationPreferences } from '../../db/models/notification-preferences.ts';
import type { NotificationSettings } from './notification-settings.ts';
import { listQuietRecords, type QuietRecord } from './quiet-hours.ts';

export type NotificationsView = {
  enabled: boolean;
  levels: string[];
  sound: string;
  max_age: string;
  scene_changes: boolean;
  channels: { name: string; type: string; enabled: boolean }[];
  cameras: { camera_id: string; enabled: boolean; risk_threshold: number }[];
  quiet_hours: QuietRecord[];
};

/** Everything that decides whether and how somebody is told; of channels no addresses and no secrets. */
export async function showNotifications(knex: Knex, { notifications }: NotificationSettings): Promise<NotificationsView> {
  const { enabled, risk_filters: levels, sound } = await readNotificationPreferences(knex);
  return {
    enabled,
    levels,
    sound,
    max_age: notifications.maxAge,
    scene_changes: notifications.sceneChanges,
    channels: Object.entries(notifications.channels).map(([name, channel]) => ({ name, type: channel.type, enabled: channel.enabled })),
    cameras: (await listCameraNotificationSettings(knex)).map(({ camera_id, enabled: isEnabled, risk_threshold }) => ({
      camera_id,
      enabled: isEnabled,
      risk_threshold,
    })),
    quiet_hours: await listQuietRecords(knex),
  };
}
