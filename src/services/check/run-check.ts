import type { Knex } from 'knex';

import { readNewestMonth, type BrokenPlace, type CheckScope } from '../../db/queries/check/broken.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { chooseRules } from './check-rules.ts';
import type { CheckRule } from './check-rule.ts';

export type RunCheckOptions = {
  /** Ids of rules; none means all. */
  ids: readonly string[];
  /** All of the footage, and the rules that read whole tables. */
  deep: boolean;
  /** The rules that look at the disk. */
  files: boolean;
  fix: boolean;
  /** Most places of a rule that are named. */
  limit: number;
  actor: string;
  /** Whose thresholds say which level a score is. */
  calibrationUser: string;
  /** Folder of clips and other files of the store. */
  home: string;
  signal?: AbortSignal;
};

/** What became of one rule. `count` and `places` are what was found; `remaining` is left after what was put right. */
export type CheckOutcome = {
  rule: CheckRule;
  count: number;
  places: BrokenPlace[];
  fixed: number;
  remaining: number;
  /** Why it could not be looked at or put right. */
  problem: string | null;
};

export type CheckRun = { since: Date | null; skipped: readonly CheckRule[]; outcomes: AsyncIterable<CheckOutcome> };

/** Looks at the chosen rules, one after the other. A rule that is named is looked at whatever its effort. */
export async function runCheck(knex: Knex, options: RunCheckOptions): Promise<CheckRun> {
  const chosen = chooseRules(options.ids);
  const isDue = ({ effort }: CheckRule): boolean => options.ids.length > 0 || effort === undefined || options[effort];
  const since = options.deep ? null : await newestMonth(knex);
  const { limit, calibrationUser, home } = options;
  const scope: CheckScope = { since: since ?? '-infinity', limit, calibrationUser, home };
  const due = chosen.filter(isDue);
  return { since, skipped: chosen.filter((rule) => !isDue(rule)), outcomes: outcomesOf(knex, due, { ...options, scope }) };
}

type Work = RunCheckOptions & { scope: CheckScope };

async function* outcomesOf(knex: Knex, rules: readonly CheckRule[], work: Work): AsyncIterable<CheckOutcome> {
  for (const rule of rules) {
    work.signal?.throwIfAborted();
    yield await outcomeOf(knex, rule, work);
  }
}

async function outcomeOf(knex: Knex, rule: CheckRule, work: Work): Promise<CheckOutcome> {
  const unknown: CheckOutcome = { rule, count: 0, places: [], fixed: 0, remaining: 0, problem: null };
  try {
    const { count, places } = await rule.find(knex, work.scope);
    const found = { ...unknown, count, places, remaining: count };
    return work.fix && count > 0 ? await repaired(knex, found, work) : found;
  } catch (error) {
    return { ...unknown, problem: `could not be looked at: ${reasonOf(error)}` };
  }
}

async function repaired(knex: Knex, found: CheckOutcome, work: Work): Promise<CheckOutcome> {
  const { rule, places } = found;
  const { fix } = rule;
  if (fix === undefined) return found;
  try {
    const fixed = await knex.transaction(async (trx) => {
      const rows = await fix.run(trx, work.scope);
      const details = { rule: rule.title, does: fix.does, rows, places: places.map(({ where }) => where) };
      const entry = { action: 'cleanup_executed', resource_type: 'check', resource_id: rule.id, actor: work.actor, details } as const;
      if (rows > 0) await insertAuditLog(trx, entry);
      return rows;
    });
    return { ...found, fixed, remaining: (await rule.find(knex, work.scope)).count };
  } catch (error) {
    return { ...found, problem: `could not be put right: ${reasonOf(error)}` };
  }
}

/** Answers of the database to a statement: bad data, a violated constraint, a lock that was held, a table or right that is missing. */
const STATEMENT_FAILED = /^(22|23|40|42|55)...$/;

function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (error instanceof Error && typeof code === 'string' && STATEMENT_FAILED.test(code)) return lastClause(error.message);
  throw error;
}

/** Knex writes the statement in front of what the server said. */
function lastClause(message: string): string {
  return message.slice(message.lastIndexOf(' - ') + 1).replace(/^- /, '');
}

async function newestMonth(knex: Knex): Promise<Date | null> {
  try {
    return (await readNewestMonth(knex)) ?? null;
  } catch (error) {
    reasonOf(error);
    return null;
  }
}
