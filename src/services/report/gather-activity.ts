import type { EventCountRow } from '../../db/queries/report/event-counts.ts';
import { localHourAt, type LocalHour } from '../../domain/coverage/local-hours.ts';
import { WEEKDAY_LABELS } from '../../exporters/plots/heat-map-plot.ts';
import type { ReportActivity, ReportCamera } from '../../exporters/report/report-data.ts';
import type { ReportSpan } from './report-span.ts';

const MOST_ROWS = 24;
const HOURS = 24;

type ActivityFacts = {
  cameras: readonly ReportCamera[];
  counted: readonly EventCountRow[];
  /** Local hours of each camera of which there is footage. */
  hours: ReadonlyMap<string, readonly LocalHour[]>;
};

/** Events by local hour: of the busiest cameras where it is one day, else of the days of the week. */
export function gatherActivity({ kind }: ReportSpan, { cameras, counted, hours }: ActivityFacts): ReportActivity {
  const shown = kind === 'daily' ? busiest(cameras) : cameras;
  const rows = kind === 'daily' ? shown.map(({ camera_name: name }) => name) : [...WEEKDAY_LABELS];
  const cells: (number | null)[][] = rows.map(() => Array.from({ length: HOURS }, () => null));
  const add = (camera: number, { weekday, hour }: LocalHour, events: number): void => {
    const row = cells[kind === 'daily' ? camera : weekday];
    if (row) row[hour] = (row[hour] ?? 0) + events;
  };
  for (const [index, { camera_id: id, timezone }] of shown.entries()) {
    for (const hour of hours.get(id) ?? []) add(index, hour, 0);
    for (const row of counted) if (row.camera_id === id) add(index, localHourAt(row.quarter.getTime(), timezone), row.events);
  }
  return { rows, events: cells };
}

function busiest(cameras: readonly ReportCamera[]): ReportCamera[] {
  const chosen = new Set(cameras.toSorted((a, b) => b.events - a.events).slice(0, MOST_ROWS));
  return cameras.filter((camera) => chosen.has(camera));
}
