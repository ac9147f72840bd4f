import type { Knex } from 'knex';

import type { ListSort } from '../../db/queries/list-order.ts';
import { streamSummaries, SUMMARY_SORT_COLUMNS, type SummaryFilter, type SummarySortField } from '../../db/queries/summaries.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { siteZone } from './site-zone.ts';
import { toSummaryRecord, type SummaryRecord } from './summary-record.ts';

/** What `--sort` takes. */
export const SUMMARY_SORT_FIELDS = Object.keys(SUMMARY_SORT_COLUMNS) as SummarySortField[];

export type ListSummariesOptions = {
  scope: Omit<ListScope, 'cameras'>;
  filter: Pick<SummaryFilter, 'types'>;
  sort: ListSort<SummarySortField>;
  /** 0: all. */
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong time is told before the first of them. */
export async function listSummaries(knex: Knex, options: ListSummariesOptions): Promise<AsyncIterable<SummaryRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  const zone = await siteZone(knex, options.zones);
  return mapRows(streamSummaries(knex, { filter, sort: options.sort, limit: options.limit }), (row) => toSummaryRecord(row, zone));
}
