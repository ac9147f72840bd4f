import { basename } from 'node:path';
import { drawZones } from '../../media/drawing/draw-zones.ts';
import { encodeJpeg } from '../../media/drawing/encode-jpeg.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { EventMoment } from '../events/find-moments.ts';
import { readFootageFrame } from '../footage/read-footage-frame.ts';

/** The frame as it is, and a handy drawing of it with the boxes. Throws MediaError for a file that cannot be read. */
export async function drawStill(moment: EventMoment, tools: () => Promise<FfmpegTools>): Promise<{ plain: Buffer; boxes: Buffer }> {
  const { file, offsetMs, atMs } = moment;
  const picture = await readFootageFrame(file, { offsetMs }, tools);
  const caption = [file.camera_id, new Date(atMs).toISOString(), basename(file.path)].join('  ·  ');
  return { plain: await encodeJpeg(picture), boxes: await drawZones({ picture, zones: [], boxes: moment.boxes, caption }) };
}
