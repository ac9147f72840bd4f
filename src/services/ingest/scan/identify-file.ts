import { embeddedTimeOfStill, type EmbeddedTime } from '../../../domain/time/embedded-time.ts';
import { present } from '../../../lib/present.ts';
import type { FfmpegTools } from '../../../media/ffmpeg/locate-ffmpeg.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import { fingerprint, sha256OfPrefix } from '../../../media/fingerprint.ts';
import { MediaError } from '../../../media/media-error.ts';
import { suffixOf } from '../../../media/media-suffixes.ts';
import { withMedia } from '../../../media/open-media.ts';
import { probeStill } from '../../../media/probe-still.ts';
import { probeVideo } from '../../../media/probe-video.ts';
import { sniffMedia } from '../../../media/sniff-media.ts';

/** What the bytes of a file say about it, before anything is decoded. */
export type FileIdentity = {
  sha256: string;
  sizeBytes: number;
  mediaType: 'image' | 'video';
  codec?: string;
  width?: number;
  height?: number;
  durationMs?: number;
  frameRate?: number;
  containerFrames?: number;
  embedded?: EmbeddedTime;
  warnings: { code: string; message: string }[];
  /** Why nothing can be read from it; it has an identity all the same. */
  unusable?: MediaError;
};

export type IdentifyOptions = {
  tools: FfmpegTools | undefined;
  /** Sizes that earlier content of this path had: to see whether the file has only grown. */
  earlier?: { sizeBytes: number; sha256: string } | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Opens a file safely, hashes it and reads its header. Throws MediaError when not even its bytes can be read (vanished,
 * unreadable, empty).
 */
export async function identifyFile(file: FoundFile, options: IdentifyOptions): Promise<FileIdentity & { grew: boolean }> {
  const { sha256, sizeBytes, grew, sniffed } = await withMedia(file, async (handle) => {
    const print = await fingerprint(handle);
    const { earlier } = options;
    const mayHaveGrown = earlier !== undefined && print.sizeBytes > earlier.sizeBytes;
    return {
      ...print,
      grew: mayHaveGrown && (await sha256OfPrefix(handle, earlier.sizeBytes)) === earlier.sha256,
      sniffed: tryTo(() => sniffMedia(print.head, suffixOf(file.path))),
    };
  });
  if (sniffed instanceof MediaError) {
    if (sizeBytes === 0) throw sniffed;
    return { sha256, sizeBytes, grew, mediaType: file.mediaType, warnings: [], unusable: sniffed };
  }
  const warnings = sniffed.warning === undefined ? [] : [{ code: 'suffix', message: sniffed.warning }];
  const identity = { sha256, sizeBytes, grew, mediaType: sniffed.mediaType, warnings };
  try {
    return { ...identity, ...(sniffed.mediaType === 'image' ? await readStill(file) : await readVideo(file, options)) };
  } catch (error) {
    if (error instanceof MediaError) return { ...identity, unusable: error };
    throw error;
  }
}

function tryTo<T>(action: () => T): T | MediaError {
  try {
    return action();
  } catch (error) {
    if (error instanceof MediaError) return error;
    throw error;
  }
}

async function readStill(file: FoundFile): Promise<Partial<FileIdentity>> {
  const { width, height, codec, exif } = await probeStill(file);
  const embedded = exif === undefined ? undefined : embeddedTimeOfStill(exif);
  return present({ width, height, codec, embedded });
}

async function readVideo(file: FoundFile, { tools, signal }: IdentifyOptions): Promise<Partial<FileIdentity>> {
  if (tools === undefined) throw new MediaError('unsupported_codec', 'no ffmpeg is installed to decode videos with');
  const probe = await probeVideo(file, tools, signal === undefined ? {} : { signal });
  const { width, height, codec, durationMs, frameRate, frameCount: containerFrames, creationTime: embedded } = probe;
  return present({ width, height, codec, durationMs, frameRate, containerFrames, embedded });
}
