import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { parseObjectUri, type ObjectPlace } from '../../domain/object-uri.ts';
import { sleep } from '../../lib/sleep.ts';
import { MediaError } from '../media-error.ts';
import { suffixOf } from '../media-suffixes.ts';
import { createRoomMaker, linkInUse, nameBeside, openSized, type RoomMaker } from './cache-folder.ts';
import { objectOptions, type ObjectOptions } from './object-options.ts';
import { askForStamp, openBody, type ObjectStamp } from './object-store.ts';
import { toObjectError } from './store-errors.ts';

/** A copy on this disk, which stays there until it is released. */
export type HeldCopy = { path: string; release: () => Promise<void> };

const BYTES_PER_GB = 1e9;
/** A connection that breaks in the middle is not tried again by the SDK. */
const DOWNLOAD_ATTEMPTS = 3;
const PAUSE_MS = 300;

/** What the store said of an object counts so long: whoever lists it, hashes it and reads its header asks once. */
const STAMP_MS = 60_000;
const MOST_KNOWN = 20_000;

/** What this process knows of objects; with other options nothing of it counts. */
type Known = {
  options: ObjectOptions;
  stamps: Map<string, { stamp: ObjectStamp; untilMs: number }>;
  /** Where the last copy of an object was put. */
  paths: Map<string, string>;
  downloads: Map<string, Promise<void>>;
  makeRoom: RoomMaker;
};
let latest: Known | undefined;

function known(): Known {
  const options = objectOptions();
  if (latest?.options !== options) {
    const makeRoom = createRoomMaker(options.cacheFolder, options.cacheMaxGb * BYTES_PER_GB);
    latest = { options, stamps: new Map(), paths: new Map(), downloads: new Map(), makeRoom };
  }
  return latest;
}

/** A copy of an object, from the cache or fetched now. Throws MediaError `vanished` or `unreadable`, or the signal's reason. */
export async function holdCopy(uri: string): Promise<HeldCopy> {
  const stamp = await stampOfObject(uri);
  if (stamp === undefined) throw new MediaError('vanished', 'is not there any more');
  const { cacheFolder } = objectOptions();
  const name = copyName(uri, stamp);
  for (let attempt = 0; attempt <= DOWNLOAD_ATTEMPTS; attempt += 1) {
    const path = await linkInUse(cacheFolder, name);
    if (path !== undefined) {
      keep(known().paths, uri, path);
      return { path, release: () => unlink(path).catch(() => undefined) };
    }
    await downloadOnce(uri, { name, stamp });
  }
  throw new MediaError('unreadable', 'cannot be read: its copy is removed again and again, s3.cache_max_gb is too small');
}

/** An open copy, which is held until it is closed. */
export async function openCopy(uri: string): Promise<FileHandle> {
  const { path, release } = await holdCopy(uri);
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    afterClose(handle, release);
    return handle;
  } catch (cause) {
    await release();
    throw new MediaError('unreadable', 'cannot be read: somebody removed its copy', { cause });
  }
}

/** A handle says when it is closed; Node's typings do not know that. */
function afterClose(handle: unknown, then: () => Promise<void>): void {
  (handle as { once: (event: 'close', then: () => void) => void }).once('close', () => void then());
}

/** Of an object that is held by this process, for programs that open it by name. */
export function pathOfCopy(uri: string): string | undefined {
  return known().paths.get(uri);
}

/** What the store says of an object now; undefined when it is not there. Throws MediaError `unreadable`. */
export async function stampOfObject(uri: string): Promise<ObjectStamp | undefined> {
  const said = known().stamps.get(uri);
  if (said !== undefined && said.untilMs > Date.now()) return said.stamp;
  try {
    const stamp = await askForStamp(placeOf(uri));
    if (stamp !== undefined) rememberStamp(uri, stamp);
    return stamp;
  } catch (error) {
    throw toObjectError(error);
  }
}

export function rememberStamp(uri: string, stamp: ObjectStamp): void {
  keep(known().stamps, uri, { stamp, untilMs: Date.now() + STAMP_MS });
}

