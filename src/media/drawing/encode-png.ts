import type { RgbPicture } from '../../domain/picture.ts';
import { sharpOfRgb } from '../still/limited-sharp.ts';

export async function encodePng(picture: RgbPicture): Promise<Buffer> {
  return sharpOfRgb(picture).png().toBuffer();
}
