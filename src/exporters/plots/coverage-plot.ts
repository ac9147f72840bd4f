import { textWidth } from '../../lib/svg-text.ts';
import {
  fitted,
  FONT_SIZE,
  hatchSvg,
  headHeight,
  plotSvg,
  rectSvg,
  SMALL_FONT_SIZE,
  textSvg,
  widthOf,
  type Area,
  type PlotFrame,
} from './draw-svg.ts';
import { rampColor, rampStep, surface } from './plot-colors.ts';

/** Footage in one part of a day: its share of it (null before the first and after the last footage), and whether a hole lies in it. */
export type CoveragePlotPart = { share: number | null; hasHole: boolean };
/** `parts`: those of all dates, one after the other. */
export type CoveragePlotRow = { label: string; /** Such as how it records. */ note: string; parts: readonly CoveragePlotPart[] };
export type CoveragePlotData = { dates: readonly string[]; partsPerDay: number; rows: readonly CoveragePlotRow[] };

const LONGEST_LABEL = 0.34;
const LARGEST_DAY = 200;
const SMALLEST_DAY = 9;
const SMALLEST_PART = 6;
const MOST_DAYS = 31;
const ROW = 30;
const HEAD = 26;
const CLOCK_HEAD = 16;

type Block = { left: number; day: number; from: number; until: number; top: number; data: CoveragePlotData };

/** Into how many parts days can be divided when so many are drawn, so that each is wide enough to be seen. */
export function coverageParts(days: number, width: number): number {
  const room = width * (1 - LONGEST_LABEL) - 22;
  const day = Math.min(LARGEST_DAY, room / Math.max(1, Math.min(days, MOST_DAYS)));
  return [24, 12, 8, 6, 4, 2].find((parts) => day / parts >= SMALLEST_PART) ?? 1;
}

/** Camera × day, in blocks of as many days as fit: darker is more footage, a bar below is a hole. */
export function coveragePlot(frame: PlotFrame, data: CoveragePlotData): string {
  const width = widthOf(frame);
  const label = Math.max(50, ...data.rows.flatMap((row) => [textWidth(row.label, FONT_SIZE), textWidth(row.note, SMALL_FONT_SIZE)]));
  const left = Math.ceil(Math.min(label, width * LONGEST_LABEL) + 14);
  const room = width - left - 8;
  const perBlock = Math.min(MOST_DAYS, Math.floor(room / SMALLEST_DAY));
  const day = Math.min(LARGEST_DAY, room / Math.max(1, Math.min(perBlock, data.dates.length)));
  const blocks = blocksOf(data.dates, perBlock);
  const blockHeight = headOf(data) + data.rows.length * ROW + 8;
  const top = headHeight(frame);
  const parts = blocks.flatMap(({ from, until }, index) => blockSvg({ left, day, from, until, top: top + index * blockHeight, data }));
  const bottom = top + Math.max(1, blocks.length) * blockHeight;
  const body = blocks.length === 0 ? [textSvg({ x: 4, y: top + 20, color: surface('quiet') }, 'no footage')] : parts;
  const keys = legend(bottom, width, data.partsPerDay);
  return plotSvg(frame, keys.bottom, [...body, ...keys.parts]);
}

function blocksOf(dates: readonly string[], longest: number): { from: number; until: number }[] {
  const count = Math.ceil(dates.length / longest);
  return Array.from({ length: count }, (_, index) => ({ from: index * longest, until: Math.min(dates.length, (index + 1) * longest) }));
}

/** Hours are written where each has a column of its own. */
function hasClock({ partsPerDay }: CoveragePlotData): boolean {
  return partsPerDay >= 12;
}

function headOf(data: CoveragePlotData): number {
  return HEAD + (hasClock(data) ? CLOCK_HEAD : 0);
}

function blockSvg(block: Block): string[] {
  const { data, left, top, from, until } = block;
  const rows = data.rows.flatMap((row, index) => {
    const y = top + headOf(data) + index * ROW;
    const note = { x: left - 8, y: y + 24, anchor: 'end', size: SMALL_FONT_SIZE, color: surface('quiet') } as const;
    const days = Array.from({ length: until - from }, (_, column) => daySvg(block, { row, column, y }));
    return [
      textSvg({ x: left - 8, y: y + 11, anchor: 'end' }, fitted(row.label, left - 10)),
      textSvg(note, fitted(row.note, left - 10, SMALL_FONT_SIZE)),
      ...days,
    ];
  });
  return [...dateLabels(block), ...(hasClock(data) ? clockLabels(block) : []), ...rows];
}

