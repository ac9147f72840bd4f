import { CronExpressionParser, type CronExpression } from 'cron-parser';

import type { CronFields } from '../../domain/schedule/cron-fields.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** A checked expression of five fields, as crontabs have them. */
export type CronSchedule = {
  expression: string;
  fields: CronFields;
  next: (options: { fromMs: number; zone: string; count: number }) => Date[];
};

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const NAMES = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat';
const VALUE = `(?:\\d+|${NAMES})`;
/** What every cron program understands: `*`, `*\/5`, `3`, `1-5`, `1-59/2`, and lists of those. */
const PART = new RegExp(`^(?:\\*|${VALUE}-${VALUE})(?:/\\d+)?$|^${VALUE}$`, 'i');
const FIELDS = ['minute', 'hour', 'day of month', 'month', 'day of week'];
const HINT = 'five fields: minute hour day-of-month month day-of-week, such as "0 6 * * 1-5"';

/** Reads a cron expression. Throws UsageError for one that is none, that is never due, or that cron programs do not agree about. */
export function readCron(text: string): CronSchedule {
  const expression = (MACROS[text.trim().toLowerCase()] ?? text).trim().replace(/\s+/g, ' ');
  checkForm(expression);
  const parse = (options: { currentDate?: Date; tz?: string } = {}): CronExpression => {
    try {
      return CronExpressionParser.parse(expression, options);
    } catch (error) {
      throw refused(text, reasonOf(error));
    }
  };
  const { fields } = parse();
  return {
    expression,
    fields: toFields(fields, expression),
    next({ fromMs, zone, count }) {
      const times = parse({ currentDate: new Date(fromMs), tz: zone });
      try {
        return Array.from({ length: count }, () => times.next().toDate());
      } catch (error) {
        throw refused(text, `is never due (${reasonOf(error)})`);
      }
    },
  };
}

function checkForm(expression: string): void {
  const fields = expression.split(' ');
  if (fields.length !== FIELDS.length || expression === '') throw refused(expression, 'has not five fields');
  for (const [index, field] of fields.entries()) {
    const wrong = field.split(',').find((part) => !PART.test(part));
    if (wrong !== undefined) throw refused(expression, `has ${JSON.stringify(wrong)} as ${FIELDS[index] ?? 'field'}`);
  }
  const [, , day = '', , weekday = ''] = fields;
  if (isDisputed(day, weekday) || isDisputed(weekday, day))
    throw refused(expression, 'names days of the month and of the week, one of them by *: cron programs do not agree what that means');
}

/** Some programs take a step on * for any day, some do not. */
function isDisputed(stepped: string, other: string): boolean {
  return stepped.startsWith('*') && stepped !== '*' && other !== '*';
}

function toFields(fields: CronExpression['fields'], expression: string): CronFields {
  const [, , day, , weekday] = expression.split(' ');
  const numbers = (values: readonly unknown[]): number[] => values.map(Number).sort((a, b) => a - b);
  return {
    minutes: numbers(fields.minute.values),
    hours: numbers(fields.hour.values),
    days: numbers(fields.dayOfMonth.values),
    months: numbers(fields.month.values),
    // Sunday may be 0 and 7.
    weekdays: [...new Set(numbers(fields.dayOfWeek.values.map((value) => Number(value) % 7)))],
    isAnyDay: day === '*',
    isAnyWeekday: weekday === '*',
  };
}

function refused(text: string, reason: string): UsageError {
  return new UsageError(`--cron ${JSON.stringify(text)} ${reason}`, { hint: HINT });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
