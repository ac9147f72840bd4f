import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { ZipEntry } from '../../exporters/zip/write-zip.ts';
import { MediaError } from '../../media/media-error.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { CLIP_FOLDER } from '../clips/clip-name.ts';
import { cutEventClip } from '../clips/cut-event-clip.ts';
import type { EventMoment } from '../events/find-moments.ts';
import { checkOriginal } from '../footage/check-original.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';
import { NAMES, type BundleFile, type BundleManifest } from './bundle-format.ts';
import { readmeText } from './bundle-readme.ts';
import { copyOriginal, originalName } from './copy-original.ts';
import { drawStill } from './draw-stills.ts';
import { gatherEvent } from './gather-event.ts';

export type BundleProgress = { percent: number; step: string };

export type BundleContent = {
  ids: readonly number[];
  originals: BundleManifest['originals'];
  clips: boolean;
  /** Name that the README calls the bundle by. */
  fileName: string;
  settings: DecodeSettings & ZoneSettings;
  actor: string;
  signal: AbortSignal;
  onProgress: (progress: BundleProgress) => void;
};

/** Seconds of footage around an event, as clips have them. */
const AROUND_MS = 5000;
const PERCENT = { gathered: 10, copied: 80 } as const;

type Footage = { file: MediaFileRow; eventIds: number[] };
type Gathered = { footage: Map<number, Footage>; stills: Map<number, EventMoment[]> };

type Making = BundleContent & {
  knex: Knex;
  /** Filled on the way. */
  manifest: BundleManifest;
  /** Files that turned out not to be those of the ledger while they were copied, by id, with why. */
  unusable: ReadonlyMap<number, string>;
};

/** The files of a bundle one after the other; what each was is in the manifest when the next one is asked for. */
export async function* bundleEntries(making: Making): AsyncGenerator<ZipEntry> {
  const about = { role: 'readme', event_ids: [], source_path: null, content_sha256: null } as const;
  yield recorded(making, { path: NAMES.readme, ...about }, () => [Buffer.from(readmeText(making.manifest, making.fileName))]);
  const gathered: Gathered = { footage: new Map(), stills: new Map() };
  yield* eventEntries(making, gathered);
  const unusable = yield* originalEntries(making, [...gathered.footage.values()]);
  if (making.clips) yield* clipEntries(making);
  yield* stillEntries(making, gathered, unusable);
}

type Described = Omit<BundleFile, 'sha256' | 'size_bytes'>;
type Content = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

function recorded({ manifest, signal }: Making, file: Described, content: Content): ZipEntry {
  return {
    name: file.path,
    compress: false,
    async *content() {
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of content()) {
        signal.throwIfAborted();
        hash.update(chunk);
        size += chunk.byteLength;
        yield chunk;
      }
      const { path, ...rest } = file;
      manifest.files.push({ path, sha256: hash.digest('hex'), size_bytes: size, ...rest });
    },
  };
}

async function* eventEntries(making: Making, { footage, stills }: Gathered): AsyncGenerator<ZipEntry> {
  for (const [index, id] of making.ids.entries()) {
    making.onProgress({ percent: Math.floor((PERCENT.gathered * index) / making.ids.length), step: `event ${String(id)}` });
    const event = await gatherEvent(making.knex, id, { settings: making.settings, aroundMs: AROUND_MS });
    for (const file of event.files) {
      const eventIds = footage.get(file.id)?.eventIds ?? [];
      footage.set(file.id, { file, eventIds: [...eventIds, id] });
    }
    stills.set(id, event.moments);
    const about = { role: 'event', event_ids: [id], source_path: null, content_sha256: null } as const;
    yield recorded(making, { path: `event-${String(id)}.json`, ...about }, () => [
      Buffer.from(`${JSON.stringify(event.document, undefined, 2)}\n`),
    ]);
  }
}

