import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteQuietHours, insertQuietHours, listQuietHours, replaceQuietHours } from '../../db/models/quiet-hours-periods.ts';
import { DAYS_OF_WEEK, type DayOfWeek } from '../../domain/enums.ts';
import { groupQuietHours, splitQuietHours, type LabelledPeriod, type QuietGroup } from '../../domain/quiet-hours.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { checkedName } from '../lists/checked-name.ts';
import { findNamed } from '../lists/find-named.ts';
import { inTransaction } from '../lists/in-transaction.ts';

type Act = { actor: string; dryRun: boolean };

/** A period as it was given: over midnight it is one, whatever it is stored as. */
export type QuietRecord = Readonly<Record<'id' | 'label' | 'from' | 'to' | 'days', ExportValue>>;
export type QuietChanges = {
  label?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  days?: readonly DayOfWeek[] | undefined;
};

export async function listQuietRecords(knex: Knex): Promise<QuietRecord[]> {
  return groupQuietHours(await listQuietHours(knex)).map(toRecord);
}

/** Adds a period; without days it holds on all of them. */
export async function addQuietHours(
  knex: Knex,
  options: Act & { period: QuietChanges & { from: string; to: string } },
): Promise<QuietRecord> {
  const { label = 'Quiet hours', from, to, days = DAYS_OF_WEEK } = options.period;
  const rows = split({ label, from, to, days });
  return inTransaction(knex, options, async (trx) => {
    const id = await insertQuietHours(trx, rows);
    const record = await readRecord(trx, id);
    await audit(trx, { id, actor: options.actor, details: { created: record } });
    return record;
  });
}

/** Changes a period as a whole. */
export async function setQuietHours(
  knex: Knex,
  options: Act & { period: string; changes: QuietChanges },
): Promise<{ before: QuietRecord; after: QuietRecord }> {
  if (Object.values(options.changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --from, --to, --days or --label' });
  }
  return inTransaction(knex, options, async (trx) => {
    const group = await getGroup(trx, options.period);
    const { label = group.label, from = group.startTime, to = group.endTime, days = group.days } = options.changes;
    await replaceQuietHours(trx, group.groupId, split({ label, from, to, days }));
    const [before, after] = [toRecord(group), await readRecord(trx, group.groupId)];
    await audit(trx, { id: group.groupId, actor: options.actor, details: { from: before, to: after } });
    return { before, after };
  });
}

/** Deletes a period with both of its halves. */
export async function removeQuietHours(knex: Knex, options: Act & { period: string }): Promise<QuietRecord> {
  return inTransaction(knex, options, async (trx) => {
    const group = await getGroup(trx, options.period);
    await audit(trx, { id: group.groupId, actor: options.actor, details: { deleted: toRecord(group) } });
    await deleteQuietHours(trx, group.groupId);
    return toRecord(group);
  });
}

function split({ label, from, to, days }: { label: string; from: string; to: string; days: readonly DayOfWeek[] }): LabelledPeriod[] {
  try {
    return splitQuietHours({ label: checkedName(label, 'quiet hours'), start: from, end: to, days });
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(error.message, { hint: 'such as --from 22:00 --to 06:00 --days friday,saturday' });
    throw error;
  }
}

async function getGroup(trx: Knex.Transaction, labelOrId: string): Promise<QuietGroup> {
  const groups = groupQuietHours(await listQuietHours(trx)).map((group) => ({ ...group, id: group.groupId, name: group.label }));
  const options = { what: 'period of quiet hours', listCommand: 'hs notifications quiet list', describe: timesOf };
  return findNamed(groups, labelOrId, options);
}

function timesOf({ startTime, endTime }: QuietGroup): string {
  return `${startTime.slice(0, 5)}-${endTime.slice(0, 5)}`;
}

async function readRecord(trx: Knex.Transaction, id: string): Promise<QuietRecord> {
  const group = groupQuietHours(await listQuietHours(trx)).find(({ groupId }) => groupId === id);
  if (group === undefined) throw new Error('the quiet hours were not stored');
  return toRecord(group);
}

function toRecord({ groupId, label, startTime, endTime, days }: QuietGroup): QuietRecord {
  return { id: groupId, label, from: shortTime(startTime), to: shortTime(endTime), days };
}

function shortTime(time: string): string {
  return time.replace(/^(\d\d:\d\d):00$/, '$1');
}

async function audit(
  trx: Knex.Transaction,
  { id, actor, details }: { id: string; actor: string; details: Record<string, unknown> },
): Promise<void> {
  await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'quiet_hours', resource_id: id, actor, details });
}
