import { uprightSize } from './decode-still.ts';
import { MAX_STILL_PIXELS, requireUsableSize } from './media-limits.ts';
import type { MediaLocation } from './open-media.ts';
import { readMetadata } from './still/limited-sharp.ts';
import { isBmp, readBmpSize } from './still/read-bmp.ts';
import { readExifTimes, type ExifTimes } from './still/read-exif-times.ts';
import { withStillBytes } from './still/still-bytes.ts';

/** Width and height as displayed, after EXIF rotation. `codec` is the format: `jpeg`, `png`, `webp`, `gif`, `tiff`, `bmp`. */
export type StillProbe = { width: number; height: number; codec: string; exif?: ExifTimes };

/** Reads the header of a still. Throws MediaError: the codes of opening, `decode_failed`, `unsupported_codec`, `dimensions`. */
export async function probeStill(file: MediaLocation): Promise<StillProbe> {
  return withStillBytes(file, probeStillBytes);
}

/** The same for the bytes of a whole file. */
export async function probeStillBytes(bytes: Uint8Array): Promise<StillProbe> {
  if (isBmp(bytes)) return { ...readBmpSize(bytes), codec: 'bmp' };
  const metadata = await readMetadata(bytes);
  const size = uprightSize(metadata);
  requireUsableSize(size, MAX_STILL_PIXELS);
  const exif = metadata.exif && readExifTimes(metadata.exif);
  return { ...size, codec: metadata.format, ...(exif && { exif }) };
}
