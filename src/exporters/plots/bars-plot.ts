import { textWidth } from '../../lib/svg-text.ts';
import {
  fitted,
  FONT_SIZE,
  headHeight,
  plotSvg,
  rectSvg,
  shortNumber,
  SMALL_FONT_SIZE,
  textSvg,
  widthOf,
  type PlotFrame,
} from './draw-svg.ts';
import { seriesColor, surface } from './plot-colors.ts';

/** One value for each series; with one series its name is not shown. */
export type Bar = { label: string; values: readonly number[] };
export type BarsData = {
  series: readonly string[];
  bars: readonly Bar[];
  /** Several series one after the other in a line, or one below the other. */
  arrangement?: 'stacked' | 'grouped';
  /** How a value is written; a short number unless given. */
  format?: (value: number) => string;
};

const LONGEST_LABEL = 0.38;
const LINE = 22;
const GROUPED_LINE = 14;
const VALUE_ROOM = 56;

type Layout = { left: number; scale: number; format: (value: number) => string; data: BarsData };

/** Horizontal bars from zero, each with its number. */
export function barsPlot(frame: PlotFrame, data: BarsData): string {
  const width = widthOf(frame);
  const label = Math.max(24, ...data.bars.map((bar) => textWidth(bar.label, FONT_SIZE)));
  const left = Math.ceil(Math.min(label, width * LONGEST_LABEL) + 14);
  const longest = Math.max(0, ...data.bars.map((bar) => lengthOf(bar, data)));
  const format = data.format ?? shortNumber;
  const layout = { left, scale: longest > 0 ? (width - left - VALUE_ROOM) / longest : 0, format, data };
  const { parts: keys, height } = legend(data, { y: headHeight(frame), width });
  const top = headHeight(frame) + height + 4;
  const lineHeight = barHeight(data) + 6;
  const parts = data.bars.flatMap((bar, index) => barSvg(layout, bar, top + index * lineHeight));
  const empty = data.bars.length === 0 ? [textSvg({ x: 4, y: top + 14, color: surface('quiet') }, 'nothing to show')] : [];
  return plotSvg(frame, Math.ceil(top + Math.max(1, data.bars.length) * lineHeight + 8), [...keys, ...parts, ...empty]);
}

function isGrouped({ arrangement, series }: BarsData): boolean {
  return arrangement === 'grouped' && series.length > 1;
}

function lengthOf(bar: Bar, data: BarsData): number {
  return isGrouped(data) ? Math.max(0, ...bar.values) : bar.values.reduce((sum, value) => sum + value, 0);
}

function barHeight(data: BarsData): number {
  return isGrouped(data) ? data.series.length * GROUPED_LINE : LINE - 4;
}

function barSvg(layout: Layout, bar: Bar, y: number): string[] {
  const { left, data } = layout;
  const label = textSvg({ x: left - 8, y: y + barHeight(data) / 2 + 4, anchor: 'end' }, fitted(bar.label, left - 10));
  return [label, ...(isGrouped(data) ? groupedSvg(layout, bar, y) : stackedSvg(layout, bar, y))];
}

function stackedSvg({ left, scale, format, data }: Layout, bar: Bar, y: number): string[] {
  let x = left;
  const parts = bar.values.map((value, index) => {
    const name = data.series[index] ?? '';
    const area = { x, y, width: Math.max(value > 0 ? 1 : 0, value * scale - 0.5), height: LINE - 4 };
    x += value * scale;
    return value > 0 ? rectSvg(area, seriesColor(name, index), `${bar.label}, ${name}: ${format(value)}`) : '';
  });
  return [...parts.filter((part) => part !== ''), numberSvg(x, y + (LINE - 4) / 2, format(lengthOf(bar, data)))];
}

function groupedSvg({ left, scale, format, data }: Layout, bar: Bar, top: number): string[] {
  return bar.values.flatMap((value, index) => {
    const [name, y] = [data.series[index] ?? '', top + index * GROUPED_LINE];
    const area = { x: left, y, width: Math.max(value > 0 ? 1 : 0, value * scale), height: GROUPED_LINE - 2 };
    const color = seriesColor(name, index);
    return [
      rectSvg(area, color, `${bar.label}, ${name}: ${format(value)}`),
      numberSvg(left + area.width, y + area.height / 2, format(value)),
    ];
  });
}

function numberSvg(x: number, middle: number, text: string): string {
  return textSvg({ x: x + 5, y: middle + 4, size: SMALL_FONT_SIZE, color: surface('quiet') }, text);
}

/** Names of the series, in as many lines as they need. */
export function legend(
  { series }: Pick<BarsData, 'series'>,
  { y, width }: { y: number; width: number },
): { parts: string[]; height: number } {
  if (series.length < 2) return { parts: [], height: 0 };
  let [x, line] = [4, 0];
  const parts = series.flatMap((name, index) => {
    const shown = fitted(name, width - 40, SMALL_FONT_SIZE);
    const needed = 30 + textWidth(shown, SMALL_FONT_SIZE);
    if (x > 4 && x + needed > width) [x, line] = [4, line + 1];
    const top = y + line * 18;
    const at = x;
    x += needed;
    return [
      rectSvg({ x: at, y: top, width: 12, height: 12, radius: 2 }, seriesColor(name, index)),
      textSvg({ x: at + 17, y: top + 10, size: SMALL_FONT_SIZE }, shown),
    ];
  });
  return { parts, height: (line + 1) * 18 + 2 };
}
