import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { shade, shadeLegend, type ShadeColors } from './shade.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';

/** Share of each day that there is footage of; null before the first and after the last day of a camera. */
export type DayShares = { label: string; shares: ReadonlyMap<string, number> };

const COLORS: ShadeColors = ['red', 'yellow', 'yellow', 'yellow', 'green'];
const LONGEST_LABEL = 24;
const WIDE = 3;
const NARROW = 2;

/** Camera × day, a block for each month, or for what of it fits the terminal. */
export function coverageMatrixText(rows: readonly DayShares[], dates: readonly string[], terminal: Terminal): string {
  if (dates.length === 0) return 'no footage\n';
  const labelWidth = Math.min(
    LONGEST_LABEL,
    Math.floor(terminal.width / 2),
    Math.max(7, ...rows.map(({ label }) => displayWidth(visibleText(label)))),
  );
  const cell = labelWidth + 1 + 31 * WIDE <= terminal.width ? WIDE : NARROW;
  const days = Math.max(1, Math.min(31, Math.floor((terminal.width - labelWidth - 1) / cell)));
  const blocks = blocksOf(dates, days).map((block) => {
    const head = `${padToWidth(block[0]?.slice(0, 7) ?? '', labelWidth)} ${dayNumbers(block, cell)}`.trimEnd();
    const lines = rows.map(({ label, shares }) => {
      const cells = block.map((date) => shade(shares.get(date) ?? null, { width: cell, colors: COLORS, terminal }));
      return `${padToWidth(cutToWidth(visibleText(label), labelWidth), labelWidth)} ${cells.join('')}`.trimEnd();
    });
    return [terminal.style('bold', head), ...lines].join('\n');
  });
  const legend = shadeLegend(['up to 6 h', '12 h', '18 h', '24 h'], { colors: COLORS, terminal });
  return `${blocks.join('\n\n')}\n\n${legend}\n`;
}

/** Consecutive days of one month. */
function blocksOf(dates: readonly string[], longest: number): string[][] {
  const blocks: string[][] = [];
  for (const date of dates) {
    const block = blocks.at(-1);
    if (block && block.length < longest && block[0]?.slice(0, 7) === date.slice(0, 7)) block.push(date);
    else blocks.push([date]);
  }
  return blocks;
}

/** Every day where there is room, else the first of five. */
function dayNumbers(block: readonly string[], cell: number): string {
  if (cell === WIDE) return block.map((date) => `${date.slice(8)} `).join('');
  return block.map((date, index) => (index % 5 === 0 ? date.slice(8) : '  ')).join('');
}
