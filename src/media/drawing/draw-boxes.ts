import type { RgbPicture } from '../../domain/picture.ts';
import { sharpOfRgb } from '../still/limited-sharp.ts';
import { renderSvg } from './render-svg.ts';
import { zoneOverlay, type DrawnBox } from './zone-overlay.ts';

/** The picture with boxes over it. */
export async function drawBoxes(picture: RgbPicture, boxes: readonly DrawnBox[]): Promise<RgbPicture> {
  const { width, height } = picture;
  const layer = await renderSvg(zoneOverlay({ width, height }, { zones: [], boxes, leastUnit: 1 }));
  const data = await sharpOfRgb(picture)
    .composite([{ input: layer.data, raw: { width: layer.width, height: layer.height, channels: 4 } }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}
