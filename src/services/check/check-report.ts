import { EXIT, type ExitCode } from '../../errors/exit-codes.ts';
import type { CheckOutcome, CheckRun } from './run-check.ts';

/** What the findings come to. Errors are wrong data; a rule that could not be looked at or put right counts as one. */
export type CheckSummary = { held: number; errors: number; warnings: number; notes: number; fixed: number };

export function summariseCheck(outcomes: readonly CheckOutcome[]): CheckSummary {
  const summary: CheckSummary = { held: 0, errors: 0, warnings: 0, notes: 0, fixed: 0 };
  for (const { rule, remaining, fixed, problem } of outcomes) {
    if (fixed > 0) summary.fixed += 1;
    if (remaining === 0 && problem === null) summary.held += 1;
    else if (rule.severity === 'E' || problem !== null) summary.errors += 1;
    else if (rule.severity === 'W') summary.warnings += 1;
    else summary.notes += 1;
  }
  return summary;
}

/** Wrong data end with the code for findings; warnings do when `strict`. */
export function checkExitCode({ errors, warnings }: CheckSummary, { strict }: { strict: boolean }): ExitCode {
  return errors > 0 || (strict && warnings > 0) ? EXIT.findings : EXIT.ok;
}

/** The run as programs read it. */
export function toCheckReport({ since, skipped }: Pick<CheckRun, 'since' | 'skipped'>, outcomes: readonly CheckOutcome[]): object {
  const items = outcomes.map(({ rule: { id, severity, title, fix }, ...found }) => ({
    id,
    severity,
    title,
    fixable: fix !== undefined,
    ...found,
  }));
  return { schema_version: 1, since, not_checked: skipped.map(({ id }) => id), items };
}
