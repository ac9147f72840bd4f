import { dirname } from 'node:path';

import type { CropRow } from '../../db/queries/track-crops.ts';
import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { present } from '../../lib/present.ts';
import { cropPicture, type Crop, type CropBox } from '../../media/crop-picture.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { footageStats } from '../../media/footage-stats.ts';
import { MediaError } from '../../media/media-error.ts';
import type { VideoProbe } from '../../media/probe-video.ts';
import { readFrames } from '../../media/read-frames.ts';
import { readStill } from '../footage/read-still.ts';

export type ReadCropsOptions = {
  tools: () => Promise<FfmpegTools>;
  scaleTo: (crop: Size) => Size;
  signal: AbortSignal;
  /** What is cut out; by default the box of the detection. */
  cutOut?: (box: CropBox) => CropBox;
  /** How stills are decoded; by default in a process of its own. */
  readStill?: typeof readStill;
};

/** `whole`: the picture it was cut from. */
export type ReadCrop = Crop & { row: CropRow; whole: RgbPicture };

/**
 * Crops of one file, cut from its footage again; at most one picture is held. A frame that is not there any more is left out. Throws
 * MediaError when the file cannot be read, or is not the one that was looked at.
 */
export async function* readCrops(rows: readonly CropRow[], options: ReadCropsOptions): AsyncIterable<ReadCrop> {
  const [first] = rows;
  if (first === undefined) return;
  await requireSameSize(first);
  for await (const { offsetMs, picture } of readPictures(first, rows, options)) {
    for (const row of rows.filter((each) => each.frame_offset_ms === offsetMs)) {
      const box = { x: row.bbox_x, y: row.bbox_y, width: row.bbox_width, height: row.bbox_height };
      const crop = await cropPicture(picture, options.cutOut?.(box) ?? box, options.scaleTo);
      if (crop) yield { row, whole: picture, ...crop };
    }
  }
}

type Picture = { offsetMs: number; picture: RgbPicture };

async function* readPictures(file: CropRow, rows: readonly CropRow[], options: ReadCropsOptions): AsyncIterable<Picture> {
  const location = { path: file.path, root: dirname(file.path) };
  if (file.media_type === 'image') {
    yield { offsetMs: 0, picture: await (options.readStill ?? readStill)(location) };
    return;
  }
  const offsetsMs = rows.map((row) => row.frame_offset_ms);
  yield* readFrames(location, { tools: await options.tools(), probe: probeOf(file), offsetsMs, signal: options.signal });
}

function probeOf({ width, height, duration_ms: durationMs }: CropRow): VideoProbe {
  if (width === null || height === null) throw new MediaError('decode_failed', 'the size of the picture is unknown');
  return { width, height, codec: 'unknown', container: 'unknown', ...present({ durationMs: durationMs ?? undefined }) };
}

/** Another file under the same name would give crops of something else. */
async function requireSameSize({ path, size_bytes: known }: CropRow): Promise<void> {
  const found = await footageStats(path);
  if (found === undefined) throw new MediaError('vanished', 'is not there any more');
  if (found.sizeBytes !== known)
    throw new MediaError('vanished', `is another file now: ${String(found.sizeBytes)} bytes, not ${String(known)}`);
}
