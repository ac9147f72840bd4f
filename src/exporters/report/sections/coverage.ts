import { localHours } from '../../../domain/coverage/local-hours.ts';
import { coveragePlot, type CoveragePlotRow } from '../../plots/coverage-plot.ts';
import { timelinePlot, type TimelineData, type TimelineLane } from '../../plots/timeline-plot.ts';
import { figure } from '../figure.ts';
import { markup, type Html } from '../markup.ts';
import { nameHtml, restHtml, timeHtml } from '../page-parts.ts';
import type { Report, ReportCamera, ReportHole } from '../report-data.ts';
import { CAUSE_WORDS, durationWords, eventWords, LEVEL_WORDS, levelOf, listCommand } from '../report-words.ts';
import { table, type TableColumn } from '../table.ts';

/** When the cameras recorded and when not. */
export function coverageSection(report: Report): Html {
  const { cameras, holes } = report;
  const plot = report.kind === 'daily' ? timelineFigure(report) : matrixFigure(report);
  return markup`<section aria-labelledby="coverage">
    <h2 id="coverage">Footage</h2>
    ${cameras.length === 0 ? markup`<p class="quiet">No cameras.</p>` : [plot, table({ ...CAMERAS, rows: cameras })]}
    ${holes.items.length === 0 ? undefined : table({ ...HOLES, rows: holes.items })}
    ${restHtml(holes, listCommand('coverage --holes', report).replace(' --limit 0', ''))}
  </section>`;
}

function matrixFigure({ cameras, dates, counts }: Report): Html {
  const rows = cameras.map((camera): CoveragePlotRow => ({
    label: camera.camera_name,
    note: camera.recording ?? 'no footage',
    parts: camera.days.map((day) => ({ share: day?.share ?? null, hasHole: day?.has_hole ?? false })),
  }));
  const description = `${durationWords(counts.footage_s)} of footage of ${cameras.length} cameras on ${dates.length} days, ${counts.holes} holes.`;
  const caption = 'Footage on each day. The table below has the figures.';
  return figure({
    title: 'Footage by camera and day',
    description,
    caption,
    draw: (frame) => coveragePlot(frame, { dates, partsPerDay: 1, rows }),
  });
}

function timelineFigure(report: Report): Html {
  const { cameras, counts } = report;
  const data = timelineOf(report);
  const description = `${durationWords(counts.footage_s)} of footage of ${cameras.length} cameras, ${counts.holes} holes, ${counts.events} events.`;
  const caption = 'Footage, holes and events over the day. The tables have the figures.';
  return figure({ title: 'Footage and events over the day', description, caption, draw: (frame) => timelinePlot(frame, data) });
}

function timelineOf(report: Report): TimelineData {
  const span = { startMs: report.since.getTime(), endMs: report.until.getTime() };
  const lanes = report.cameras.map((camera): TimelineLane => ({
    label: camera.camera_name,
    covered: camera.footage.map(({ from, to }) => ({ startMs: from.getTime(), endMs: to.getTime() })),
    holes: report.holes.items
      .filter(({ camera_id: id }) => id === camera.camera_id)
      .map(({ from, to }) => ({ startMs: from.getTime(), endMs: to.getTime() })),
    marks: report.events.items
      .filter(({ camera_id: id }) => id === camera.camera_id)
      .map((event) => ({
        atMs: event.started_at.getTime(),
        label: `${LEVEL_WORDS[levelOf(event)]}, ${event.started_at_local.slice(11, 19)}: ${eventWords(event)}`,
        level: levelOf(event),
      })),
  }));
  return { ...span, ticks: ticksOf(span, report.timezone), lanes };
}

/** Every third hour of the wall clock; an hour that comes twice has its mark where it comes first. */
function ticksOf({ startMs, endMs }: { startMs: number; endMs: number }, zone: string): TimelineData['ticks'] {
  const hours = [...localHours(startMs, endMs, zone)];
  return hours
    .filter(({ hour, fold }) => hour % 3 === 0 && fold === 0)
    .map(({ hour, startMs: atMs }) => ({ atMs, label: `${String(hour).padStart(2, '0')}:00` }));
}

const CAMERAS: { id: string; caption: string; columns: readonly TableColumn<ReportCamera>[] } = {
  id: 'cameras',
  caption: 'Footage of each camera',
  columns: [
    { title: 'Camera', cell: ({ camera_name: name }) => nameHtml(name) },
    { title: 'Records', cell: ({ recording }) => recordingWords(recording) },
    { title: 'Footage', cell: ({ footage_s: seconds }) => durationWords(seconds), kind: 'number' },
    { title: 'Holes', cell: ({ holes }) => holes, kind: 'number' },
    { title: 'Missing', cell: ({ missing_s: seconds }) => (seconds === 0 ? '–' : durationWords(seconds)), kind: 'number' },
    { title: 'Newest footage', cell: lastFootage },
  ],
};

function recordingWords(recording: ReportCamera['recording']): string {
  if (recording === null) return '–';
  return recording === 'continuous' ? 'all the time' : 'on motion';
}

function lastFootage({ last_footage_at: at, last_footage_at_local: local }: ReportCamera): Html | string {
  return at === null || local === null ? 'none' : timeHtml(at, local);
}

const HOLES: { id: string; caption: string; columns: readonly TableColumn<ReportHole>[] } = {
  id: 'holes',
  caption: 'Holes in the footage',
  columns: [
    { title: 'Camera', cell: ({ camera_id: id }) => nameHtml(id) },
    { title: 'From', cell: ({ from, from_local: local }) => timeHtml(from, local) },
    { title: 'To', cell: ({ to, to_local: local }) => timeHtml(to, local) },
    { title: 'Missing', cell: ({ seconds }) => durationWords(seconds), kind: 'number' },
    { title: 'Why', cell: ({ cause }) => CAUSE_WORDS[cause] },
  ],
};
