import { displayWidth } from './display-width.ts';
import type { Terminal } from './terminal.ts';

const BLOCKS = ['·', '░', '▒', '▓', '█'] as const;
const ASCII = ['.', '-', '+', '*', '#'] as const;
const STEPS = 4;
export type ShadeColors = readonly [Parameters<Terminal['style']>[0], ...Parameters<Terminal['style']>[0][]];

/** One cell of a map of shades: blank where nothing is known, a dot for none, four shades up to 1. It reads without colours, too. */
export function shade(
  fraction: number | null,
  { width, colors, terminal }: { width: number; colors: ShadeColors; terminal: Terminal },
): string {
  if (fraction === null) return ' '.repeat(width);
  const step = fraction <= 0 ? 0 : Math.min(STEPS, Math.max(1, Math.ceil(fraction * STEPS)));
  const sign = (terminal.isUnicode ? BLOCKS : ASCII)[step] ?? ' ';
  const text = width > 1 ? sign.repeat(width - 1) : sign;
  return terminal.style(colors[Math.min(step, colors.length - 1)] ?? colors[0], text) + (width > 1 ? ' ' : '');
}

type LegendOptions = { colors: ShadeColors; terminal: Terminal; more?: readonly string[] };

/** What the shades mean: `upTo` names the largest value of each. */
export function shadeLegend(upTo: readonly string[], { colors, terminal, more = [] }: LegendOptions): string {
  const cells = upTo.map((value, index) => `${shade((index + 1) / STEPS, { width: 1, colors, terminal })} ${value}`);
  return inLines([`${shade(0, { width: 1, colors, terminal })} none`, ...cells, ...more], terminal.width);
}

function inLines(parts: readonly string[], width: number): string {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1) ?? ''}  ${part}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.join('\n');
}
