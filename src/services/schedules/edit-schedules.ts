import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteSchedule, insertSchedule, listSchedules as listRows } from '../../db/models/schedules.ts';
import type { MissedPolicy } from '../../domain/enums.ts';
import { findClockChanges, type ClockChange } from '../../domain/schedule/cron-fields.ts';
import { isValidZone } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { redactText } from '../../lib/redact.ts';
import { nextDue } from './next-due.ts';
import { readCron } from './read-cron.ts';
import { toScheduleRecord, type ScheduleRecord } from './schedule-record.ts';

export type AddScheduleOptions = {
  name: string;
  cron: string;
  /** IANA name. */
  zone: string;
  missed: MissedPolicy;
  jobType: string;
  /** Words of the command, checked. */
  argv: readonly string[];
  cwd: string;
  actor: string;
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const LONGEST_CRON = 200;

/** Adds a schedule. Throws UsageError for a name that is taken, and for times and zones that are none. */
export async function addSchedule(knex: Knex, options: AddScheduleOptions): Promise<ScheduleRecord & { warnings: string[] }> {
  const { name, zone, missed, jobType, argv, cwd, actor } = options;
  if (!NAME.test(name)) throw new UsageError(`${JSON.stringify(name)} is no name of up to 64 letters, digits and _ . -`);
  if (!isValidZone(zone)) throw new UsageError(`--tz ${JSON.stringify(zone)} is not a time zone such as Europe/Berlin`);
  if (options.cron.length > LONGEST_CRON) throw new UsageError(`--cron is longer than ${String(LONGEST_CRON)} characters`);
  const { expression, fields } = readCron(options.cron);
  return knex.transaction(async (trx) => {
    const now = await readDatabaseClock(trx);
    const about = { name, cron: expression, time_zone: zone, missed, argv: [...argv], cwd };
    const row = await insertSchedule(trx, { ...about, job_type: jobType, actor: actor.slice(0, 100), next_due_at: nextDue(about, now) });
    if (row === undefined) {
      throw new UsageError(`there is a schedule ${name} already`, { code: 'schedule_conflict', hint: `hs schedules remove ${name}` });
    }
    await insertAuditLog(trx, { ...AUDIT, resource_id: name, actor, details: { created: about } });
    return {
      ...toScheduleRecord(row),
      warnings: findClockChanges(fields, { zone, fromMs: now.getTime() }).map((change) => warningOf(change, zone)),
    };
  });
}

const AUDIT = { action: 'settings_changed', resource_type: 'schedule' } as const;

function warningOf({ kind, day, time }: ClockChange, zone: string): string {
  return kind === 'skipped'
    ? `on ${day} clocks in ${zone} skip ${time}: it runs as long after that change as it would have been`
    : `on ${day} clocks in ${zone} show ${time} twice: it runs the first time only`;
}

/** Removes schedules, all or none; jobs that they have queued stay. Throws UsageError for a name that is none. */
export async function removeSchedules(
  knex: Knex,
  { names, actor }: { names: readonly string[]; actor: string },
): Promise<ScheduleRecord[]> {
  return knex.transaction(async (trx) => {
    const removed: ScheduleRecord[] = [];
    for (const name of [...new Set(names)].sort()) {
      const row = await deleteSchedule(trx, name);
      if (row === undefined) {
        throw new UsageError(`there is no schedule ${JSON.stringify(name)}`, { code: 'not_found', hint: 'hs schedules list shows them' });
      }
      const { cron, time_zone, missed, argv, cwd } = row;
      await insertAuditLog(trx, { ...AUDIT, resource_id: name, actor, details: { deleted: { name, cron, time_zone, missed, argv, cwd } } });
      removed.push(toScheduleRecord(row));
    }
    return removed;
  });
}

/** All schedules by name, with what came of the last time. */
export async function listSchedules(knex: Knex): Promise<ScheduleRecord[]> {
  return (await listRows(knex)).map(({ job_error: error, ...row }) => toScheduleRecord({ ...row, job_error: error && redactText(error) }));
}
