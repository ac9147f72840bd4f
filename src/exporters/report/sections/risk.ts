import { barsPlot, type BarsData } from '../../plots/bars-plot.ts';
import { counted } from '../../../lib/counted.ts';
import { figure } from '../figure.ts';
import { markup, type Html } from '../markup.ts';
import type { LevelCounts, Report, ReportLevel } from '../report-data.ts';
import { LEVEL_WORDS, LEVELS } from '../report-words.ts';

const MOST_CAMERAS = 24;

/** How urgent events were: at each camera, or of the one there is. */
export function riskSection(report: Report): Html {
  return markup`<section aria-labelledby="risk">
    <h2 id="risk">Risk</h2>
    ${report.counts.events === 0 ? markup`<p class="quiet">No events.</p>` : riskFigure(report)}
  </section>`;
}

function riskFigure(report: Report): Html {
  const { events_by_level: byLevel, events } = report.counts;
  const told = levelsIn(byLevel).map((level) => `${LEVEL_WORDS[level]} ${byLevel[level]}`);
  const [data, caption] = report.cameras.length === 1 ? [ofLevels(byLevel), 'Events by level.'] : ofCameras(report);
  const description = `${events} events: ${told.join(', ')}.`;
  return figure({ title: 'Events by risk level', description, caption, draw: (frame) => barsPlot(frame, data) });
}

function ofLevels(byLevel: LevelCounts): BarsData {
  const levels = levelsIn(byLevel);
  const bars = levels.map((level) => ({
    label: LEVEL_WORDS[level],
    values: levels.map((series) => (series === level ? byLevel[level] : 0)),
  }));
  return { series: levels.map(seriesName), bars, format: String };
}

/** Series are called as the levels are: so the drawing knows their colours. */
function seriesName(level: ReportLevel): string {
  return level === 'unscored' ? 'not rated' : level;
}

function levelsIn(byLevel: LevelCounts): ReportLevel[] {
  return LEVELS.filter((level) => byLevel[level] > 0);
}

function ofCameras({ cameras, counts }: Report): [BarsData, string] {
  const levels = levelsIn(counts.events_by_level);
  const busy = cameras.filter(({ events }) => events > 0).toSorted((a, b) => b.events - a.events);
  const bars = busy.slice(0, MOST_CAMERAS).map((camera) => ({
    label: camera.camera_name,
    values: levels.map((level) => camera.events_by_level[level]),
  }));
  const rest = busy.length - bars.length;
  const caption =
    levels.length === 1 ? `Events by camera, all ${LEVEL_WORDS[levels[0] ?? 'unscored'].toLowerCase()}` : 'Events by camera and level';
  const data: BarsData = { series: levels.map(seriesName), bars, format: String };
  return [data, rest > 0 ? `${caption}; ${counted(rest, 'camera')} with fewer left out.` : `${caption}.`];
}
