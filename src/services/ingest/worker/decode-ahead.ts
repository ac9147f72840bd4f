import type { Size } from '../../../domain/box.ts';
import { decodeStill, type DecodedStill } from '../../../media/decode-still.ts';
import type { FileToAnalyse } from './analysis-task.ts';

/** How many stills are decoded while the one before them is looked at: inference and decoding use different threads. */
const AHEAD = 2;

export type DecodeAhead = (file: FileToAnalyse) => Promise<DecodedStill>;

/** Decodes the stills of a task a little ahead of their turn. */
export function createDecodeAhead(files: readonly FileToAnalyse[], scaleTo: (original: Size) => Size): DecodeAhead {
  const started = new Map<number, Promise<DecodedStill>>();

  function start(file: FileToAnalyse): Promise<DecodedStill> {
    const decoding = started.get(file.id) ?? decodeStill(file, scaleTo);
    // An error belongs to the file's own turn.
    decoding.catch(() => undefined);
    started.set(file.id, decoding);
    return decoding;
  }

  return (file) => {
    const place = files.findIndex((one) => one.id === file.id);
    for (const next of files.slice(place, place + 1 + AHEAD)) if (next.mediaType === 'image') void start(next);
    const still = start(file);
    started.delete(file.id);
    return still;
  };
}
