import type { Knex } from 'knex';

import { countOriginals } from '../../db/queries/retention/originals.ts';
import { planPrune, type PlannedTable } from './plan-prune.ts';
import { keepTimeOf, NEVER, RETENTION_KINDS, type RetentionKind, type RetentionSettings } from './retention-kinds.ts';

/** `over_age`: now; `bytes`: what of it would be removed, and what that takes on the disk. */
export type RetentionRecord = {
  kind: RetentionKind | 'originals';
  keep: string;
  /** Where the keep time comes from. */
  origin: string;
  rows: number;
  over_age: number;
  kept: number;
  bytes: number;
  /** Variable or file it is set in. */
  source: string | null;
};

/** Where the keep time of a kind comes from. */
export type Origins = (kind: RetentionKind) => Pick<RetentionRecord, 'origin' | 'source'>;

/** Every kind with its keep time, and what is over age now. */
export async function showRetention(knex: Knex, settings: RetentionSettings, origins: Origins): Promise<RetentionRecord[]> {
  const { tables } = await planPrune(knex, { settings, kinds: [], originals: undefined });
  const records = RETENTION_KINDS.map((kind) => {
    const own = tables.filter((table) => table.kind === kind);
    return { kind, keep: keepTimeOf(settings, kind), ...origins(kind), ...sumsOf(own) };
  });
  const { rows } = await countOriginals(knex, []);
  return [...records, { kind: 'originals', keep: NEVER, origin: 'default', rows, over_age: 0, kept: 0, bytes: 0, source: null }];
}

function sumsOf(tables: readonly PlannedTable[]): Pick<RetentionRecord, 'rows' | 'over_age' | 'kept' | 'bytes'> {
  const sum = (key: 'rows' | 'over_age' | 'kept' | 'bytes'): number => tables.reduce((total, table) => total + table[key], 0);
  return { rows: sum('rows'), over_age: sum('over_age'), kept: sum('kept'), bytes: sum('bytes') };
}
