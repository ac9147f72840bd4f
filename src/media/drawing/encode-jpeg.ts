import type { RgbPicture } from '../../domain/picture.ts';
import { sharpOfRgb } from '../still/limited-sharp.ts';

export async function encodeJpeg(picture: RgbPicture): Promise<Buffer> {
  return sharpOfRgb(picture).jpeg({ quality: 80 }).toBuffer();
}
