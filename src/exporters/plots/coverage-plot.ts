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

/** Footage on one day: its share of the day, and whether a hole lies in it. Null before the first and after the last footage. */
export type CoveragePlotDay = { share: number; hasHole: boolean } | null;
export type CoveragePlotRow = { label: string; /** Such as how it records. */ note: string; days: readonly CoveragePlotDay[] };
export type CoveragePlotData = { dates: readonly string[]; rows: readonly CoveragePlotRow[] };

const LONGEST_LABEL = 0.34;
const LARGEST_CELL = 28;
const SMALLEST_CELL = 9;
const ROW = 30;

type Block = { left: number; cell: number; from: number; until: number; top: number; data: CoveragePlotData };

/** Camera × day, in blocks of as many days as fit: darker is more footage, a bar below a day is a hole. */
export function coveragePlot(frame: PlotFrame, data: CoveragePlotData): string {
  const width = widthOf(frame);
  const label = Math.max(50, ...data.rows.flatMap((row) => [textWidth(row.label, FONT_SIZE), textWidth(row.note, SMALL_FONT_SIZE)]));
  const left = Math.ceil(Math.min(label, width * LONGEST_LABEL) + 14);
  const room = width - left - 8;
  const perBlock = Math.min(31, Math.floor(room / SMALLEST_CELL));
  const cell = Math.min(LARGEST_CELL, room / Math.max(1, Math.min(perBlock, data.dates.length)));
  const blocks = blocksOf(data.dates, perBlock);
  const blockHeight = 26 + data.rows.length * ROW + 8;
  const top = headHeight(frame);
  const parts = blocks.flatMap(({ from, until }, index) => blockSvg({ left, cell, from, until, top: top + index * blockHeight, data }));
  const bottom = top + Math.max(1, blocks.length) * blockHeight;
  const body = blocks.length === 0 ? [textSvg({ x: 4, y: top + 20, color: surface('quiet') }, 'no footage')] : parts;
  const keys = legend(bottom, width);
  return plotSvg(frame, keys.bottom, [...body, ...keys.parts]);
}

function blocksOf(dates: readonly string[], longest: number): { from: number; until: number }[] {
  const count = Math.ceil(dates.length / longest);
  return Array.from({ length: count }, (_, index) => ({ from: index * longest, until: Math.min(dates.length, (index + 1) * longest) }));
}

function blockSvg(block: Block): string[] {
  const { data, left, top } = block;
  const rows = data.rows.flatMap((row, index) => {
    const y = top + 26 + index * ROW;
    return [
      textSvg({ x: left - 8, y: y + 11, anchor: 'end' }, fitted(row.label, left - 10)),
      textSvg(
        { x: left - 8, y: y + 24, anchor: 'end', size: SMALL_FONT_SIZE, color: surface('quiet') },
        fitted(row.note, left - 10, SMALL_FONT_SIZE),
      ),
      ...row.days.slice(block.from, block.until).map((day, column) => daySvg(block, { day, row, column, y })),
    ];
  });
  return [...dateLabels(block), ...rows];
}

/** Month and day where a block or a month begins, days alone in between, as many as fit. */
function dateLabels({ data, left, cell, from, until, top }: Block): string[] {
  const step = [1, 2, 5, 7, 14].find((every) => every * cell >= 20) ?? 14;
  let freeFrom = -Infinity;
  return data.dates.slice(from, until).flatMap((date, index) => {
    const isFirst = index === 0 || date.endsWith('-01');
    const x = left + index * cell;
    if (!isFirst && (index % step !== 0 || x < freeFrom)) return [];
    if (x < freeFrom) return [];
    const text = isFirst ? date : date.slice(8);
    freeFrom = x + textWidth(text, SMALL_FONT_SIZE) + 6;
    return [textSvg({ x, y: top + 18, size: SMALL_FONT_SIZE }, text)];
  });
}

function daySvg(block: Block, { day, row, column, y }: { day: CoveragePlotDay; row: CoveragePlotRow; column: number; y: number }): string {
  const area: Area = { x: block.left + column * block.cell, y, width: block.cell - (block.cell > 12 ? 2 : 1), height: 20 };
  if (day === null) return hatchSvg(area);
  const date = block.data.dates[block.from + column] ?? '';
  const hint = `${row.label}, ${date}: ${String(Math.round(day.share * 100))} % of the day${day.hasHole ? ', with a hole' : ''}`;
  const rect = rectSvg({ ...area, radius: 2 }, rampColor(shareStep(day.share)), hint);
  return day.hasHole ? rect + rectSvg({ ...area, y: y + 22, height: 4 }, surface('hole')) : rect;
}

/** The lightest colour is for no footage at all. */
function shareStep(share: number): number {
  return share <= 0 ? 0 : Math.max(1, rampStep(Math.min(1, share)));
}

function legend(y: number, width: number): { parts: string[]; bottom: number } {
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
    const label = share === 0 ? 'none' : `${String(share * 24)} h`;
    add((area) => rectSvg({ ...area, radius: 2 }, rampColor(shareStep(share))), label);
  }
  add((area) => rectSvg({ ...area, y: area.y + 5, height: 4 }, surface('hole')), 'hole');
  add(hatchSvg, 'before the first or after the last footage');
  return { parts, bottom: y + (line + 1) * 22 + 6 };
}
