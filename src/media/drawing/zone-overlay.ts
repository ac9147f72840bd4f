import type { Size } from '../../domain/box.ts';
import type { ZonePoint } from '../../domain/zones/zone.ts';
import { escapeXml, shortened, textWidth } from '../../lib/svg-text.ts';

/** `hatched`: something is left out in it. `dashed`: it does not hold at present. */
export type DrawnZone = {
  name: string;
  /** Said behind the name, smaller. */
  note: string;
  coordinates: readonly ZonePoint[];
  /** `#RRGGBB`. */
  color: string;
  style: 'plain' | 'hatched' | 'dashed';
};

/** A box as parts of the picture. */
export type DrawnBox = { label: string; x: number; y: number; width: number; height: number; style: 'seen' | 'standing' };

type Label = { x: number; y: number; width: number; height: number };
type Canvas = Size & {
  /** Pixels of the drawing in one of a picture 960 px long. */ unit: number;
  labels: Label[];
};

const LONGEST_NAME = 40;
const LONGEST_NOTE = 60;
/** A bold letter is so much wider. */
const BOLDNESS = 1.12;
const SEEN = '#FFFFFF';
const STANDING = '#F97316';
const PAPER = '#0B1220';

type Shown = {
  zones: readonly DrawnZone[];
  boxes: readonly DrawnBox[];
  /** Smallest unit: on a picture that stays small names must be read all the same. */
  leastUnit?: number;
};

/** Zones and boxes over a picture of this size, as SVG. Lines have a dark seam, names a dark ground: both show on night and on snow. */
export function zoneOverlay(size: Size, { zones, boxes, leastUnit = 0 }: Shown): string {
  const canvas: Canvas = { ...size, unit: Math.max(leastUnit, Math.max(size.width, size.height) / 960), labels: [] };
  const shapes = [...zones].reverse().map((zone, index) => outline(zone, canvas, index));
  const parts = [...shapes, ...boxes.map((box) => boxShape(box, canvas)), ...zones.map((zone) => zoneLabel(zone, canvas))];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(size.width)}" height="${String(size.height)}" font-family="sans-serif">`;
  return `${head}${parts.join('')}</svg>`;
}

