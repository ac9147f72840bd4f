import { dayParts, HOURS_A_DAY, type ClockDay } from '../domain/coverage/clock-days.ts';
import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { formatDuration } from './format-duration.ts';
import { shade, shadeLegend, type ShadeColors } from './shade.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';

/** The footage of a camera by date; a date before its first and after its last day is missing. */
export type CameraDays = { label: string; days: ReadonlyMap<string, ClockDay> };

const COLORS: ShadeColors = ['red', 'yellow', 'yellow', 'yellow', 'green'];
const LONGEST_LABEL = 24;
/** What files and pipes get. */
const PIPED_WIDTH = 118;
const LONGEST_MONTH = 31;
/** Signs a day, the most that fit: one for each hour, …, one for the whole. */
const DETAILED = [24, 12, 8, 6] as const;
const COARSE = [4, 3, 2, 1] as const;
/** Room for all of a date, for month and day, and for the day. */
const [DATE, MONTH_DAY, DAY] = [10, 5, 2];

type Layout = { labelWidth: number; signs: number; blocks: string[][]; terminal: Terminal };

/** Camera × day. Few days show every hour; many are cut into months, or into what of them fits the terminal. */
export function coverageMatrixText(rows: readonly CameraDays[], dates: readonly string[], terminal: Terminal): string {
  if (dates.length === 0) return 'no footage\n';
  const layout = layoutOf(rows, dates, terminal);
  const blocks = layout.blocks.map((block) => [...headOf(block, layout), ...rows.map((row) => lineOf(row, block, layout))].join('\n'));
  return `${blocks.join('\n\n')}\n\n${legendOf(layout)}\n`;
}

function layoutOf(rows: readonly CameraDays[], dates: readonly string[], terminal: Terminal): Layout {
  const width = terminal.width === Infinity ? PIPED_WIDTH : terminal.width;
  const longest = Math.max(7, ...rows.map(({ label }) => displayWidth(visibleText(label))));
  const labelWidth = Math.min(LONGEST_LABEL, Math.floor(width / 2), longest);
  const room = width - labelWidth - 1;
  const fits = (days: number) => (count: number) => days * (count + 1) <= room;
  const detailed = DETAILED.find(fits(dates.length));
  if (detailed !== undefined) return { labelWidth, signs: detailed, blocks: [[...dates]], terminal };
  const signs = COARSE.find(fits(Math.min(LONGEST_MONTH, dates.length))) ?? 1;
  return { labelWidth, signs, blocks: monthsOf(dates, Math.max(1, Math.floor(room / (signs + 1)))), terminal };
}

/** Consecutive days of one month. */
function monthsOf(dates: readonly string[], longest: number): string[][] {
  const blocks: string[][] = [];
  for (const date of dates) {
    const block = blocks.at(-1);
    if (block && block.length < longest && block[0]?.slice(0, 7) === date.slice(0, 7)) block.push(date);
    else blocks.push([date]);
  }
  return blocks;
}

function headOf(block: readonly string[], { labelWidth, signs, terminal }: Layout): string[] {
  const isDated = signs >= MONTH_DAY;
  const corner = padToWidth(isDated ? '' : (block[0]?.slice(0, 7) ?? ''), labelWidth);
  const labels = block.map((date, index) => dateLabel(date, index, signs).padEnd(signs + 1));
  const lines = [`${corner} ${labels.join('')}`];
  if (signs >= 12) lines.push(`${padToWidth('hour', labelWidth)} ${block.map(() => clockOf(signs)).join('')}`);
  return lines.map((line) => terminal.style('bold', line.trimEnd()));
}

/** Where there is one column for a day its number stands above every fifth. */
function dateLabel(date: string, index: number, signs: number): string {
  if (signs >= DATE) return date;
  if (signs >= MONTH_DAY) return date.slice(5);
  return signs >= DAY || index % 5 === 0 ? date.slice(8) : '';
}

function clockOf(signs: number): string {
  const hours = ['0', '6', '12', '18'].map((hour) => hour.padEnd(signs / 4));
  return `${hours.join('')} `;
}

function lineOf({ label, days }: CameraDays, block: readonly string[], { labelWidth, signs, terminal }: Layout): string {
  const cells = block.map((date) => {
    const parts = dayParts(days.get(date), signs);
    const signsOfDay = parts.map(({ share }) => shade(share, { width: 1, colors: COLORS, terminal })).join('');
    return signsOfDay + (parts.some(({ hasHole }) => hasHole) ? terminal.style('red', '!') : ' ');
  });
  return `${padToWidth(cutToWidth(visibleText(label), labelWidth), labelWidth)} ${cells.join('')}`.trimEnd();
}

function legendOf({ signs, terminal }: Layout): string {
  const hours = HOURS_A_DAY / signs;
  const steps = [0.25, 0.5, 0.75, 1].map((share) => formatDuration(share * hours * 3_600_000));
  const unit = hours === HOURS_A_DAY ? 'one sign a day' : `one sign for ${formatDuration(hours * 3_600_000)}`;
  const [least = '', ...more] = steps;
  return shadeLegend([`up to ${least}`, ...more], {
    colors: COLORS,
    terminal,
    more: [`${terminal.style('red', '!')} a hole that day`, unit],
  });
}
