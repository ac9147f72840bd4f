import { parseInstant } from './parse-instant.ts';

type AsOfOptions = {
  /** Zone of times without an offset. */
  zone: string;
  /** End of the newest footage: what holds unless told otherwise, and what `7d` counts back from. */
  newest: Date | undefined;
};

/** The moment that rules about footage take for now, from `--as-of`: a time, `7d`, or `now` for the clock on the wall. */
export function resolveAsOf(text: string | undefined, { zone, newest }: AsOfOptions): Date | undefined {
  if (text === undefined) return newest;
  return text === 'now' ? new Date() : parseInstant(text, { name: '--as-of', zone, asOf: newest });
}
