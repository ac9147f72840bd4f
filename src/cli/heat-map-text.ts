import { shade, shadeLegend, type ShadeColors } from './shade.ts';
import type { Terminal } from './terminal.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const LABEL = 4;
const COLORS: ShadeColors = ['dim', 'blue', 'cyan', 'yellow', 'red'];

/** Hour × weekday in shades of the largest value; on a narrow terminal the two halves of the day one below the other. */
export function heatMapText(values: readonly (readonly (number | null)[])[], largest: number, terminal: Terminal): string {
  const room = terminal.width - LABEL;
  const cell = [3, 2, 1].find((width) => 24 * width <= room) ?? 1;
  const parts =
    24 * cell <= room
      ? [{ from: 0, until: 24 }]
      : [
          { from: 0, until: 12 },
          { from: 12, until: 24 },
        ];
  const blocks = parts.map(({ from, until }) => {
    const head = `${' '.repeat(LABEL)}${hourNumbers(from, until, cell)}`.trimEnd();
    const lines = values.map((day, weekday) => {
      const cells = day.slice(from, until).map((value) => shade(toFraction(value, largest), { width: cell, colors: COLORS, terminal }));
      return `${(DAYS[weekday] ?? '').padEnd(LABEL)}${cells.join('')}`.trimEnd();
    });
    return [terminal.style('bold', head), ...lines].join('\n');
  });
  const steps = [0.25, 0.5, 0.75, 1].map((step) => `to ${toShort(step * largest)}`);
  const legend = shadeLegend(largest > 0 ? steps : [], { colors: COLORS, terminal, more: ['blank: not known'] });
  return `${blocks.join('\n\n')}\n\n${legend}\n`;
}

function toFraction(value: number | null, largest: number): number | null {
  if (value === null || largest === 0) return value;
  return value / largest;
}

/** Every hour where there is room, else every sixth. */
function hourNumbers(from: number, until: number, cell: number): string {
  const hours = Array.from({ length: until - from }, (_, index) => from + index);
  if (cell === 3) return hours.map((hour) => String(hour).padStart(2, '0').padEnd(3)).join('');
  return hours
    .filter((hour) => hour % 6 === 0)
    .map((hour) => String(hour).padEnd(6 * cell))
    .join('');
}

function toShort(value: number): string {
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
