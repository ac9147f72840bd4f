import sharp from 'sharp';

import { renderSvg } from './render-svg.ts';

/** A PNG of a drawing that was made here. */
export async function svgToPng(svg: string): Promise<Buffer> {
  const { data, width, height } = await renderSvg(svg);
  return sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png()
    .toBuffer();
}
