import {
  findAlertsAtWrongTimes,
  findAlertsInCooldown,
  findMissingPreferences,
  insertPreferences,
  readQuietPeriods,
  readRuleReferences,
  repairAlertTimes,
  type RuleReferencesRow,
} from '../../../db/queries/check/alerts.ts';
import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import { alertScheduleProblems } from '../../../domain/alerts/alert-schedule.ts';
import { unknownDedupVariables } from '../../../domain/dedup-key.ts';
import { groupQuietHours, splitQuietHours, type StoredPeriod } from '../../../domain/quiet-hours.ts';
import type { CheckRule } from '../check-rule.ts';

const findRulesAmiss: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for (const rule of await readRuleReferences(knex)) {
    const problems = problemsOf(rule);
    if (problems.length > 0) broken.add({ where: `rule ${rule.name} (${rule.id})`, text: problems.join('; ') });
  }
  return broken;
};

function problemsOf(rule: RuleReferencesRow): string[] {
  return [
    ...rule.lost_cameras.map((id) => `names camera ${id}, which does not exist`),
    ...rule.lost_zones.map((id) => `names zone ${id}, which does not exist`),
    ...unknownDedupVariables(rule.dedup_key_template).map((name) => `its dedup key uses {${name}}, which is no variable`),
    ...alertScheduleProblems(rule.schedule),
  ];
}

/** A group is right when splitting what it stands for gives its rows again. */
const findTornQuietHours: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  const rows = await readQuietPeriods(knex);
  for (const group of groupQuietHours(rows)) {
    const stored = rows.filter((row) => row.group_id === group.groupId);
    if (!isSplitOf(stored, group))
      broken.add({ where: `quiet hours ${group.label}`, text: `are stored as ${stored.map(shown).join(' and ')}` });
  }
  return broken;
};

type Group = ReturnType<typeof groupQuietHours>[number];

function isSplitOf(stored: readonly StoredPeriod[], { label, startTime: start, endTime: end, days }: Group): boolean {
  try {
    const wanted = splitQuietHours({ label, start, end, days }).map(shown);
    return wanted.length === stored.length && stored.every((row) => wanted.includes(shown(row)));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function shown({ label, start_time: start, end_time: end, days }: Omit<StoredPeriod, 'group_id'>): string {
  return `${label} ${start}–${end} ${days.toSorted().join(', ')}`;
}

export const ALERT_RULES: readonly CheckRule[] = [
  {
    id: 'A1',
    severity: 'W',
    title: 'No two alerts of one rule and key are closer than the cooldown of the later one.',
    why: 'The cooldown holds in footage time, whatever order the footage came in: somebody was told twice.',
    find: findAlertsInCooldown,
  },
  {
    id: 'A2',
    severity: 'E',
    title: 'An alert occurred when its event starts.',
    why: 'Cooldowns compare these times.',
    find: findAlertsAtWrongTimes,
    fix: { does: 'takes the time of the event', run: repairAlertTimes },
  },
  {
    id: 'A3',
    severity: 'W',
    title: 'Alert rules name cameras and zones that exist, dedup keys use known variables, schedules can be read.',
    why: 'A rule for a camera or zone that is gone never fires again, and nobody notices.',
    find: findRulesAmiss,
  },
  {
    id: 'A4',
    severity: 'E',
    title: 'The notification preferences have their one row.',
    why: 'Without it nothing says whether anybody is told.',
    find: findMissingPreferences,
    fix: { does: 'adds it with the defaults', run: insertPreferences },
  },
  {
    id: 'A5',
    severity: 'W',
    title: 'Quiet hours are one row, or two halves of one label that meet at midnight, the second one on the following days.',
    why: 'A half alone mutes the wrong night.',
    find: findTornQuietHours,
  },
];