/** Memory stays bounded: what is forgotten is asked again. */
function keep<Value>(map: Map<string, Value>, uri: string, value: Value): void {
  if (map.size >= MOST_KNOWN) map.clear();
  map.set(uri, value);
}

function placeOf(uri: string): ObjectPlace {
  const place = parseObjectUri(uri);
  if (place === undefined) throw new MediaError('unreadable', 'is no place in object storage');
  return place;
}

/** Whatever is in the key: a hash, and the suffix where it is plain. Other content has another name. */
function copyName(uri: string, { etag, sizeBytes }: ObjectStamp): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([objectOptions().endpoint, uri, etag, sizeBytes]))
    .digest('hex');
  const suffix = suffixOf(uri);
  return /^[a-z0-9]{1,8}$/.test(suffix) ? `${hash}.${suffix}` : hash;
}

type Wanted = { name: string; stamp: ObjectStamp };

async function downloadOnce(uri: string, wanted: Wanted): Promise<void> {
  const { downloads } = known();
  const running = downloads.get(wanted.name);
  if (running !== undefined) return running;
  const fetching = fetchCopy(uri, wanted).finally(() => downloads.delete(wanted.name));
  downloads.set(wanted.name, fetching);
  return fetching;
}

async function fetchCopy(uri: string, { name, stamp }: Wanted): Promise<void> {
  const { cacheFolder, cacheMaxGb } = objectOptions();
  if (stamp.sizeBytes > cacheMaxGb * BYTES_PER_GB) {
    throw new MediaError('unreadable', `has ${String(stamp.sizeBytes)} bytes, more than s3.cache_max_gb (${String(cacheMaxGb)}) lets in`);
  }
  const half = join(cacheFolder, nameBeside(name, 'tmp'));
  try {
    const file = await known().makeRoom(stamp.sizeBytes, () => openSized(half, stamp.sizeBytes));
    try {
      await download(file, uri, stamp);
      // A machine that loses its power must not leave a copy full of holes.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, join(cacheFolder, name));
  } catch (error) {
    await unlink(half).catch(() => undefined);
    throw error;
  }
}

async function download(file: FileHandle, uri: string, stamp: ObjectStamp): Promise<void> {
  const { signal } = objectOptions();
  for (let attempt = 1; ; attempt += 1) {
    const body = await openSame(uri, stamp);
    try {
      await writeBody(file, body, stamp.sizeBytes);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (isOfDisk(error)) throw error;
      if (attempt >= DOWNLOAD_ATTEMPTS) throw error instanceof MediaError ? error : new MediaError('unreadable', BROKEN, { cause: error });
    }
    await sleep(attempt * PAUSE_MS, signal);
    signal?.throwIfAborted();
  }
}

const BROKEN = 'cannot be read: its download breaks off or does not fit its checksum';

async function openSame(uri: string, stamp: ObjectStamp): Promise<AsyncIterable<Uint8Array>> {
  const { signal } = objectOptions();
  const { etag, body } = await openBody(placeOf(uri)).catch((error: unknown) => {
    signal?.throwIfAborted();
    known().stamps.delete(uri);
    throw toObjectError(error);
  });
  if (etag === stamp.etag) return body;
  body.destroy();
  known().stamps.delete(uri);
  throw new MediaError('vanished', 'was replaced while it was read; the next run takes it');
}

/** Throws MediaError when fewer or more bytes come than the store has. */
async function writeBody(file: FileHandle, body: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
  let position = 0;
  for await (const block of body) {
    if (position + block.length > sizeBytes) break;
    await writeAll(file, block, position);
    position += block.length;
  }
  if (position !== sizeBytes) throw new MediaError('unreadable', `came only in part: ${String(position)} of ${String(sizeBytes)} bytes`);
}

async function writeAll(file: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.length;) done += (await file.write(block, done, block.length - done, position + done)).bytesWritten;
}

function isOfDisk(error: unknown): boolean {
  return /^(ENOSPC|EDQUOT|EFBIG|EIO)$/.test((error as NodeJS.ErrnoException).code ?? '');
}