/** Month and day where a block or a month begins, days alone in between, as many as fit. */
function dateLabels({ data, left, day, from, until, top }: Block): string[] {
  const step = [1, 2, 5, 7, 14].find((every) => every * day >= 20) ?? 14;
  const fullWidth = textWidth('2026-01-01', SMALL_FONT_SIZE) + 6;
  let freeFrom = -Infinity;
  return data.dates.slice(from, until).flatMap((date, index) => {
    const isFull = index === 0 || date.endsWith('-01') || day >= fullWidth;
    const x = left + index * day;
    if ((!isFull && index % step !== 0) || x < freeFrom) return [];
    const text = isFull ? date : date.slice(8);
    freeFrom = x + textWidth(text, SMALL_FONT_SIZE) + 6;
    return [textSvg({ x, y: top + 18, size: SMALL_FONT_SIZE }, text)];
  });
}

function clockLabels({ left, day, from, until, top }: Block): string[] {
  const labels = day >= 4 * (textWidth('18', SMALL_FONT_SIZE) + 6) ? [0, 6, 12, 18] : [0, 12];
  return Array.from({ length: until - from }, (_, column) =>
    labels.map((hour) => {
      const place = {
        x: left + column * day + ((day - gapOf(day)) * hour) / 24,
        y: top + 34,
        size: SMALL_FONT_SIZE,
        color: surface('quiet'),
      };
      return textSvg(place, String(hour));
    }),
  ).flat();
}

function gapOf(day: number): number {
  return day > 40 ? 4 : day > 12 ? 2 : 1;
}

function daySvg({ left, day, from, data }: Block, { row, column, y }: { row: CoveragePlotRow; column: number; y: number }): string {
  const { partsPerDay: count } = data;
  const width = (day - gapOf(day)) / count;
  const parts = row.parts.slice((from + column) * count, (from + column + 1) * count);
  const name = `${row.label}, ${data.dates[from + column] ?? ''}`;
  return parts
    .map((part, index) => {
      const area = { x: left + column * day + index * width, y, width, height: 20 };
      return partSvg(area, part, count === 1 ? name : `${name}, ${hoursText(index, count)}`);
    })
    .join('');
}

function hoursText(index: number, count: number): string {
  const hours = 24 / count;
  return `${String(index * hours)}–${String((index + 1) * hours)} h`;
}

function partSvg(area: Area, { share, hasHole }: CoveragePlotPart, name: string): string {
  if (share === null) return hatchSvg(area);
  const hint = `${name}: ${String(Math.round(share * 100))} % of the time${hasHole ? ', with a hole' : ''}`;
  const rect = rectSvg(area, rampColor(shareStep(share)), hint);
  return hasHole ? rect + rectSvg({ ...area, y: area.y + 22, height: 4 }, surface('hole')) : rect;
}

/** The lightest colour is for no footage at all. */
function shareStep(share: number): number {
  return share <= 0 ? 0 : Math.max(1, rampStep(Math.min(1, share)));
}

function legend(y: number, width: number, partsPerDay: number): { parts: string[]; bottom: number } {
  let [x, line] = [4, 0];
  const parts: string[] = [];
  const add = (draw: (area: Area) => string, label: string): void => {
    const needed = 34 + textWidth(label, SMALL_FONT_SIZE);
    if (x > 4 && x + needed > width) [x, line] = [4, line + 1];
    const top = y + line * 22;
    parts.push(draw({ x, y: top, width: 14, height: 14 }), textSvg({ x: x + 19, y: top + 11, size: SMALL_FONT_SIZE }, label));
    x += needed;
  };
  for (const share of [0, 0.25, 0.5, 1]) {
    add((area) => rectSvg({ ...area, radius: 2 }, rampColor(shareStep(share))), share === 0 ? 'no footage' : hoursOf(share / partsPerDay));
  }
  add((area) => rectSvg({ ...area, y: area.y + 5, height: 4 }, surface('hole')), 'hole');
  add(hatchSvg, 'before the first or after the last footage');
  return { parts, bottom: y + (line + 1) * 22 + 6 };
}

/** A share of a day as hours or minutes. */
function hoursOf(days: number): string {
  const hours = days * 24;
  return hours < 1 ? `${String(Math.round(hours * 60))} min` : `${String(hours)} h`;
}
