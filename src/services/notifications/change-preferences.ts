import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { listCameraNotificationSettings, saveCameraNotificationSetting } from '../../db/models/camera-notification-settings.ts';
import {
  readNotificationPreferences,
  updateNotificationPreferences,
  type NotificationPreferencesPatch,
} from '../../db/models/notification-preferences.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { matchCameras } from '../lists/match-names.ts';

type Act = { actor: string; dryRun: boolean };

/** Changes what holds for all cameras, and returns what really changed. */
export async function setPreferences(knex: Knex, options: Act & { patch: NotificationPreferencesPatch }): Promise<ColumnChange[]> {
  const { patch } = options;
  if (Object.keys(patch).length === 0)
    throw new UsageError('nothing says what to change', { hint: 'give --enable, --disable, --levels or --sound' });
  return inTransaction(knex, options, async (trx) => {
    const changes = changedColumns(await readNotificationPreferences(trx), patch);
    if (changes.length === 0) return [];
    await updateNotificationPreferences(trx, patch);
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'notification_preferences',
      resource_id: '1',
      actor: options.actor,
      details: { changes },
    });
    return changes;
  });
}

export type CameraPreferences = { enabled?: boolean; risk_threshold?: number };
export type CameraChange = ColumnChange & { camera_id: string };

/** Changes what holds for some cameras, by ids, names or patterns, and returns what really changed. */
export async function setCameraPreferences(
  knex: Knex,
  options: Act & { cameras: readonly string[]; patch: CameraPreferences },
): Promise<CameraChange[]> {
  const { patch, actor } = options;
  if (Object.keys(patch).length === 0)
    throw new UsageError('nothing says what to change', { hint: 'give --threshold, --enable or --disable' });
  const ids = matchCameras(await listCameraNames(knex), options.cameras);
  return inTransaction(knex, options, async (trx) => {
    const all: CameraChange[] = [];
    for (const id of ids) {
      const stored = (await listCameraNotificationSettings(trx)).find((setting) => setting.camera_id === id);
      const before: Required<CameraPreferences> = stored ?? { enabled: true, risk_threshold: 0 };
      const changes = changedColumns(before, patch);
      if (changes.length === 0) continue;
      await saveCameraNotificationSetting(trx, { camera_id: id, ...patch });
      await insertAuditLog(trx, {
        action: 'settings_changed',
        resource_type: 'camera_notification_settings',
        resource_id: id,
        actor,
        details: { changes },
      });
      all.push(...changes.map((change) => ({ camera_id: id, ...change })));
    }
    return all;
  });
}
