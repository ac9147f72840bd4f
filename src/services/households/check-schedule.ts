import type { Knex } from 'knex';
import { listPropertySummaries } from '../../db/queries/properties.ts';
import { isInSchedule, parseSchedule } from '../../domain/household/schedule.ts';
import { scheduleWeek } from '../../domain/household/schedule-text.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { assertZone } from '../cameras/camera-changes.ts';
import { parseInstant } from '../lists/parse-instant.ts';
import { getMember } from './get-household.ts';
import { scheduleOf } from './member-changes.ts';

export type CheckScheduleOptions = {
  /** A schedule written by hand. */
  text?: string | undefined;
  /** Or the one of this member, by name or id. */
  member?: string | undefined;
  /** Instant to look at, ISO 8601. */
  at?: string | undefined;
  /** IANA name; else that of the member's only property, else the configured one. */
  timezone?: string | undefined;
  /** As configured. */
  defaultZone: string | undefined;
};

export type CheckedSchedule = {
  week: { day: string; hours: string[] }[];
  timezone: string;
  at: Date | null;
  at_local: string | null;
  /** Null when no instant was asked for. */
  inside: boolean | null;
};

/** What a schedule means, day by day, and whether an instant lies in it. Throws a usage error for one that means nothing. */
export async function checkSchedule(knex: Knex, options: CheckScheduleOptions): Promise<CheckedSchedule> {
  if (options.timezone !== undefined) assertZone(options.timezone);
  const { written, zone } = await findSchedule(knex, options);
  const parsed = parseSchedule(written);
  if (!parsed.ok) throw new UsageError(parsed.message, { code: 'schedule_invalid' });
  const timezone = options.timezone ?? zone ?? options.defaultZone ?? 'UTC';
  const at = options.at === undefined ? undefined : parseInstant(options.at, { name: '--at', zone: timezone, asOf: new Date() });
  const week = scheduleWeek(parsed.schedule);
  if (at === undefined) return { week, timezone, at: null, at_local: null, inside: null };
  const atMs = at.getTime();
  return { week, timezone, at, at_local: formatLocal(atMs, timezone), inside: isInSchedule(parsed.schedule, atMs, timezone) };
}

type FoundSchedule = { written: unknown; zone?: string | undefined };

async function findSchedule(knex: Knex, { text, member }: CheckScheduleOptions): Promise<FoundSchedule> {
  if (member !== undefined) return scheduleOfMember(knex, member);
  if (text !== undefined) return { written: scheduleOf(text) };
  throw new UsageError('which schedule?', { hint: 'give one such as "weekdays 08:00-18:00", or --member NAME' });
}

async function scheduleOfMember(knex: Knex, name: string): Promise<FoundSchedule> {
  const member = await getMember(knex, name);
  if (member.typical_schedule === null) {
    throw new UsageError(`${member.name} has no schedule`, { hint: 'give one with: hs households member set NAME --schedule TEXT' });
  }
  const properties = (await listPropertySummaries(knex)).filter((property) => property.household_id === member.household_id);
  const zones = [...new Set(properties.map((property) => property.timezone))];
  return { written: member.typical_schedule, ...(zones.length === 1 ? { zone: zones[0] } : {}) };
}
