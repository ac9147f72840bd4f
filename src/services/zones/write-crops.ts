import type { Knex } from 'knex';
import { findMediaFile } from '../../db/queries/media-files.ts';
import type { BoxXywh } from '../../domain/box.ts';
import type { RepeatedBox, StandingDetection } from '../../domain/zones/repeated-boxes.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { encodePng } from '../../media/drawing/encode-png.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { readFootageFrame } from '../footage/read-footage-frame.ts';

type WriteCropsOptions = {
  box: RepeatedBox;
  /** Path of the pictures up to their number. */
  prefix: string;
  tools: () => Promise<FfmpegTools>;
};

/** So much of what is around the box is shown on each side. */
const MARGIN = 0.25;
const LARGEST = { width: 480, height: 480 };

/** Pictures of the examples of a repeated box, as far as their files are still there; returns their paths. */
export async function writeCrops(knex: Knex, { box, prefix, tools }: WriteCropsOptions): Promise<string[]> {
  const paths: string[] = [];
  const examples = [...new Map(box.examples.map((example) => [example.id, example])).values()];
  for (const [index, example] of examples.entries()) {
    const png = await cropOf(knex, example, tools);
    if (png === undefined) continue;
    const path = `${prefix}-${String(index + 1)}.png`;
    await writeAtomically(path, [png]);
    paths.push(path);
  }
  return paths;
}

async function cropOf(knex: Knex, example: StandingDetection, tools: () => Promise<FfmpegTools>): Promise<Buffer | undefined> {
  const file = await findMediaFile(knex, example.mediaFileId);
  if (file === undefined) return undefined;
  try {
    const cut = { box: withMargin(example.box), within: LARGEST };
    return await encodePng(await readFootageFrame(file, { offsetMs: example.frameOffsetMs, cut }, tools));
  } catch (error) {
    // Footage may have been deleted or moved since.
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

function withMargin({ x, y, width, height }: BoxXywh): BoxXywh {
  const [right, down] = [width * MARGIN, height * MARGIN];
  return { x: x - right, y: y - down, width: width + 2 * right, height: height + 2 * down };
}
