import { escapeXml } from './svg-text.ts';

/** Seven weekdays from monday by 24 hours; null where nothing is known. */
export type HeatMapPicture = { title: string; subtitle: string; values: readonly (readonly (number | null)[])[]; largest: number };

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const CELL = 36;
const LEFT = 56;
const TOP = 84;
const GAP = 2;
const WIDTH = LEFT + 24 * CELL + 24;
const HEIGHT = TOP + 7 * CELL + 64;
const FONT = "font-family=\"'DejaVu Sans', 'Segoe UI', Arial, sans-serif\"";
/** From light to dark; equal steps look equal, also to the colour-blind. */
const RAMP = ['#eef3f8', '#c6dbef', '#9ecae1', '#6baed6', '#3182bd', '#08519c', '#08306b'] as const;
const DARK_FROM = 0.55;

/** Hour × weekday as a drawing of its own: the number in every cell, hatched where nothing is known. */
export function heatMapSvg({ title, subtitle, values, largest }: HeatMapPicture): string {
  const cells = values.flatMap((day, weekday) => day.map((value, hour) => cellSvg({ value, largest, weekday, hour })));
  const hours = Array.from({ length: 24 }, (_, hour) =>
    text({ x: LEFT + hour * CELL + CELL / 2, y: TOP - 10, anchor: 'middle' }, String(hour)),
  );
  const days = DAYS.map((day, weekday) => text({ x: LEFT - 10, y: TOP + weekday * CELL + CELL / 2 + 4, anchor: 'end' }, day));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(HEIGHT)}" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}">`,
    `<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fafafa"/><line x1="0" y1="0" x2="0" y2="6" stroke="#dddddd" stroke-width="2"/></pattern></defs>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text({ x: LEFT, y: 30, size: 18, weight: 'bold' }, title),
    text({ x: LEFT, y: 50, fill: '#555555' }, subtitle),
    ...hours,
    ...days,
    ...cells,
    ...legend(largest),
    '</svg>\n',
  ].join('\n');
}

type Cell = { value: number | null; largest: number; weekday: number; hour: number };

function cellSvg({ value, largest, weekday, hour }: Cell): string {
  const [x, y] = [LEFT + hour * CELL, TOP + weekday * CELL];
  const fraction = value === null || largest === 0 ? 0 : value / largest;
  const rect = square({ x, y, fill: value === null ? 'url(#unknown)' : colorOf(fraction) });
  if (value === null) return rect;
  const fill = fraction > DARK_FROM ? '#ffffff' : '#333333';
  return rect + text({ x: x + CELL / 2, y: y + CELL / 2 + 4, anchor: 'middle', size: 11, fill }, shortNumber(value));
}

function legend(largest: number): string[] {
  const y = TOP + 7 * CELL + 20;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const swatches = steps.flatMap((step, index) => {
    const x = LEFT + index * 3 * CELL;
    return [square({ x, y, fill: colorOf(step) }), text({ x: x + CELL + 6, y: y + CELL / 2 + 4 }, shortNumber(step * largest))];
  });
  const x = LEFT + steps.length * 3 * CELL;
  return [...swatches, square({ x, y, fill: 'url(#unknown)' }), text({ x: x + CELL + 6, y: y + CELL / 2 + 4 }, 'not known')];
}

function square({ x, y, fill }: { x: number; y: number; fill: string }): string {
  const side = String(CELL - GAP);
  return `<rect x="${String(x)}" y="${String(y)}" width="${side}" height="${side}" rx="3" fill="${fill}"/>`;
}

function colorOf(fraction: number): string {
  return RAMP[Math.min(RAMP.length - 1, Math.round(fraction * (RAMP.length - 1)))] ?? RAMP[0];
}

function shortNumber(value: number): string {
  if (value === 0) return '0';
  if (value >= 9.95) return value.toFixed(0);
  return value.toFixed(value >= 0.995 ? 1 : 2);
}

type Place = { x: number; y: number; anchor?: 'start' | 'middle' | 'end'; size?: number; weight?: string; fill?: string };

function text({ x, y, anchor = 'start', size = 12, weight = 'normal', fill = '#333333' }: Place, content: string): string {
  const place = `x="${String(x)}" y="${String(y)}" text-anchor="${anchor}" font-size="${String(size)}" font-weight="${weight}" fill="${fill}"`;
  return `<text ${place} ${FONT}>${escapeXml(content)}</text>`;
}