function outline({ coordinates, color, style }: DrawnZone, { width, height, unit }: Canvas, index: number): string {
  const points = coordinates.map(([x, y]) => `${px(x * width)},${px(y * height)}`).join(' ');
  const id = `hatch${String(index)}`;
  const step = px(12 * unit);
  const pattern =
    style === 'hatched'
      ? `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
        `<rect width="${step}" height="${step}" fill="${color}" fill-opacity="0.14"/>` +
        `<rect width="${px(4 * unit)}" height="${step}" fill="${color}" fill-opacity="0.55"/></pattern>`
      : '';
  const fill = style === 'hatched' ? `fill="url(#${id})"` : `fill="${color}" fill-opacity="${style === 'plain' ? '0.24' : '0.08'}"`;
  const dash = style === 'dashed' ? ` stroke-dasharray="${px(9 * unit)} ${px(7 * unit)}"` : '';
  return (
    `${pattern}<polygon points="${points}" ${fill} stroke="#000000" stroke-opacity="0.6" stroke-width="${px(5 * unit)}" stroke-linejoin="round"/>` +
    `<polygon points="${points}" fill="none" stroke="${color}" stroke-width="${px(2.6 * unit)}" stroke-linejoin="round"${dash}/>`
  );
}

function boxShape(box: DrawnBox, canvas: Canvas): string {
  const { width, height, unit } = canvas;
  const color = box.style === 'seen' ? SEEN : STANDING;
  const frame = `x="${px(box.x * width)}" y="${px(box.y * height)}" width="${px(box.width * width)}" height="${px(box.height * height)}"`;
  const fill = box.style === 'standing' ? `fill="${color}" fill-opacity="0.3"` : 'fill="none"';
  const anchor = `cx="${px((box.x + box.width / 2) * width)}" cy="${px(Math.min(1, box.y + box.height) * height)}"`;
  const dot =
    box.style === 'seen'
      ? `<circle ${anchor} r="${px(4 * unit)}" fill="${color}" stroke="#000000" stroke-opacity="0.7" stroke-width="${px(1.5 * unit)}"/>`
      : '';
  return (
    `<rect ${frame} ${fill} stroke="#000000" stroke-opacity="0.6" stroke-width="${px(3.4 * unit)}"/>` +
    `<rect ${frame} fill="none" stroke="${color}" stroke-width="${px(1.4 * unit)}"/>${dot}${boxLabel(box, canvas, color)}`
  );
}

/** Above the box where there is room. */
function boxLabel({ label, x, y }: DrawnBox, canvas: Canvas, color: string): string {
  const font = 11 * canvas.unit;
  const size = { width: textWidth(label, font) + 6 * canvas.unit, height: font * 1.45 };
  const top = y * canvas.height - size.height - 2 * canvas.unit;
  const at = place({ x: x * canvas.width, y: Math.max(0, top), ...size }, canvas);
  return (
    `<rect ${rectOf(at)} rx="${px(2 * canvas.unit)}" fill="${PAPER}" fill-opacity="0.72"/>` +
    `<text x="${px(at.x + 3 * canvas.unit)}" y="${px(at.y + font * 1.1)}" font-size="${px(font)}" fill="${color}">${escapeXml(label)}</text>`
  );
}

/** In the upper left corner of the zone, or the next free place below. */
function zoneLabel({ name, note, coordinates, color }: DrawnZone, canvas: Canvas): string {
  const { unit, width, height } = canvas;
  const [font, small, swatch] = [15 * unit, 11.5 * unit, 16 * unit];
  const [shownName, shownNote] = [shortened(name, LONGEST_NAME), shortened(note, LONGEST_NOTE)];
  const noteWidth = shownNote === '' ? 0 : textWidth(shownNote, small) + 8 * unit;
  const at = place(
    {
      x: Math.min(...coordinates.map(([x]) => x)) * width + 5 * unit,
      y: Math.min(...coordinates.map(([, y]) => y)) * height + 5 * unit,
      width: swatch + BOLDNESS * textWidth(shownName, font) + noteWidth + 12 * unit,
      height: font * 1.7,
    },
    canvas,
  );
  const noteText =
    shownNote === ''
      ? ''
      : `<tspan dx="${px(8 * unit)}" font-size="${px(small)}" font-weight="normal" fill="#CBD5E1">${escapeXml(shownNote)}</tspan>`;
  return (
    `<rect ${rectOf(at)} rx="${px(5 * unit)}" fill="${PAPER}" fill-opacity="0.84"/>` +
    `<rect x="${px(at.x + 7 * unit)}" y="${px(at.y + font * 0.5)}" width="${px(10 * unit)}" height="${px(font * 0.7)}" rx="${px(2 * unit)}" fill="${color}"/>` +
    `<text x="${px(at.x + swatch + 6 * unit)}" y="${px(at.y + font * 1.22)}" font-size="${px(font)}" font-weight="bold" fill="#FFFFFF">${escapeXml(shownName)}${noteText}</text>`
  );
}

/** Inside the picture and, where that can be had, not over another label. */
function place(wanted: Label, canvas: Canvas): Label {
  const x = Math.max(0, Math.min(wanted.x, canvas.width - wanted.width));
  let y = Math.max(0, Math.min(wanted.y, canvas.height - wanted.height));
  for (const other of canvas.labels.toSorted((a, b) => a.y - b.y)) {
    if (!overlap(other, { ...wanted, x, y })) continue;
    const below = other.y + other.height + canvas.unit;
    if (below + wanted.height > canvas.height) break;
    y = below;
  }
  const label = { ...wanted, x, y };
  canvas.labels.push(label);
  return label;
}

function overlap(a: Label, b: Label): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function rectOf({ x, y, width, height }: Label): string {
  return `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
