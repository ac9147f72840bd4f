import type { Knex } from 'knex';
import { listCameraNotificationSettings } from '../../db/models/camera-notification-settings.ts';
import { readNotificationPreferences } from '../../db/models/notification-preferences.ts';
import { listQuietHours } from '../../db/models/quiet-hours-periods.ts';
import type { NotifyPreferences } from '../../domain/alerts/notify.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import type { ChannelSettings } from './load-channels.ts';

/** The part of the configuration that says whom to tell of what. */
export type NotificationSettings = ZoneSettings & {
  notifications: {
    /** Such as `24h`. */
    maxAge: string;
    sceneChanges: boolean;
    channels: Readonly<Record<string, ChannelSettings>>;
  };
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Everything that decides whether somebody is told, from the database and the settings. */
export async function loadPreferences(knex: Knex, { notifications }: NotificationSettings): Promise<NotifyPreferences> {
  const [{ enabled, risk_filters: levels }, cameras, quietHours] = await Promise.all([
    readNotificationPreferences(knex),
    listCameraNotificationSettings(knex),
    listQuietHours(knex),
  ]);
  return {
    enabled,
    levels,
    cameras: new Map(cameras.map((setting) => [setting.camera_id, { enabled: setting.enabled, riskThreshold: setting.risk_threshold }])),
    quietHours,
    maxAgeMs: toMs(notifications.maxAge),
  };
}

function toMs(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNIT_MS[duration.slice(-1)] ?? NaN);
}
