import type { Knex } from 'knex';

import type { NotificationSound, Severity } from '../../domain/enums.ts';

/** The one row of `notification_preferences`, as stored. */
export type NotificationPreferencesRow = {
  id: number;
  /** Master switch. */
  enabled: boolean;
  sound: NotificationSound;
  /** Levels that notify. */
  risk_filters: Severity[];
};

export type NotificationPreferencesPatch = Partial<Omit<NotificationPreferencesRow, 'id'>>;

const ONLY_ID = 1;

/** Makes the row when it is missing, as after a foreign restore. */
export async function readNotificationPreferences(knex: Knex): Promise<NotificationPreferencesRow> {
  const found = await knex<NotificationPreferencesRow>('notification_preferences').where({ id: ONLY_ID }).first();
  return found ?? updateNotificationPreferences(knex, {});
}

export async function updateNotificationPreferences(knex: Knex, patch: NotificationPreferencesPatch): Promise<NotificationPreferencesRow> {
  const columns = { id: ONLY_ID, ...patch };
  const [row] = await knex('notification_preferences')
    .insert(columns)
    .onConflict('id')
    .merge(columns)
    .returning<NotificationPreferencesRow[]>('*');
  if (row === undefined) throw new Error('the notification preferences were not stored');
  return row;
}
