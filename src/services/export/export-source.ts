import type { Knex } from 'knex';
import { countAlerts, streamAlerts } from '../../db/queries/alerts.ts';
import { countDetections, streamDetections } from '../../db/queries/detections.ts';
import { countEvents, findMissingEventIds, streamEvents } from '../../db/queries/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ExportRecord } from '../../exporters/export-record.ts';
import { ALERT_COLUMNS, toAlertRecord } from '../alerts/alert-record.ts';
import { assertAlerts, resolveAlertFilter, type AlertChoice } from '../alerts/list-alerts.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { DETECTION_COLUMNS, toDetectionRecord } from '../detections/detection-record.ts';
import { resolveDetectionFilter, type DetectionChoice } from '../detections/list-detections.ts';
import { EVENT_COLUMNS, toEventRecord } from '../events/event-record.ts';
import { resolveEventFilter, type EventChoice } from '../events/list-events.ts';
import { boxSource, type BoxSource } from './export-boxes.ts';
import { findCameraZones } from '../zones/camera-zones.ts';
import { mapRows } from '../lists/map-rows.ts';

/** What is exported: its columns, and how to count and read it inside one snapshot. */
export type ExportSource = {
  type: 'events' | 'alerts' | 'detections';
  columns: readonly string[];
  /** The filters as they were resolved, for the export itself and its records. */
  filters: Readonly<Record<string, unknown>>;
  count(snapshot: Knex): Promise<number>;
  /** In order of footage time, then id. Zones are read before the first row: a snapshot has one connection, and the rows keep it. */
  records(snapshot: Knex, columns: readonly string[]): Promise<AsyncIterable<ExportRecord>>;
  /** Where it has boxes. */
  boxes?: BoxSource;
};

const MISSING_IDS_SHOWN = 5;

/** Throws a usage error for an id that is no event's: an export must not quietly hold less than was asked for. */
export async function eventSource(knex: Knex, choice: EventChoice, zones: ZoneSettings): Promise<ExportSource> {
  const filter = await resolveEventFilter(knex, choice, zones);
  const missing = filter.ids ? await findMissingEventIds(knex, filter.ids) : [];
  if (missing.length > 0) {
    const more = missing.length > MISSING_IDS_SHOWN ? ', …' : '';
    throw new UsageError(`there is no event ${missing.slice(0, MISSING_IDS_SHOWN).join(', ')}${more}`, { code: 'event_unknown' });
  }
  return {
    type: 'events',
    columns: EVENT_COLUMNS,
    filters: describeFilter({ ...filter, zones: filter.zones?.map(({ id }) => id) }),
    count: (snapshot) => countEvents(snapshot, filter),
    records: async (snapshot, columns) => {
      const regions = columns.includes('zones') ? await findCameraZones(snapshot, filter.cameraIds) : undefined;
      const sort = { field: 'started_at', descending: false } as const;
      const withTimeSource = columns.includes('time_source');
      const rows = streamEvents(snapshot, { filter, sort, withTimeSource, boxesOf: [...(regions?.keys() ?? [])] });
      return mapRows(rows, (row) => toEventRecord(row, zones, regions));
    },
  };
}

/** Throws a usage error for an id that is no alert's. */
export async function alertSource(knex: Knex, choice: AlertChoice, zones: ZoneSettings): Promise<ExportSource> {
  const filter = await resolveAlertFilter(knex, choice, zones);
  if (filter.ids) await assertAlerts(knex, filter.ids);
  return {
    type: 'alerts',
    columns: ALERT_COLUMNS,
    filters: describeFilter(filter),
    count: (snapshot) => countAlerts(snapshot, filter),
    records: (snapshot) => {
      const rows = streamAlerts(snapshot, { filter, sort: { field: 'occurred_at', descending: false } });
      return Promise.resolve(mapRows(rows, (row) => toAlertRecord(row, zones)));
    },
  };
}

export async function detectionSource(knex: Knex, choice: DetectionChoice, zones: ZoneSettings): Promise<ExportSource> {
  const filter = await resolveDetectionFilter(knex, choice, zones);
  return {
    type: 'detections',
    columns: DETECTION_COLUMNS,
    filters: describeFilter({ ...filter, zones: filter.zones?.map(({ id }) => id) }),
    boxes: boxSource(filter),
    count: (snapshot) => countDetections(snapshot, filter),
    records: async (snapshot, columns) => {
      const regions = columns.includes('zones') ? await findCameraZones(snapshot, filter.cameraIds) : undefined;
      const rows = streamDetections(snapshot, { filter, sort: { field: 'detected_at', descending: false } });
      return mapRows(rows, (row) => toDetectionRecord(row, zones, regions));
    },
  };
}

/** Filters that were set, in snake_case, times in UTC. */
export function describeFilter(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}
