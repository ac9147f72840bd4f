import sharp from 'sharp';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { escapeXml, shortened } from '../../lib/svg-text.ts';
import { sharpOfRgb } from '../still/limited-sharp.ts';
import { renderSvg } from './render-svg.ts';
import { zoneOverlay, type DrawnBox } from './zone-overlay.ts';

/** A picture of a sheet, already as large as it is shown. */
export type SheetCell = { picture: RgbPicture; caption: string; note: string };

type Sheet = { title: string; cells: readonly SheetCell[]; columns: number };

/** The longer side of a picture on the sheet. */
const LONGEST_SIDE = 480;
/** A still need not be larger than this for it. */
export const CELL_SIZE: Size = { width: LONGEST_SIDE, height: LONGEST_SIDE };
const GAP = 12;
const HEAD = 44;
const CAPTION = 30;
const PAPER = '#0B1220';
const WIDTH_OF_LETTER = 8.6;

type Shown = {
  /** Width of a pixel as a share of its height. */
  pixelAspect: number;
  boxes: readonly DrawnBox[];
};

/** A frame of footage as it lies on the sheet, in its true shape. */
export async function drawCellPicture(frame: RgbPicture, { pixelAspect, boxes }: Shown): Promise<RgbPicture> {
  const shape = { width: frame.width * pixelAspect, height: frame.height };
  const scale = LONGEST_SIDE / Math.max(shape.width, shape.height);
  const size = { width: Math.max(1, Math.round(shape.width * scale)), height: Math.max(1, Math.round(shape.height * scale)) };
  const small = await sharpOfRgb(frame).resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
  const layer = await renderSvg(zoneOverlay(size, { zones: [], boxes, leastUnit: 1 }));
  const data = await sharpOfRgb({ ...size, data: small })
    .composite([{ input: layer.data, raw: { ...size, channels: 4 } }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...size, data };
}

/** Pictures in rows, each with a line below it, and a title over all of them. */
export async function drawSheet({ title, cells, columns }: Sheet): Promise<RgbPicture> {
  const cell = {
    width: Math.max(...cells.map(({ picture }) => picture.width)),
    height: Math.max(...cells.map(({ picture }) => picture.height)),
  };
  const across = Math.min(columns, cells.length);
  const width = GAP + across * (cell.width + GAP);
  const height = HEAD + Math.ceil(cells.length / across) * (cell.height + CAPTION + GAP);
  const placed = cells.map((shown, index) => ({ ...shown, ...placeOf(index, { across, cell }) }));
  const texts = await renderSvg(textSvg({ width, height }, { title, cell, placed }));
  const layers = placed.map(({ picture, left, top }) => ({
    input: Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength),
    raw: { width: picture.width, height: picture.height, channels: 3 as const },
    left: left + Math.floor((cell.width - picture.width) / 2),
    top: top + Math.floor((cell.height - picture.height) / 2),
  }));
  const data = await sharp({ create: { width, height, channels: 3, background: PAPER } })
    .composite([...layers, { input: texts.data, raw: { width, height, channels: 4 }, left: 0, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}

type Placed = SheetCell & { left: number; top: number };

function placeOf(index: number, { across, cell }: { across: number; cell: Size }): { left: number; top: number } {
  const [row, column] = [Math.floor(index / across), index % across];
  return { left: GAP + column * (cell.width + GAP), top: HEAD + row * (cell.height + CAPTION + GAP) };
}

type Texts = { title: string; cell: Size; placed: readonly Placed[] };

function textSvg({ width, height }: Size, { title, cell, placed }: Texts): string {
  const captions = placed.map(({ left, top, caption, note }) => {
    const y = top + cell.height + 20;
    const end = `<text x="${String(left + cell.width)}" y="${String(y)}" text-anchor="end" font-size="12" fill="#94A3B8">${escapeXml(note)}</text>`;
    return `<text x="${String(left)}" y="${String(y)}" font-size="14" fill="#E2E8F0">${escapeXml(caption)}</text>${end}`;
  });
  const shown = shortened(title, Math.max(20, Math.floor((width - 2 * GAP) / WIDTH_OF_LETTER)));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" font-family="sans-serif">` +
    `<text x="${String(GAP)}" y="29" font-size="17" fill="#FFFFFF">${escapeXml(shown)}</text>${captions.join('')}</svg>`
  );
}
