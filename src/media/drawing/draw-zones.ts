import sharp from 'sharp';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { sharpOfRgb } from '../still/limited-sharp.ts';
import { heatPicture, type Heat } from './heat-picture.ts';
import { renderSvg, type RgbaPicture } from './render-svg.ts';
import { escapeXml } from '../../lib/svg-text.ts';
import { zoneOverlay, type DrawnBox, type DrawnZone } from './zone-overlay.ts';

export type ZoneDrawing = {
  picture: RgbPicture;
  /** The first one lies on top. */
  zones: readonly DrawnZone[];
  boxes: readonly DrawnBox[];
  heat?: Heat | undefined;
  /** What is seen, in a line below the picture. */
  caption: string;
};

/** Small pictures are enlarged, so that names can be read; large ones are made handy. */
const SHORTEST_SIDE_LENGTH = 960;
const LONGEST_SIDE_LENGTH = 1920;

/** A PNG of the picture with heat, zones and boxes over it. */
export async function drawZones({ picture, zones, boxes, heat, caption }: ZoneDrawing): Promise<Buffer> {
  const size = drawingSize(picture);
  const layers: RgbaPicture[] = [];
  if (heat !== undefined && heat.cells.length > 0) layers.push(await heatPicture(heat, size));
  layers.push(await renderSvg(zoneOverlay(size, { zones, boxes })));
  const bar = await renderSvg(captionBar(size, caption));
  const base = await sharpOfRgb(picture)
    .resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(base)
    .extend({ bottom: bar.height, background: '#0B1220' })
    .composite([
      ...layers.map((layer) => ({ input: layer.data, raw: rawOf(layer), left: 0, top: 0 })),
      { input: bar.data, raw: rawOf(bar), left: 0, top: size.height },
    ])
    .removeAlpha()
    .png()
    .toBuffer();
}

/** Size of the drawn picture, without the line below it. */
export function drawingSize({ width, height }: Size): Size {
  const longest = Math.max(width, height);
  const scale = Math.min(LONGEST_SIDE_LENGTH, Math.max(SHORTEST_SIDE_LENGTH, longest)) / longest;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function rawOf({ width, height }: Size): { width: number; height: number; channels: 4 } {
  return { width, height, channels: 4 };
}

function captionBar({ width, height }: Size, caption: string): string {
  const unit = Math.max(width, height) / SHORTEST_SIDE_LENGTH;
  const [barHeight, font] = [Math.round(30 * unit), 14 * unit];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(barHeight)}">` +
    `<rect width="100%" height="100%" fill="#0B1220"/>` +
    `<text x="${String(10 * unit)}" y="${String(20 * unit)}" font-family="sans-serif" font-size="${String(font)}" fill="#E2E8F0">${escapeXml(caption)}</text></svg>`
  );
}
