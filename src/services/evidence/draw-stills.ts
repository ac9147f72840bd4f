import { basename } from 'node:path';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { DetectionListRow } from '../../db/queries/detections.ts';
import { pickKeyFrames, type KeyFrame } from '../../domain/evidence/key-frames.ts';
import { drawZones } from '../../media/drawing/draw-zones.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { readFootageFrame } from '../footage/read-footage-frame.ts';
import { toSeenBox } from '../zones/seen-box.ts';
import type { GatheredEvent } from './gather-event.ts';

export type Still = { file: MediaFileRow; frame: KeyFrame<DetectionListRow> };

/** A costly read each, and more than a reader wants to look through. */
const MOST_STILLS = 6;

/** The frames that show best what an event is about. */
export function stillsOf({ files, sightings }: GatheredEvent): Still[] {
  return pickKeyFrames(sightings, MOST_STILLS).flatMap((frame) => {
    const file = files.find(({ id }) => id === frame.mediaFileId);
    return file === undefined ? [] : [{ file, frame }];
  });
}

/** The frame as it is, and a handy drawing of it with the boxes. Throws MediaError for a file that cannot be read. */
export async function drawStill({ file, frame }: Still, tools: () => Promise<FfmpegTools>): Promise<{ plain: Buffer; boxes: Buffer }> {
  const picture = await readFootageFrame(file, frame.offsetMs, tools);
  const caption = [file.camera_id, frame.at.toISOString(), basename(file.path)].join('  ·  ');
  const boxes = await drawZones({ picture, zones: [], boxes: frame.seen.flatMap(toSeenBox), caption });
  return { plain: await encodeJpeg(picture), boxes };
}
