import { join } from 'node:path';

import { locateFfmpeg, type FfmpegTools, type WantedFfmpeg } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { IngestSettings } from './ingest-options.ts';

type FindToolsOptions = { settings: Pick<IngestSettings, 'ffmpeg' | 'ffprobe' | 'home'>; warn: (message: string) => void };

/** What worked once in this process: a worker asks again for every job, and each answer costs the start of two large programs. */
const located = new Map<string, FfmpegTools>();

/** Stills can be ingested without ffmpeg; each video then fails with the reason. */
export async function findTools({ settings, warn }: FindToolsOptions): Promise<FfmpegTools | undefined> {
  const { ffmpeg, ffprobe, home } = settings;
  try {
    return await locateOnce({ ffmpeg, ffprobe, cacheFolder: join(home, 'bin') });
  } catch (error) {
    if (ffmpeg !== undefined || ffprobe !== undefined) throw error;
    warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function locateOnce(wanted: WantedFfmpeg): Promise<FfmpegTools> {
  const key = JSON.stringify(wanted);
  const known = located.get(key);
  if (known) return known;
  const tools = await locateFfmpeg(wanted);
  located.set(key, tools);
  return tools;
}