/** Every file is looked at, copied or not; returns those that are gone or changed, by id, with why. */
async function* originalEntries(making: Making, footage: readonly Footage[]): AsyncGenerator<ZipEntry, Map<number, string>> {
  const unusable = new Map<number, string>();
  const total = footage.reduce((sum, { file }) => sum + file.size_bytes, 0);
  let done = 0;
  for (const { file, eventIds } of footage) {
    const report = (bytes: number): void => {
      done += bytes;
      const percent = PERCENT.gathered + Math.floor(((PERCENT.copied - PERCENT.gathered) * done) / Math.max(1, total));
      making.onProgress({ percent, step: file.path });
    };
    report(0);
    const about = { role: 'original', event_ids: eventIds, source_path: file.path, content_sha256: file.content_sha256 } as const;
    const why = await whyUnusable(making, file);
    if (why !== undefined) unusable.set(file.id, why);
    if (making.originals === 'none' || why !== undefined) report(file.size_bytes);
    if (making.originals === 'none') continue;
    if (why === undefined)
      yield recorded(making, { path: originalName(file), ...about }, () => watched(copyOriginal(file, making.signal), report));
    else making.manifest.missing.push({ ...about, why });
  }
  return unusable;
}

async function* watched(chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.byteLength);
    yield chunk;
  }
}

/** A file that is copied is hashed while that is done; here only where it is not. */
async function whyUnusable({ unusable, originals, signal }: Making, file: MediaFileRow): Promise<string | undefined> {
  if (file.content_sha256 === null) return 'was never read, so that its content is not known';
  const known = unusable.get(file.id);
  if (known !== undefined) return known;
  return (await tryMedia(() => checkOriginal(file, { verify: originals === 'none', signal }))).why;
}

type Tried<Value> = { value: Value; why?: undefined } | { value?: undefined; why: string };

async function tryMedia<Value>(work: () => Promise<Value>): Promise<Tried<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof MediaError) return { why: error.message };
    throw error;
  }
}

/** The clip of each event as `hs events clip` makes it, which keeps it. */
async function* clipEntries(making: Making): AsyncGenerator<ZipEntry> {
  const { knex, settings, unusable, originals } = making;
  const options = {
    tools: ffmpegFinder(settings),
    folder: join(settings.home, CLIP_FOLDER),
    beforeMs: AROUND_MS,
    afterMs: AROUND_MS,
    mode: 'auto',
    boxes: false,
    verify: unusable.size > 0 || originals === 'none',
    actor: making.actor,
    signal: making.signal,
  } as const;
  for (const id of making.ids) {
    making.onProgress({ percent: PERCENT.copied, step: `clip of event ${String(id)}` });
    const about = { role: 'clip', event_ids: [id], content_sha256: null } as const;
    const { value: clip, why } = await tryMedia(() => cutEventClip(knex, id, options));
    if (clip === undefined) making.manifest.missing.push({ ...about, source_path: null, why });
    else yield recorded(making, { path: `clips/event-${String(id)}.mp4`, ...about, source_path: clip.path }, readerOf(clip.path));
  }
}

function readerOf(path: string): Content {
  return () => createReadStream(path) as AsyncIterable<Uint8Array>;
}

async function* stillEntries(making: Making, { stills }: Gathered, unusable: ReadonlyMap<number, string>): AsyncGenerator<ZipEntry> {
  const tools = ffmpegFinder(making.settings);
  for (const [id, chosen] of stills) {
    making.onProgress({ percent: PERCENT.copied, step: `stills of event ${String(id)}` });
    for (const [index, still] of chosen.entries()) {
      const { path: source, content_sha256 } = still.file;
      const about = { role: 'still', event_ids: [id], source_path: source, content_sha256 } as const;
      const known = unusable.get(still.file.id);
      const { value: drawn, why } = known === undefined ? await tryMedia(() => drawStill(still, tools)) : { why: known };
      if (drawn === undefined) {
        making.manifest.missing.push({ ...about, why });
        continue;
      }
      const name = `stills/event-${String(id)}-${String(index + 1)}`;
      yield recorded(making, { path: `${name}.jpg`, ...about }, () => [drawn.plain]);
      yield recorded(making, { path: `${name}-boxes.png`, ...about }, () => [drawn.boxes]);
    }
  }
}
