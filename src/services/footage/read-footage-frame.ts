import { dirname, join } from 'node:path';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { present } from '../../lib/present.ts';
import { cutPicture, type PictureCut } from '../../media/cut-picture.ts';
import { locateFfmpeg, type FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { readFrames } from '../../media/read-frames.ts';
import { readStill } from './read-still.ts';

/** The settings that decoding depends on. */
export type DecodeSettings = { home: string; ffmpeg?: string | undefined; ffprobe?: string | undefined };

/** Finds ffmpeg when it is first needed: stills do without. */
export function ffmpegFinder({ home, ffmpeg, ffprobe }: DecodeSettings): () => Promise<FfmpegTools> {
  let tools: Promise<FfmpegTools> | undefined;
  return () => (tools ??= locateFfmpeg({ ffmpeg, ffprobe, cacheFolder: join(home, 'bin') }));
}

type FootageFile = Pick<
  MediaFileRow,
  'path' | 'media_type' | 'width' | 'height' | 'codec' | 'duration_ms' | 'frame_rate' | 'container_frames'
>;

/** `offsetMs` is one that was analysed. */
type WantedFrame = { offsetMs: number; cut?: PictureCut };

/** One frame of a file of the ledger, in full size where no less is wanted. Throws MediaError for a file that is gone or damaged. */
export async function readFootageFrame(
  file: FootageFile,
  { offsetMs, cut = {} }: WantedFrame,
  tools: () => Promise<FfmpegTools>,
): Promise<RgbPicture> {
  const location = { path: file.path, root: dirname(file.path) };
  if (file.media_type === 'image') return readStill(location, cut);
  const { width, height, codec, duration_ms: durationMs, frame_rate: frameRate, container_frames: frameCount } = file;
  if (width === null || height === null) throw new MediaError('decode_failed', 'the size of the picture is unknown');
  const probe = { width, height, codec: codec ?? 'unknown', container: 'unknown', ...present({ durationMs, frameRate, frameCount }) };
  for await (const { picture } of readFrames(location, { tools: await tools(), probe, offsetsMs: [offsetMs] })) {
    // Its bytes are the decoder's own.
    return cutPicture({ ...picture, data: Uint8Array.from(picture.data) }, cut);
  }
  throw new MediaError('decode_failed', `there is no frame at ${String(offsetMs / 1000)} s`);
}

/** Of the frames that were analysed the one nearest to `wantedMs`, else the middle one. */
export function chooseOffset(file: Pick<MediaFileRow, 'analysed_offsets_ms'>, wantedMs?: number): number {
  const offsets = file.analysed_offsets_ms ?? [];
  if (wantedMs === undefined) return offsets[Math.floor(offsets.length / 2)] ?? 0;
  return offsets.reduce((best, offset) => (Math.abs(offset - wantedMs) < Math.abs(best - wantedMs) ? offset : best), offsets[0] ?? 0);
}
