import type { Knex } from 'knex';
import { EVENT_SORT_COLUMNS, streamEvents, type EventFilter, type EventSortField } from '../../db/queries/events.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { findCameraZones } from '../zones/camera-zones.ts';
import { matchZones } from '../zones/match-zones.ts';
import { toEventView, type EventViewColumn, type EventView } from './event-record.ts';

/** What `--sort` takes. */
export const EVENT_SORT_FIELDS = Object.keys(EVENT_SORT_COLUMNS) as EventSortField[];

export type EventChoice = {
  scope: ListScope;
  filter: Omit<EventFilter, 'since' | 'until' | 'cameraIds' | 'zones'>;
  /** Names or ids of zones that one of their detections was in, `*` and `?` allowed. */
  inZones?: readonly string[] | undefined;
};

export type ListEventsOptions = EventChoice & {
  sort: ListSort<EventSortField>;
  /** 0: all. */
  limit: number;
  /** Columns that will be shown; a column that is not is not looked up when that costs something. */
  columns: readonly EventViewColumn[];
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listEvents(knex: Knex, options: ListEventsOptions): Promise<AsyncIterable<EventView>> {
  const filter = await resolveEventFilter(knex, options, options.zones);
  const withTimeSource = options.columns.includes('time_source');
  const zones = options.columns.includes('zones') ? await findCameraZones(knex, filter.cameraIds) : undefined;
  const { sort, limit } = options;
  return mapRows(streamEvents(knex, { filter, sort, limit, withTimeSource, boxesOf: [...(zones?.keys() ?? [])] }), (row) =>
    toEventView(row, options.zones, zones),
  );
}

/** Throws a usage error for a camera or zone that does not exist and a time that is none. */
export async function resolveEventFilter(knex: Knex, choice: EventChoice, zones: ZoneSettings): Promise<EventFilter> {
  const scope = await resolveScope(knex, choice.scope, zones);
  const inZones = await matchZones(knex, { patterns: choice.inZones, cameraIds: scope.cameraIds });
  return { ...choice.filter, ...scope, ...(inZones ? { zones: inZones } : {}) };
}
