import { escapeXml, shortened, textWidth } from '../../lib/svg-text.ts';
import { plotStyle, surface, type PlotColor } from './plot-colors.ts';

/** What every plot says of itself. Texts may come from anywhere: they are escaped. */
export type PlotFrame = {
  title: string;
  /** Shown below the title. */
  subtitle?: string;
  /** What is to be seen, for those who do not see it. */
  description: string;
  /** False where the page around it shows the title; it stays the drawing's name. */
  hasHead?: boolean;
  /** Units across: 720 unless given; 360 fits a telephone, with the same sizes of letters. */
  width?: number;
  /** `inline` for a page that has the style sheet of plots; `file` carries it and paints its ground. */
  use?: 'inline' | 'file';
};

export const DEFAULT_WIDTH = 720;
export const FONT_SIZE = 12;
export const SMALL_FONT_SIZE = 11;
const TITLE_SIZE = 16;
const FONT = "'DejaVu Sans', 'Segoe UI', Arial, sans-serif";

export function widthOf(frame: PlotFrame): number {
  return frame.width ?? DEFAULT_WIDTH;
}

/** Units that the title and the subtitle take. */
export function headHeight({ title, subtitle, hasHead = true }: PlotFrame): number {
  if (!hasHead) return 6;
  return (title === '' ? 0 : 28) + (subtitle === undefined || subtitle === '' ? 0 : 20) + 6;
}

/** The drawing around its parts: text alternative, title, subtitle. `height` includes `headHeight`. */
export function plotSvg(frame: PlotFrame, height: number, parts: readonly string[]): string {
  const [width, isFile] = [String(widthOf(frame)), frame.use === 'file'];
  const size = `width="${width}" height="${String(height)}" viewBox="0 0 ${width} ${String(height)}"`;
  const ground = `<rect width="100%" height="100%" ${paint(surface('ground'))}/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="hs-plot" role="img" ${size} font-family="${FONT}">`,
    `<title>${escapeXml(frame.title)}</title>`,
    `<desc>${escapeXml(frame.description)}</desc>`,
    ...(isFile ? [`<style>${plotStyle()}</style>`, ground] : []),
    ...head(frame),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function head({ title, subtitle, width = DEFAULT_WIDTH, hasHead = true }: PlotFrame): string[] {
  const lines: string[] = [];
  if (!hasHead) return lines;
  if (title !== '') lines.push(textSvg({ x: 4, y: 20, size: TITLE_SIZE, weight: 'bold' }, fitted(title, width - 8, TITLE_SIZE)));
  if (subtitle !== undefined && subtitle !== '') {
    lines.push(textSvg({ x: 4, y: title === '' ? 14 : 40, color: surface('quiet') }, fitted(subtitle, width - 8, FONT_SIZE)));
  }
  return lines;
}

/** As much of a text as fits; the letters are the system's, so rather less. */
export function fitted(text: string, width: number, size: number = FONT_SIZE): string {
  let shown = text;
  for (let limit = Array.from(text).length; limit > 1 && textWidth(shown, size) > width; limit -= 1) shown = shortened(text, limit - 1);
  return shown;
}

export function paint({ name, light }: PlotColor): string {
  return `class="f-${name}" fill="${light}"`;
}

export function stroke({ name, light }: PlotColor): string {
  return `class="l-${name}" stroke="${light}"`;
}

type TextPlace = { x: number; y: number; anchor?: 'start' | 'middle' | 'end'; size?: number; weight?: 'bold'; color?: PlotColor };

export function textSvg(place: TextPlace, content: string): string {
  const { x, y, anchor = 'start', size = FONT_SIZE, weight, color = surface('text') } = place;
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const bold = weight === undefined ? '' : ` font-weight="${weight}"`;
  return `<text x="${round(x)}" y="${round(y)}"${side} font-size="${String(size)}"${bold} ${paint(color)}>${escapeXml(content)}</text>`;
}

export type Area = { x: number; y: number; width: number; height: number; radius?: number };

/** `hint`: shown where a pointer rests on it. */
export function rectSvg({ x, y, width, height, radius = 0 }: Area, color: PlotColor, hint?: string): string {
  const round4 = radius > 0 ? ` rx="${round(radius)}"` : '';
  const open = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${round4} ${paint(color)}`;
  return hint === undefined ? `${open}/>` : `${open}><title>${escapeXml(hint)}</title></rect>`;
}

export function lineSvg(from: readonly [x: number, y: number], to: readonly [x: number, y: number], color = surface('line')): string {
  return `<path d="M${round(from[0])} ${round(from[1])}L${round(to[0])} ${round(to[1])}" ${stroke(color)}/>`;
}

/** An area about which nothing is known: two strokes across, without an id that two drawings on a page could share. */
export function hatchSvg({ x, y, width, height }: Area): string {
  const [right, low] = [x + width, y + height];
  const half = `M${round(x)} ${round(y + height / 2)}L${round(x + width / 2)} ${round(y)}`;
  const other = `M${round(x + width / 2)} ${round(low)}L${round(right)} ${round(y + height / 2)}`;
  return `${rectSvg({ x, y, width, height, radius: 2 }, surface('track'))}<path d="${half}M${round(x)} ${round(low)}L${round(right)} ${round(y)}${other}" ${stroke(surface('line'))}/>`;
}

/** Few digits are enough, and the same everywhere. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A number as it fits a cell. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  if (value >= 999_500) return `${(value / 1_000_000).toFixed(value >= 9_950_000 ? 0 : 1)}M`;
  if (value >= 9_950) return `${(value / 1000).toFixed(0)}k`;
  if (value >= 9.95) return value.toFixed(0);
  return value.toFixed(value >= 0.995 ? 1 : 2);
}
