import sharp from 'sharp';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { renderSvg } from '../drawing/render-svg.ts';
import { escapeXml } from '../../lib/svg-text.ts';

/** Black with a line in the middle; without a font only black. */
export async function drawGap(size: Size, text: string): Promise<RgbPicture> {
  const font = Math.max(8, Math.round(Math.min(size.height / 12, (size.width / Math.max(1, text.length)) * 1.6)));
  const [width, height] = [String(size.width), String(size.height)];
  const { data } = await renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#000000"/>` +
      `<text x="50%" y="50%" text-anchor="middle" font-family="sans-serif" font-size="${String(font)}" fill="#CBD5E1">${escapeXml(text)}</text></svg>`,
  );
  const rgb = await sharp(data, { raw: { ...size, channels: 4 } })
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...size, data: rgb };
}
