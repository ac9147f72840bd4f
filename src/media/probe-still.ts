import { MAX_STILL_PIXELS, requireUsableSize } from './media-limits.ts';
import type { MediaLocation } from './open-media.ts';
import { isBmp, readBmpSize } from './still/read-bmp.ts';
import { readExifTimes, type ExifTimes } from './still/read-exif-times.ts';
import { readStillHeader } from './still/read-still-header.ts';
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
  const { size, codec, exif } = await readStillHeader(bytes);
  requireUsableSize(size, MAX_STILL_PIXELS);
  const times = exif && readExifTimes(exif);
  return { ...size, codec, ...(times && { exif: times }) };
}
