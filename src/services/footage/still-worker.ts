import { stat } from 'node:fs/promises';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';
import { cutPicture, type PictureCut } from '../../media/cut-picture.ts';
import { decodeStill } from '../../media/decode-still.ts';
import type { MediaLocation } from '../../media/open-media.ts';

export type StillTask = { file: MediaLocation; cut: PictureCut };

/** What is sent in one piece is copied ten times, each time into fresh memory: 50 CPU-ms for a picture of 1080 lines, in portions 10 to 20. */
const PORTION_BYTES = 256 * 1024;

/** Program of the process that decodes stills for another: the pixels as parts, 8-bit RGB from the top, and then their size. */
serveTasks<undefined, StillTask, Size>({
  start: () =>
    Promise.resolve(async ({ file, cut }, _note, { part }) => {
      const { width, height, data } = await cutPicture(await pictureOf(file), cut);
      for (let at = 0; at < data.length; at += PORTION_BYTES) part(data.subarray(at, at + PORTION_BYTES));
      return { width, height };
    }),
});

/** A picture often shows several objects. */
let last: { state: string; picture: RgbPicture } | undefined;

async function pictureOf(file: MediaLocation): Promise<RgbPicture> {
  const state = await stateOf(file);
  if (last !== undefined && last.state === state) return last.picture;
  last = undefined;
  const { picture } = await decodeStill(file, (original) => original);
  if (state !== undefined) last = { state, picture };
  return picture;
}

/** Undefined for a file that is not there; opening it says so better. */
async function stateOf({ path }: MediaLocation): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs, path].join(' ');
}
