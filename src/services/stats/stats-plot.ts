import type { Knex } from 'knex';

import { countEventsBy } from '../../db/queries/stats.ts';
import { SEVERITIES } from '../../domain/enums.ts';
import { barsPlot, type Bar } from '../../exporters/plots/bars-plot.ts';
import type { PlotFrame } from '../../exporters/plots/draw-svg.ts';
import { heatMapPlot, HOUR_LABELS, WEEKDAY_LABELS } from '../../exporters/plots/heat-map-plot.ts';
import { writePlot } from '../plots/write-plot.ts';
import type { StatsGrouping } from './group-stats.ts';
import type { StatsRecord } from './stats-columns.ts';
import { resolveStatsScope, type StatsOptions } from './stats-scope.ts';
import { sumFootage } from './sum-footage.ts';

const WIDTH = 944;
const MOST_BARS = 100;
const LEVELS = [...SEVERITIES, 'unscored'];

type PlotOptions = StatsOptions & { by: StatsGrouping; rows: readonly StatsRecord[] };

/** Draws groups; returns a remark when the text of the drawing cannot be read for want of a font. */
export async function writeStatsPlot(knex: Knex, path: string, options: PlotOptions): Promise<string | undefined> {
  return writePlot(path, options.by === 'hour' ? await weekPlot(knex, options) : groupsPlot(options));
}

/** Hour × weekday; hatched where no camera has footage. */
async function weekPlot(knex: Knex, options: StatsOptions): Promise<string> {
  const scope = await resolveStatsScope(knex, options);
  const by = 'week_hour';
  const { ms } = await sumFootage(knex, { scope, by });
  const events = new Map((await countEventsBy(knex, { scope, by })).map((row) => [row.key, row.events]));
  const values = WEEKDAY_LABELS.map((_, weekday) =>
    HOUR_LABELS.map((__, hour) => {
      const key = String(weekday * 24 + hour);
      return events.get(key) ?? (ms.has(key) ? 0 : null);
    }),
  );
  const all = values.flat().map((value) => value ?? 0);
  const largest = Math.max(0, ...all);
  const total = all.reduce((sum, value) => sum + value, 0);
  const frame = frameOf('Events by weekday and hour', {
    subtitle: `${String(total)} events; local time of each camera, hatched where there is no footage`,
    description: `Weekdays by 24 hours; the busiest hour of the week has ${String(largest)} events.`,
  });
  return heatMapPlot(frame, { rows: WEEKDAY_LABELS, columns: HOUR_LABELS, values, largest, isWhole: true });
}

const TITLES: Readonly<Record<Exclude<StatsGrouping, 'hour'>, string>> = {
  camera: 'Events by camera and risk level',
  day: 'Events by day and risk level',
  class: 'Tracks by class',
  level: 'Events by risk level',
};

function groupsPlot({ by, rows }: PlotOptions): string {
  const shown = by as Exclude<StatsGrouping, 'hour'>;
  const folded = by === 'day' ? foldDays(rows) : { rows, days: 1 };
  const drawn = folded.rows.slice(0, MOST_BARS);
  const series = seriesOf(by, drawn);
  const bars = drawn.map((row) => barOf(by, row, series));
  const total = bars.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0);
  const unit = by === 'class' ? 'confirmed tracks' : 'events';
  const frame = frameOf(TITLES[shown], {
    subtitle: `${String(total)} ${unit}${folded.days > 1 ? `; each bar ${String(folded.days)} days from the date on` : ''}`,
    description: `${String(bars.length)} bars; the largest has ${String(largestOf(bars))} ${unit}.`,
  });
  return barsPlot(frame, { series, bars, format: String });
}

/** The levels there are any of, else the one count. */
function seriesOf(by: StatsGrouping, rows: readonly StatsRecord[]): string[] {
  if (by !== 'camera' && by !== 'day') return [by === 'class' ? 'tracks' : 'events'];
  return LEVELS.filter((level) => rows.some((row) => Number(row[`events_${level}`] ?? 0) > 0));
}

function barOf(by: StatsGrouping, row: StatsRecord, series: readonly string[]): Bar {
  const name = { camera: 'camera_id', day: 'date', hour: 'hour', class: 'class', level: 'level' }[by];
  const columns = by === 'camera' || by === 'day' ? series.map((level) => `events_${level}`) : series;
  return { label: text(row[name]), values: columns.map((column) => Number(row[column] ?? 0)) };
}

/** So many days in one bar that not more than a hundred are drawn. */
export function foldDays(rows: readonly StatsRecord[]): { rows: StatsRecord[]; days: number } {
  const fitting = [1, 7, 28, 91, 364].find((days) => rows.length / days <= MOST_BARS) ?? 3640;
  const folded: StatsRecord[] = [];
  for (let from = 0; from < rows.length; from += fitting) {
    const part = rows.slice(from, from + fitting);
    const sums = LEVELS.map(
      (level) => [`events_${level}`, part.reduce((sum, row) => sum + Number(row[`events_${level}`] ?? 0), 0)] as const,
    );
    folded.push({ date: part[0]?.['date'] ?? null, ...Object.fromEntries(sums) });
  }
  return { rows: folded, days: fitting };
}

function largestOf(bars: readonly Bar[]): number {
  return bars.reduce(
    (most, { values }) =>
      Math.max(
        most,
        values.reduce((sum, value) => sum + value, 0),
      ),
    0,
  );
}

function text(value: StatsRecord[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function frameOf(title: string, texts: Pick<PlotFrame, 'subtitle' | 'description'>): PlotFrame {
  return { title, ...texts, width: WIDTH, use: 'file' };
}
