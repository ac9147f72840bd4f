import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { TemporaryError, UnavailableError } from '../../errors/hs-error.ts';
import { sleep } from '../../lib/sleep.ts';
import { hashFile } from './place-weights.ts';

export type DownloadOptions = {
  url: string;
  /** Grows here and stays when the connection is lost, so that the next try goes on from there. */
  partPath: string;
  sha256: string;
  bytes: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((receivedBytes: number) => void) | undefined;
  /** No byte for this long ends an attempt. */
  stallMs?: number | undefined;
  /** Waits before the further attempts; an attempt that brought bytes starts the list again. */
  retryDelaysMs?: readonly number[] | undefined;
};

const STALL_MS = 30_000;
const RETRY_DELAYS_MS = [500, 2000, 5000];
const OWNER_ONLY = 0o600;

/**
 * Fetches a file of known length and sha256, going on after lost connections and from what an earlier call left.
 * Throws UnavailableError when the address offers another file, TemporaryError when it cannot be reached; the part is kept only then.
 */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const left = await sizeOf(options.partPath);
  if (left > options.bytes) await rm(options.partPath);
  await fillPart(options);
  if (await isRight(options)) return;
  await rm(options.partPath, { force: true });
  // What an earlier run left may have been to blame.
  if (left === 0) throw otherFile(options.url, `its sha256 is not ${options.sha256}`);
  await downloadFile(options);
}

async function fillPart(options: DownloadOptions): Promise<void> {
  const delaysMs = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  let vainTries = 0;
  for (let before = await sizeOf(options.partPath); before < options.bytes;) {
    const failure = await attempt(options, before);
    const now = await sizeOf(options.partPath);
    if (now === options.bytes) return;
    vainTries = now > before ? 0 : vainTries + 1;
    const delayMs = delaysMs[vainTries];
    if (delayMs === undefined) throw unreachable(options, failure);
    await sleep(delayMs, options.signal);
    before = now;
  }
}

/** One request. Returns what ended it, should bytes still be missing; throws what no further attempt can mend. */
async function attempt(options: DownloadOptions, from: number): Promise<unknown> {
  const { signal, onProgress, stallMs = STALL_MS } = options;
  const stall = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stall.abort(new Error(`no data for ${String(stallMs / 1000)} s`));
    }, stallMs);
  };
  try {
    alive();
    const ended = signal === undefined ? stall.signal : AbortSignal.any([stall.signal, signal]);
    const response = await fetch(options.url, { signal: ended, headers: requestHeaders(from) });
    const start = startOf(response, options, from);
    if (start === undefined) return new Error(`the server answered ${String(response.status)} ${response.statusText}`.trim());
    const count = countBytes({ start, limit: options.bytes, url: options.url, onBytes: alive, onProgress });
    if (response.body === null) return new Error('the answer was empty');
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    await pipeline(body, count, createWriteStream(options.partPath, { flags: start === 0 ? 'w' : 'a', mode: OWNER_ONLY }));
    return new Error('the answer ended early');
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UnavailableError) throw error;
    return error;
  } finally {
    clearTimeout(timer);
    stall.abort();
  }
}

/** Compressed answers would have other lengths and could not be resumed. */
function requestHeaders(from: number): Record<string, string> {
  return { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${String(from)}-` } : {}) };
}

/** Where the answer's body begins in the file, or undefined for a failure that may pass. */
function startOf(response: Response, options: DownloadOptions, from: number): number | undefined {
  const { status, statusText, headers } = response;
  if (status === 206) return resumedStart(headers.get('content-range'), options, from);
  if (status === 200) {
    checkLength(headers.get('content-length') ?? undefined, options);
    return 0;
  }
  const mayPass = status === 408 || status === 429 || status >= 500;
  if (mayPass) return undefined;
  throw new UnavailableError('download_refused', `${options.url} answered ${String(status)} ${statusText}`.trim());
}

/** `bytes 100-999/1000`: only an answer that begins where the part ends can be appended to it. */
function resumedStart(contentRange: string | null, options: DownloadOptions, from: number): number | undefined {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(contentRange ?? '') ?? [];
  checkLength(total === '*' ? undefined : total, options);
  return Number(first) === from ? from : undefined;
}

function checkLength(length: string | undefined, { url, bytes }: DownloadOptions): void {
  if (length !== undefined && Number(length) !== bytes) throw otherFile(url, `it has ${length} bytes, not ${String(bytes)}`);
}

type Count = { start: number; limit: number; url: string; onBytes: () => void; onProgress: DownloadOptions['onProgress'] };

function countBytes({ start, limit, url, onBytes, onProgress }: Count) {
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let received = start;
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > limit) throw otherFile(url, `it has more than ${String(limit)} bytes`);
      onBytes();
      onProgress?.(received);
      yield chunk;
    }
  };
}

async function isRight({ partPath, sha256, bytes, signal }: DownloadOptions): Promise<boolean> {
  const found = await hashFile(partPath, signal);
  return found.sha256 === sha256 && found.bytes === bytes;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function otherFile(url: string, difference: string): UnavailableError {
  return new UnavailableError('download_mismatch', `${url} is not the file the card names: ${difference}`);
}

function unreachable({ url }: DownloadOptions, failure: unknown): TemporaryError {
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new TemporaryError('download_failed', `cannot download ${url}: ${said}`, { hint: 'try again later: what has arrived is kept' });
}
