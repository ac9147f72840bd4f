import { UsageError } from '../../errors/hs-error.ts';

/** How old footage must be to go: an age before the newest footage of its camera, or a fixed instant. */
export type AgeLimit = { ageMs: number } | { before: Date };

const UNIT_MS = { d: 86_400_000, w: 604_800_000 } as const;
const AGE = /^(\d{1,5})([dw])$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Reads `30d`, `8w` or a UTC day such as `2026-01-01`. Throws a usage error for anything else, also for no age at all. */
export function parseAge(text: string): AgeLimit {
  const [, count, unit] = AGE.exec(text.trim()) ?? [];
  if (count !== undefined && Number(count) > 0) return { ageMs: Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS] };
  const before = new Date(DAY.test(text.trim()) ? text.trim() : Number.NaN);
  if (!Number.isNaN(before.getTime()) && before.toISOString().startsWith(text.trim())) return { before };
  throw new UsageError(`--older-than ${JSON.stringify(text)} is not an age`, {
    hint: 'give days or weeks before the newest footage of a camera such as 30d or 8w, or a day such as 2026-01-01',
  });
}

/** The instant before which footage of a camera is expired. */
export function expiresBefore(limit: AgeLimit, newestFootage: Date): Date {
  return 'before' in limit ? limit.before : new Date(newestFootage.getTime() - limit.ageMs);
}
