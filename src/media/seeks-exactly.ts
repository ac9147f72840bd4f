import { readHead } from './fingerprint.ts';
import { isIsoMedia, isMatroska } from './magic-numbers.ts';
import { withMedia, type MediaLocation } from './open-media.ts';

/**
 * Whether seeking in a video gives the frames that reading it from the start gives. Measured with ffmpeg on clean and on damaged files: in MP4
 * and Matroska it does, to the pixel and to the count of errors; in AVI and transport streams not where something is missing in them, as a
 * reader then counts frames or takes the clock of the stream. Their name says nothing: recorders call transport streams .mp4.
 */
export async function seeksExactly(file: MediaLocation): Promise<boolean> {
  return withMedia(file, async (input) => {
    const head = await readHead(input);
    return isIsoMedia(head) || isMatroska(head);
  });
}
