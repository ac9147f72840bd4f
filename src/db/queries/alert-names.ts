import type { Knex } from 'knex';

export type AlertNameRow = { event_id: number; rule_name: string };

/** The alerts of a camera's events that nobody dismissed, each by the name of its rule. */
export async function findAlertNames(knex: Knex, cameraId: string): Promise<AlertNameRow[]> {
  return knex('alerts as a')
    .join('events as e', 'e.id', 'a.event_id')
    .leftJoin('alert_rules as r', 'r.id', 'a.rule_id')
    .where('e.camera_id', cameraId)
    .whereNot('a.status', 'dismissed')
    .orderBy(['a.event_id', 'rule_name'])
    .select<AlertNameRow[]>('a.event_id', knex.raw(`coalesce(r.name, '(deleted rule)') AS rule_name`));
}
