import type { Knex } from 'knex';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { resolveSpan, type ResolvedScope } from './resolve-scope.ts';

/** A span of the wall clock as the user gave it; `7d` counts back from now. */
export type WallSpan = { since?: string | undefined; until?: string | undefined };

/** For lists of what hs did, not of footage. Throws a usage error for a time that is none and a span that ends before it starts. */
export async function resolveWallSpan(knex: Knex, span: WallSpan): Promise<Pick<ResolvedScope, 'since' | 'until'>> {
  if (span.since === undefined && span.until === undefined) return {};
  return resolveSpan(span, { zone: 'UTC', asOf: await readDatabaseClock(knex) });
}
