import type { Knex } from 'knex';
import { EVENT_SORT_COLUMNS, streamEvents, type EventFilter, type EventSortField } from '../../db/queries/events.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { toEventRecord, type EventColumn, type EventRecord } from './event-record.ts';

/** What `--sort` takes. */
export const EVENT_SORT_FIELDS = Object.keys(EVENT_SORT_COLUMNS) as EventSortField[];

export type ListEventsOptions = {
  scope: ListScope;
  filter: Omit<EventFilter, 'since' | 'until' | 'cameraIds'>;
  sort: ListSort<EventSortField>;
  /** 0: all. */
  limit: number;
  /** Columns that will be shown; a column that is not is not looked up when that costs something. */
  columns: readonly EventColumn[];
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listEvents(knex: Knex, options: ListEventsOptions): Promise<AsyncIterable<EventRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  const withTimeSource = options.columns.includes('time_source');
  return mapRows(streamEvents(knex, { filter, sort: options.sort, limit: options.limit, withTimeSource }), (row) =>
    toEventRecord(row, options.zones),
  );
}
