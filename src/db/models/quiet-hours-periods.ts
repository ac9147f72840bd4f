import type { Knex } from 'knex';

import type { DayOfWeek } from '../../domain/enums.ts';
import type { LabelledPeriod } from '../../domain/quiet-hours.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `quiet_hours_periods`, as stored: a period, or one half of a period over midnight. */
export type QuietHoursPeriodRow = {
  id: string;
  /** Shared by the halves. */
  group_id: string;
  label: string;
  /** Times of day as HH:MM:SS. */
  start_time: string;
  end_time: string;
  days: DayOfWeek[];
};

/** Groups in the order they were made, the half before midnight first. */
export async function listQuietHours(knex: Knex): Promise<QuietHoursPeriodRow[]> {
  return knex<QuietHoursPeriodRow>('quiet_hours_periods').orderBy([
    { column: 'group_id', order: 'asc' },
    { column: 'start_time', order: 'desc' },
  ]);
}

/** Stores what `splitQuietHours` made of one period; returns the id of the group. */
export async function insertQuietHours(knex: Knex, periods: readonly LabelledPeriod[]): Promise<string> {
  const groupId = uuidV7();
  await insertPeriods(knex, groupId, periods);
  return groupId;
}

/** Puts other periods in the place of a group's; false when there is no such group. */
export async function replaceQuietHours(trx: Knex.Transaction, groupId: string, periods: readonly LabelledPeriod[]): Promise<boolean> {
  if (!(await deleteQuietHours(trx, groupId))) return false;
  await insertPeriods(trx, groupId, periods);
  return true;
}

/** False when there is no such group. */
export async function deleteQuietHours(knex: Knex, groupId: string): Promise<boolean> {
  return (await knex('quiet_hours_periods').where({ group_id: groupId }).delete()) > 0;
}

async function insertPeriods(knex: Knex, groupId: string, periods: readonly LabelledPeriod[]): Promise<void> {
  await knex('quiet_hours_periods').insert(
    periods.map((period) => ({ id: uuidV7(), group_id: groupId, ...period, days: [...period.days] })),
  );
}
