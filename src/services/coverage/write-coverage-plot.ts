import { dayParts } from '../../domain/coverage/clock-days.ts';
import { coverageMatrix } from '../../domain/coverage/coverage-days.ts';
import { coverageParts, coveragePlot } from '../../exporters/plots/coverage-plot.ts';
import type { PlotFrame } from '../../exporters/plots/draw-svg.ts';
import { counted } from '../../lib/counted.ts';
import { writePlot } from '../plots/write-plot.ts';
import { inHours, type CoverageReport } from './report-coverage.ts';

const WIDTH = 944;

/** Draws cameras and days of reports with their days by the clock; returns a remark when its text cannot be read for want of a font. */
export async function writeCoveragePlot(path: string, reports: readonly CoverageReport[]): Promise<string | undefined> {
  return writePlot(path, drawCoverage(reports));
}

export function drawCoverage(reports: readonly CoverageReport[]): string {
  const { dates } = coverageMatrix(reports);
  const partsPerDay = coverageParts(dates.length, WIDTH);
  const rows = reports.map(({ cameraId, clock, footageMs, holes }) => ({
    label: cameraId,
    note: `${String(inHours(footageMs))} h, ${counted(holes.length, 'hole')}`,
    parts: dates.flatMap((date) => dayParts(clock.get(date), partsPerDay)),
  }));
  return coveragePlot(frameOf(reports, dates, partsPerDay), { dates, partsPerDay, rows });
}

function frameOf(reports: readonly CoverageReport[], dates: readonly string[], partsPerDay: number): PlotFrame {
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const holes = reports.reduce((sum, report) => sum + report.holes.length, 0);
  const cell = partsPerDay === 1 ? 'a day' : `${String(24 / partsPerDay)} h`;
  const what = `${counted(reports.length, 'camera')}, ${counted(dates.length, 'day')}, ${counted(holes, 'hole')}`;
  return {
    title: dates.length === 0 ? 'Footage' : `Footage from ${first} to ${last}`,
    subtitle: `${what}; each cell is ${cell} in the local time of the camera`,
    description: `Cameras by days: ${what}. Darker cells have more footage; a bar below a cell marks a hole.`,
    width: WIDTH,
    use: 'file',
  };
}
