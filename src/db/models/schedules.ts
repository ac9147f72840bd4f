import type { Knex } from 'knex';

import type { JobStatus, MissedPolicy, ScheduleFate } from '../../domain/enums.ts';

/** One row of `schedules`, as stored. All times are of the wall clock. */
export type ScheduleRow = {
  name: string;
  cron: string;
  time_zone: string;
  missed: MissedPolicy;
  job_type: string;
  argv: string[];
  cwd: string;
  actor: string;
  created_at: Date;
  next_due_at: Date;
  last_due_at: Date | null;
  last_fate: ScheduleFate | null;
  last_job_id: string | null;
};

export type NewSchedule = Omit<ScheduleRow, 'created_at' | 'last_due_at' | 'last_fate' | 'last_job_id'>;

/** Undefined when there is one of that name. */
export async function insertSchedule(knex: Knex, schedule: NewSchedule): Promise<ScheduleRow | undefined> {
  const [row] = await knex<ScheduleRow>('schedules')
    .insert({ ...schedule, argv: JSON.stringify(schedule.argv) as unknown as string[] })
    .onConflict()
    .ignore()
    .returning('*');
  return row;
}

export async function deleteSchedule(knex: Knex, name: string): Promise<ScheduleRow | undefined> {
  const [row] = await knex<ScheduleRow>('schedules').where({ name }).delete().returning('*');
  return row;
}

/** With the state of the last job, where it is still there. By name. */
export async function listSchedules(knex: Knex): Promise<(ScheduleRow & { job_status: JobStatus | null; job_error: string | null })[]> {
  return knex('schedules as s')
    .leftJoin('jobs as j', 'j.id', 's.last_job_id')
    .orderBy('s.name')
    .select('s.*', 'j.status AS job_status', 'j.error_message AS job_error');
}

/** Those that are due now, the longest first. */
export async function findDueSchedules(knex: Knex): Promise<string[]> {
  return knex('schedules').whereRaw('next_due_at <= now()').orderBy(['next_due_at', 'name']).pluck<string[]>('name');
}

/** One of them, locked until the transaction ends; undefined where another one is at it, or was. */
export async function lockDueSchedule(trx: Knex.Transaction, name: string): Promise<ScheduleRow | undefined> {
  return trx<ScheduleRow>('schedules').where({ name }).whereRaw('next_due_at <= now()').forUpdate().skipLocked().first();
}

type Turn = Pick<ScheduleRow, 'next_due_at' | 'last_due_at' | 'last_fate'> & { last_job_id?: string };

export async function saveScheduleTurn(trx: Knex.Transaction, name: string, turn: Turn): Promise<void> {
  await trx('schedules').where({ name }).update(turn);
}
