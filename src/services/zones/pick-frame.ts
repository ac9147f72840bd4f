import type { Knex } from 'knex';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { findNewestFootage } from '../../db/queries/cameras.ts';
import { findMediaFile } from '../../db/queries/media-files.ts';
import { findFootage } from '../../db/queries/zone-footage.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { MediaError } from '../../media/media-error.ts';
import { findFileIds } from '../files/find-file-ids.ts';
import { parseInstant } from '../lists/parse-instant.ts';
import { chooseOffset, ffmpegFinder, readFootageFrame, type DecodeSettings } from '../footage/read-footage-frame.ts';

export type PickFrameOptions = {
  cameraId: string;
  timezone: string;
  file: string | undefined;
  at: string | undefined;
  settings: DecodeSettings;
};

export type PickedFrame = { file: MediaFileRow; offsetMs: number; at: Date; picture: RgbPicture };

/** Footage may be moved away; that much of the newest is tried. */
const FILES_TRIED = 10;

/** A frame that was analysed: of the file that is named, at the moment that is named, else of the newest file that can be read. */
export async function pickFrame(knex: Knex, options: PickFrameOptions): Promise<PickedFrame> {
  const at = await momentOf(knex, options);
  const files =
    options.file === undefined ? await findFootage(knex, { ...options, at, limit: FILES_TRIED }) : [await namedFile(knex, options)];
  const tools = ffmpegFinder(options.settings);
  let reason = '';
  for (const file of files) {
    const startMs = file.captured_at?.getTime() ?? 0;
    const offsetMs = chooseOffset(file, at === undefined ? undefined : at.getTime() - startMs);
    try {
      return { file, offsetMs, at: new Date(startMs + offsetMs), picture: await readFootageFrame(file, { offsetMs }, tools) };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      reason ||= `: ${file.path} ${error.message}`;
    }
  }
  throw new UsageError(`there is no footage of camera ${options.cameraId} to draw on${reason}`, {
    code: 'footage_missing',
    hint: 'give --file with a file that is still there; `hs files list` shows those that are known',
  });
}

async function momentOf(knex: Knex, { cameraId, timezone, at }: PickFrameOptions): Promise<Date | undefined> {
  if (at === undefined) return undefined;
  return parseInstant(at, { name: '--at', zone: timezone, asOf: await findNewestFootage(knex, [cameraId]) });
}

async function namedFile(knex: Knex, { file = '', cameraId }: PickFrameOptions): Promise<MediaFileRow> {
  const ids = await findFileIds(knex, [file]);
  for (const id of ids) {
    const found = await findMediaFile(knex, id);
    if (found?.camera_id === cameraId) return found;
  }
  throw new UsageError(`file ${file} is not of camera ${cameraId}`, { hint: 'name its camera, or another file' });
}
