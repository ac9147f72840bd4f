import { FIRST_STRONG_STEP, rampColor, rampStep, surface, type PlotColor } from './plot-colors.ts';
import {
  fitted,
  FONT_SIZE,
  hatchSvg,
  headHeight,
  plotSvg,
  rectSvg,
  shortNumber,
  SMALL_FONT_SIZE,
  textSvg,
  widthOf,
  type PlotFrame,
} from './draw-svg.ts';
import { textWidth } from '../../lib/svg-text.ts';

export const WEEKDAY_LABELS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export const HOUR_LABELS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour));

/** A value for each row and column; null where nothing is known. `largest` is what the darkest colour stands for. */
export type HeatMapData = {
  rows: readonly string[];
  columns: readonly string[];
  values: readonly (readonly (number | null)[])[];
  largest: number;
  /** Whole numbers are written as such. */
  isWhole?: boolean;
  /** A pale cell says it. */
  hidesZeros?: boolean;
};

type Layout = HeatMapData & { left: number; top: number; cell: number; rowHeight: number };

const GAP = 2;
const LARGEST_CELL = 36;
const SMALLEST_NUMBER_CELL = 26;
const LONGEST_LABEL = 0.3;

/** Hour × weekday, camera × day, or any other: a colour and, where there is room, the number in every cell. */
export function heatMapPlot(frame: PlotFrame, data: HeatMapData): string {
  const layout = layoutOf(frame, data);
  const bottom = layout.top + data.rows.length * layout.rowHeight;
  const cells = data.values.flatMap((row, index) => row.map((value, column) => cellSvg(layout, { value, row: index, column })));
  const labels = data.rows.map((label, row) =>
    textSvg(
      { x: layout.left - 8, y: layout.top + row * layout.rowHeight + layout.rowHeight / 2 + 4, anchor: 'end' },
      fitted(label, layout.left - 10),
    ),
  );
  return plotSvg(frame, bottom + 66, [...columnLabels(layout), ...labels, ...cells, ...legend(layout, bottom + 24)]);
}

function layoutOf(frame: PlotFrame, data: HeatMapData): Layout {
  const width = widthOf(frame);
  const label = Math.max(24, ...data.rows.map((row) => textWidth(row, FONT_SIZE)));
  const left = Math.ceil(Math.min(label, width * LONGEST_LABEL) + 14);
  const cell = Math.min(LARGEST_CELL, (width - left - 8) / Math.max(1, data.columns.length));
  return { ...data, left, top: headHeight(frame) + 28, cell, rowHeight: Math.max(18, Math.min(LARGEST_CELL, cell)) };
}

/** As many as do not touch each other. */
function columnLabels({ columns, left, top, cell }: Layout): string[] {
  const widest = Math.max(0, ...columns.map((column) => textWidth(column, SMALL_FONT_SIZE)));
  const step = [1, 2, 3, 6, 7, 12, 14, 28].find((every) => every * cell >= widest + 4) ?? 56;
  return columns.flatMap((column, index) =>
    index % step === 0 ? [textSvg({ x: left + index * cell + cell / 2, y: top - 8, anchor: 'middle', size: SMALL_FONT_SIZE }, column)] : [],
  );
}

function cellSvg(layout: Layout, { value, row, column }: { value: number | null; row: number; column: number }): string {
  const { left, top, cell, rowHeight, largest } = layout;
  const gap = cell > 8 ? GAP : 0.5;
  const area = { x: left + column * cell, y: top + row * rowHeight, width: cell - gap, height: rowHeight - GAP };
  if (value === null) return hatchSvg(area);
  const step = largest > 0 ? rampStep(value / largest) : 0;
  const hint = `${layout.rows[row] ?? ''}, ${layout.columns[column] ?? ''}: ${numberText(layout, value)}`;
  const rect = rectSvg({ ...area, radius: cell > 12 ? 3 : 0 }, rampColor(step), hint);
  if (cell < SMALLEST_NUMBER_CELL || (value === 0 && layout.hidesZeros === true)) return rect;
  const place = { x: area.x + area.width / 2, y: area.y + area.height / 2 + 4, anchor: 'middle', size: SMALL_FONT_SIZE } as const;
  return rect + textSvg({ ...place, color: onStep(step) }, numberText(layout, value));
}

function onStep(step: number): PlotColor {
  return step >= FIRST_STRONG_STEP ? surface('on') : surface('text');
}

function numberText({ isWhole }: HeatMapData, value: number): string {
  return isWhole === true && value < 9_950 ? String(Math.round(value)) : shortNumber(value);
}

function legend(layout: Layout, y: number): string[] {
  const side = 16;
  let x = layout.left;
  const parts: string[] = [];
  const add = (swatch: (area: { x: number; y: number; width: number; height: number }) => string, label: string): void => {
    parts.push(swatch({ x, y, width: side, height: side }), textSvg({ x: x + side + 5, y: y + 12, size: SMALL_FONT_SIZE }, label));
    x += side + 16 + textWidth(label, SMALL_FONT_SIZE);
  };
  const steps = layout.largest <= 0 ? [] : layout.isWhole === true && layout.largest < 2 ? [0, 1] : [0, 0.5, 1];
  for (const step of steps) {
    add((area) => rectSvg({ ...area, radius: 3 }, rampColor(rampStep(step))), numberText(layout, step * layout.largest));
  }
  if (layout.values.some((row) => row.includes(null))) add(hatchSvg, 'not known');
  return parts;
}
