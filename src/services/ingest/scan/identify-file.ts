import { embeddedTimeOfStill, type EmbeddedTime } from '../../../domain/time/embedded-time.ts';
import { present } from '../../../lib/present.ts';
import type { FfmpegTools } from '../../../media/ffmpeg/locate-ffmpeg.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import { fingerprint, readHead, sha256OfPrefix } from '../../../media/fingerprint.ts';
import { MediaError } from '../../../media/media-error.ts';
import { suffixOf } from '../../../media/media-suffixes.ts';
import { withMedia } from '../../../media/open-media.ts';
import { identifyStill } from '../../../media/identify-still.ts';
import { probeStill, type StillProbe } from '../../../media/probe-still.ts';
import { probeVideo } from '../../../media/probe-video.ts';
import { sniffMedia, type Sniffed } from '../../../media/sniff-media.ts';
import { requireStillBytes } from '../../../media/still/still-bytes.ts';

/** A still up to this size is read into memory once, instead of twice in blocks. */
const SMALL_STILL_BYTES = 8 * 1024 * 1024;

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
 * Opens a file safely, looks at its first bytes, hashes it and reads its header. Throws MediaError when it cannot be read
 * (vanished, unreadable) or is no footage by its first bytes: a hundred gigabytes of nothing are not hashed. Throws the
 * signal's reason.
 */
export async function identifyFile(file: FoundFile, options: IdentifyOptions): Promise<FileIdentity & { grew: boolean }> {
  const { earlier } = options;
  const isSmallStill = file.mediaType === 'image' && file.sizeBytes <= SMALL_STILL_BYTES;
  return (isSmallStill && earlier === undefined ? await identifySmallStill(file) : undefined) ?? identifyByBlocks(file, options);
}

/** From one reading into memory; undefined when it turns out to be a video. */
async function identifySmallStill(file: FoundFile): Promise<(FileIdentity & { grew: boolean }) | undefined> {
  const { sniffed, probe, ...print } = await identifyStill(file);
  if (sniffed instanceof MediaError) throw sniffed;
  if (probe === undefined) return undefined;
  const identity = { ...print, grew: false, mediaType: sniffed.mediaType, warnings: warningsOf(sniffed) };
  return probe instanceof MediaError ? { ...identity, unusable: probe } : { ...identity, ...factsOfStill(probe) };
}

async function identifyByBlocks(
  file: FoundFile,
  { earlier, signal, ...options }: IdentifyOptions,
): Promise<FileIdentity & { grew: boolean }> {
  const { sha256, sizeBytes, grew, sniffed } = await withMedia(file, async (handle) => {
    const sniffed = sniffMedia(await readHead(handle), suffixOf(file.path));
    if (sniffed.mediaType === 'image') requireStillBytes(handle);
    const print = await fingerprint(handle, { signal });
    const mayHaveGrown = earlier !== undefined && print.sizeBytes > earlier.sizeBytes;
    return { ...print, sniffed, grew: mayHaveGrown && (await sha256OfPrefix(handle, earlier.sizeBytes)) === earlier.sha256 };
  });
  const identity = { sha256, sizeBytes, grew, mediaType: sniffed.mediaType, warnings: warningsOf(sniffed) };
  try {
    const facts = sniffed.mediaType === 'image' ? factsOfStill(await probeStill(file)) : await readVideo(file, { ...options, signal });
    return { ...identity, ...facts };
  } catch (error) {
    if (error instanceof MediaError) return { ...identity, unusable: error };
    throw error;
  }
}

function warningsOf({ warning }: Sniffed): FileIdentity['warnings'] {
  return warning === undefined ? [] : [{ code: 'suffix', message: warning }];
}

function factsOfStill({ width, height, codec, exif }: StillProbe): Partial<FileIdentity> {
  const embedded = exif === undefined ? undefined : embeddedTimeOfStill(exif);
  return present({ width, height, codec, embedded });
}

async function readVideo(file: FoundFile, { tools, signal }: Pick<IdentifyOptions, 'tools' | 'signal'>): Promise<Partial<FileIdentity>> {
  if (tools === undefined) throw new MediaError('unsupported_codec', 'no ffmpeg is installed to decode videos with');
  const probe = await probeVideo(file, tools, signal === undefined ? {} : { signal });
  const { width, height, codec, durationMs, frameRate, frameCount: containerFrames, creationTime: embedded } = probe;
  return present({ width, height, codec, durationMs, frameRate, containerFrames, embedded });
}
