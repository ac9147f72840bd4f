import type { HouseholdMemberPatch } from '../../db/models/household-members.ts';
import { MEMBER_ROLES, TRUST_LEVELS } from '../../domain/enums.ts';
import { parseSchedule } from '../../domain/household/schedule.ts';
import { readScheduleText } from '../../domain/household/schedule-text.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { checkedName } from '../lists/checked-name.ts';

/** What can be set on a member; an absent one stays as it is, an empty schedule or note is removed. */
export type MemberChanges = {
  name?: string | undefined;
  role?: string | undefined;
  trust?: string | undefined;
  /** JSON, or `weekdays 08:00-18:00; friday none`. */
  schedule?: string | undefined;
  notes?: string | undefined;
};

/** The columns these changes mean, checked. Throws a usage error. */
export function toMemberPatch({ name, role, trust, schedule, notes }: MemberChanges): HouseholdMemberPatch {
  return {
    ...(name === undefined ? {} : { name: checkedName(name, 'a member') }),
    ...(role === undefined ? {} : { role: oneOf('--role', role, MEMBER_ROLES) }),
    ...(trust === undefined ? {} : { trusted_level: oneOf('--trust', trust, TRUST_LEVELS) }),
    ...(schedule === undefined ? {} : { typical_schedule: schedule.trim() === '' ? null : scheduleOf(schedule) }),
    ...(notes === undefined ? {} : { notes: notes.trim() === '' ? null : notes }),
  };
}

/** A schedule written by hand, as it is stored. Throws a usage error for one that means nothing. */
export function scheduleOf(text: string): Record<string, unknown> {
  const read = readScheduleText(text);
  if (!read.ok) throw badSchedule(read.message);
  const parsed = parseSchedule(read.value);
  if (!parsed.ok) throw badSchedule(parsed.message);
  return read.value as Record<string, unknown>;
}

function badSchedule(message: string): UsageError {
  return new UsageError(message, {
    code: 'schedule_invalid',
    hint: 'for example "weekdays 08:00-18:00; friday 06:00-07:00, 22:00-06:00; sunday none"; hs households schedule checks one',
  });
}

/** The word out of the list, in any case. Throws a usage error for one that is not in it. */
export function oneOf<Choice extends string>(flag: string, word: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === word.trim().toLowerCase());
  if (found !== undefined) return found;
  const meant = nearestName(word, choices);
  throw new UsageError(
    `${flag}: ${JSON.stringify(word)} is not one of ${choices.join(', ')}`,
    meant === undefined ? {} : { hint: `did you mean ${meant}?` },
  );
}
