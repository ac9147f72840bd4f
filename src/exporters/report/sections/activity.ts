import { heatMapPlot, HOUR_LABELS } from '../../plots/heat-map-plot.ts';
import { figure } from '../figure.ts';
import { markup, type Html } from '../markup.ts';
import type { Report } from '../report-data.ts';

/** When events began, by the clock of their camera. */
export function activitySection({ activity, kind, counts }: Report): Html {
  const { rows, events: values } = activity;
  const largest = Math.max(0, ...values.flat().map((value) => value ?? 0));
  const rowName = kind === 'daily' ? 'camera' : 'weekday';
  const title = `Events by hour and ${rowName}`;
  const description = `${counts.events} events; ${busiestText(activity)}`;
  const caption = `Events that began in each local hour, by ${rowName}. Hatched: no footage of that hour.`;
  const data = { rows, columns: HOUR_LABELS, values, largest, isWhole: true, hidesZeros: true };
  return markup`<section aria-labelledby="times">
    <h2 id="times">Times of day</h2>
    ${figure({ title, description, caption, draw: (frame) => heatMapPlot(frame, data) })}
  </section>`;
}

function busiestText({ rows, events }: Report['activity']): string {
  const cells = events.flatMap((row, index) => row.map((value, hour) => ({ value: value ?? 0, row: rows[index] ?? '', hour })));
  const [busiest] = cells.toSorted((a, b) => b.value - a.value);
  if (busiest === undefined || busiest.value === 0) return 'none at any hour.';
  return `most of them, ${busiest.value}, in the hour from ${busiest.hour}:00, ${busiest.row}.`;
}
