import type { Size } from '../../domain/box.ts';
import { readMetadata } from './limited-sharp.ts';
import { readJpegHeader } from './read-jpeg-header.ts';

/** What the header of a still says. `size`: as displayed, after EXIF rotation; `codec`: `jpeg`, `png`, `webp`, `gif`, `tiff`. */
export type StillHeader = { size: Size; codec: string; isTurned: boolean; hasAlpha: boolean; exif?: Uint8Array };

/** Throws MediaError `decode_failed` or `dimensions`. A bitmap is none of these formats. */
export async function readStillHeader(bytes: Uint8Array): Promise<StillHeader> {
  const jpeg = readJpegHeader(bytes);
  if (jpeg) {
    const { width, height, orientation, exif } = jpeg;
    // 5 to 8 turn the picture by a quarter.
    const size = orientation > 4 ? { width: height, height: width } : { width, height };
    return { size, codec: 'jpeg', isTurned: orientation > 1, hasAlpha: false, ...(exif && { exif }) };
  }
  const metadata = await readMetadata(bytes);
  const { autoOrient: size, format: codec, orientation = 1, hasAlpha, exif } = metadata;
  return { size, codec, isTurned: orientation > 1, hasAlpha, ...(exif && { exif }) };
}
