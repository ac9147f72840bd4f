import {
  fitted,
  headHeight,
  hatchSvg,
  lineSvg,
  plotSvg,
  rectSvg,
  round,
  shortNumber,
  SMALL_FONT_SIZE,
  stroke,
  textSvg,
  widthOf,
  type Area,
  type PlotFrame,
} from './draw-svg.ts';
import { surface } from './plot-colors.ts';

/** Null where nothing is known: the line has a gap there. */
export type Sparkline = { label: string; values: readonly (number | null)[] };
/** `from` and `to`: what the first and the last value belong to, such as dates. */
export type SparklinesData = { lines: readonly Sparkline[]; from: string; to: string };

const SMALLEST_WIDTH = 160;
const HEIGHT = 76;
const GAP = 16;

/** Small plots side by side with one scale, so that they can be compared. */
export function sparklinesPlot(frame: PlotFrame, { lines, from, to }: SparklinesData): string {
  const width = widthOf(frame) - 8;
  const columns = Math.max(1, Math.min(lines.length, Math.floor((width + GAP) / (SMALLEST_WIDTH + GAP))));
  const cellWidth = (width - (columns - 1) * GAP) / columns;
  const largest = Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const top = headHeight(frame);
  const parts = lines.flatMap((line, index) => {
    const place = { x: 4 + (index % columns) * (cellWidth + GAP), y: top + Math.floor(index / columns) * HEIGHT };
    return lineParts(line, { area: { ...place, width: cellWidth, height: HEIGHT }, largest });
  });
  const bottom = top + Math.max(1, Math.ceil(lines.length / columns)) * HEIGHT;
  const note = lines.length === 0 ? 'nothing to show' : `${from} to ${to}; the height of each is ${shortNumber(largest)}`;
  const shown = fitted(note, width, SMALL_FONT_SIZE);
  return plotSvg(frame, bottom + 24, [...parts, textSvg({ x: 4, y: bottom + 12, size: SMALL_FONT_SIZE, color: surface('quiet') }, shown)]);
}

function lineParts({ label, values }: Sparkline, { area, largest }: { area: Area; largest: number }): string[] {
  const plot = { x: area.x, y: area.y + 20, width: area.width, height: area.height - 32 };
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const figure = `most ${shortNumber(most)}`;
  const known = values.filter((value) => value !== null);
  const inner =
    known.length === 0
      ? [hatchSvg(plot)]
      : [
          rectSvg(plot, surface('track')),
          lineSvg([plot.x, plot.y + plot.height], [plot.x + plot.width, plot.y + plot.height]),
          linePath(values, plot, largest),
        ];
  return [
    textSvg({ x: area.x, y: area.y + 14 }, fitted(label, area.width - figure.length * 7 - 8)),
    textSvg({ x: area.x + area.width, y: area.y + 14, anchor: 'end', size: SMALL_FONT_SIZE, color: surface('quiet') }, figure),
    ...inner,
  ];
}

function linePath(values: readonly (number | null)[], plot: Area, largest: number): string {
  const stepX = values.length > 1 ? plot.width / (values.length - 1) : 0;
  let isDrawing = false;
  const points = values.flatMap((value, index) => {
    if (value === null) {
      isDrawing = false;
      return [];
    }
    const y = plot.y + plot.height - (largest > 0 ? (value / largest) * plot.height : 0);
    const point = `${isDrawing ? 'L' : 'M'}${round(plot.x + index * stepX)} ${round(y)}`;
    // A value between two gaps is a dot.
    const isAlone = !isDrawing && (values[index + 1] ?? null) === null;
    isDrawing = true;
    return [isAlone ? `${point}h0` : point];
  });
  return `<path d="${points.join('')}" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" ${stroke(surface('covered'))}/>`;
}
