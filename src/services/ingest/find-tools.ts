import { join } from 'node:path';

import { locateFfmpeg, type FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { IngestSettings } from './ingest-options.ts';

type FindToolsOptions = { settings: Pick<IngestSettings, 'ffmpeg' | 'ffprobe' | 'home'>; warn: (message: string) => void };

/** Stills can be ingested without ffmpeg; each video then fails with the reason. */
export async function findTools({ settings, warn }: FindToolsOptions): Promise<FfmpegTools | undefined> {
  try {
    const { ffmpeg, ffprobe, home } = settings;
    return await locateFfmpeg({ ffmpeg, ffprobe, cacheFolder: join(home, 'bin') });
  } catch (error) {
    if (settings.ffmpeg !== undefined || settings.ffprobe !== undefined) throw error;
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
