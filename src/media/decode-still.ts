import type { Size } from '../domain/box.ts';
import type { RgbPicture } from '../domain/picture.ts';
import { MAX_STILL_PIXELS, requireUsableSize, wholeSize } from './media-limits.ts';
import type { MediaLocation } from './open-media.ts';
import { createTurns } from './still/in-turn.ts';
import { limitedSharp, sharpOfRgb, toStillError, type Strictness } from './still/limited-sharp.ts';
import { isBmp, readBmp, readBmpSize } from './still/read-bmp.ts';
import { readStillHeader, type StillHeader } from './still/read-still-header.ts';
import { withStillBytes } from './still/still-bytes.ts';

/** The kernel the shipped models were measured with; the library's default costs them up to 1.3 points of AP. */
const RESIZE = { fit: 'fill', kernel: 'cubic' } as const;

export type DecodedStill = {
  /** As displayed, after EXIF rotation. */
  original: Size;
  picture: RgbPicture;
  /** The file ends early; the missing part is grey. */
  truncated: boolean;
};

/**
 * Decodes a still (of an animation the first picture) to 8-bit RGB of exactly the size `scaleTo` answers.
 * Overwritten bytes inside a JPEG's picture data are rarely noticed; a missing end always is.
 * Throws MediaError: the codes of opening, `decode_failed`, `unsupported_codec`, `dimensions`, `timeout`.
 */
export async function decodeStill(file: MediaLocation, scaleTo: (original: Size) => Size): Promise<DecodedStill> {
  return withStillBytes(file, async (bytes) => {
    if (!isBmp(bytes)) return decodeBytes(bytes, scaleTo);
    return whenThereIsRoom(readBmpSize(bytes), () => decodeBmp(bytes, scaleTo));
  });
}

/** Several ordinary pictures may be decoded at once, of very large ones only one. */
const LARGE_PIXELS = 25_000_000;
const inTurn = createTurns();

function whenThereIsRoom<T>({ width, height }: Size, decoding: () => Promise<T>): Promise<T> {
  return width * height > LARGE_PIXELS ? inTurn(decoding) : decoding();
}

async function decodeBytes(bytes: Uint8Array, scaleTo: (original: Size) => Size): Promise<DecodedStill> {
  const header = await readStillHeader(bytes);
  requireUsableSize(header.size, MAX_STILL_PIXELS);
  const target = wholeSize(scaleTo(header.size));
  return whenThereIsRoom(header.size, () => decodeTolerantly(bytes, header, target));
}

/** From the strictest decoder to the one that takes anything: the first that gives a picture tells what the file is. */
async function decodeTolerantly(bytes: Uint8Array, header: StillHeader, target: Size): Promise<DecodedStill> {
  const original = header.size;
  const attempt = (failOn: Strictness): Promise<RgbPicture> => decode(bytes, header, { target, failOn });
  let isShort = false;
  for (const failOn of ['warning', 'error'] as const) {
    try {
      return { original, picture: await attempt(failOn), truncated: isShort };
    } catch (error) {
      // Most warnings are harmless; this one says that the picture data end before the picture does.
      isShort ||= failOn === 'warning' && error instanceof Error && /premature end/i.test(error.message);
    }
  }
  const picture = await attempt('none').catch((error: unknown) => {
    throw toStillError(error);
  });
  return { original, picture, truncated: true };
}

async function decode(bytes: Uint8Array, header: StillHeader, options: { target: Size; failOn: Strictness }): Promise<RgbPicture> {
  const { width, height } = options.target;
  let pipeline = limitedSharp(bytes, options.failOn);
  // Turning costs 0.8 ms even where there is nothing to turn.
  if (header.isTurned) pipeline = pipeline.autoOrient();
  if (header.hasAlpha) pipeline = pipeline.removeAlpha();
  pipeline = pipeline.resize(width, height, RESIZE).toColourspace('srgb').raw();
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels instead of 3`);
  return { width: info.width, height: info.height, data };
}

async function decodeBmp(bytes: Uint8Array, scaleTo: (original: Size) => Size): Promise<DecodedStill> {
  const { picture: full, truncated } = readBmp(bytes);
  const original = { width: full.width, height: full.height };
  const { width, height } = wholeSize(scaleTo(original));
  const data = await sharpOfRgb(full).resize(width, height, RESIZE).raw().toBuffer();
  return { original, picture: { width, height, data }, truncated };
}
