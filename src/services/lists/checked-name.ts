import { UsageError } from '../../errors/hs-error.ts';

const LONGEST_NAME = 100;

/** A name as the database takes it: trimmed, 1 to 100 characters. `what` is the thing that is named. */
export function checkedName(text: string, what: string): string {
  const name = text.trim();
  if (name === '') throw new UsageError(`the name of ${what} is empty`);
  if (Array.from(name).length <= LONGEST_NAME) return name;
  throw new UsageError(`the name of ${what} has more than ${String(LONGEST_NAME)} characters`);
}
