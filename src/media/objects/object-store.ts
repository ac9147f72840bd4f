import type { Readable } from 'node:stream';

import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';

import type { ObjectPlace } from '../../domain/object-uri.ts';
import { present } from '../../lib/present.ts';
import { objectOptions, type ObjectOptions } from './object-options.ts';

/** What the store says of an object: with all three the same its content is the same. Times to the second, as HTTP has them. */
export type ObjectStamp = { sizeBytes: number; etag: string; modifiedAtMs: number };

export type ListedEntry =
  { kind: 'folder'; key: string } | ({ kind: 'file'; key: string } & ObjectStamp) | { kind: 'unnamed'; key: string };

export type ObjectBody = { etag: string; sizeBytes: number | undefined; body: Readable };

/** Each with growing pauses, so that a store that restarts costs nothing. */
const ATTEMPTS = 6;
const CONNECT_MS = 5_000;
/** Longest silence of a connection. */
const SILENCE_MS = 30_000;

let opened: { options: ObjectOptions; client: Promise<S3Client> } | undefined;

/** Loading the SDK takes some hundred ms: nobody pays that who has no footage in object storage. */
async function sdk() {
  // Its word about the next major version of Node is for us, not for whoever runs hs.
  // eslint-disable-next-line no-restricted-properties -- said to the SDK, not read
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return import('@aws-sdk/client-s3');
}

function openClient(): Promise<S3Client> {
  const options = objectOptions();
  if (opened?.options !== options) opened = { options, client: createClient(options) };
  return opened.client;
}

async function createClient({ endpoint, region, pathStyle, checksums }: ObjectOptions): Promise<S3Client> {
  const { S3Client } = await sdk();
  const wanted = checksums === 'when_required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED';
  return new S3Client({
    ...present({ endpoint, region }),
    forcePathStyle: pathStyle,
    requestChecksumCalculation: wanted,
    responseChecksumValidation: wanted,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENCE_MS, throwOnRequestTimeout: true, socketTimeout: SILENCE_MS },
  });
}

/** The entries right below a prefix (empty, or ending with `/`), page by page, in the order of the store. Throws what the SDK throws. */
export async function* listEntries({ bucket, key: prefix }: ObjectPlace, signal?: AbortSignal): AsyncGenerator<ListedEntry> {
  const { ListObjectsV2Command } = await sdk();
  const client = await openClient();
  let next: string | undefined;
  do {
    const place = { Bucket: bucket, Prefix: prefix, Delimiter: '/', EncodingType: 'url' as const, ...present({ ContinuationToken: next }) };
    const page = await client.send(new ListObjectsV2Command(place), sendOptions(signal));
    yield* entriesOf(page);
    next = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (next !== undefined);
}

function* entriesOf({ CommonPrefixes, Contents, EncodingType }: ListObjectsV2CommandOutput): Generator<ListedEntry> {
  // Some stores do not know how to encode, and say so by saying nothing.
  const decode = EncodingType === 'url' ? decodeKey : plainKey;
  for (const { Prefix = '' } of CommonPrefixes ?? []) yield named(Prefix, decode, (key) => ({ kind: 'folder', key }));
  for (const { Key = '', ...object } of Contents ?? []) {
    yield named(Key, decode, (key) => ({ kind: 'file', key, ...stampOf(object.Size, object.ETag, object.LastModified) }));
  }
}

function named(raw: string, decode: (raw: string) => string | undefined, toEntry: (key: string) => ListedEntry): ListedEntry {
  const key = decode(raw);
  return key === undefined ? { kind: 'unnamed', key: raw } : toEntry(key);
}

/** Whether any key begins with this. Throws what the SDK throws. */
export async function hasKeysBelow({ bucket, key: prefix }: ObjectPlace): Promise<boolean> {
  const { ListObjectsV2Command } = await sdk();
  const page = await (await openClient()).send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }), sendOptions());
  return (page.Contents ?? []).length > 0;
}

/** Undefined for what is not there. Throws what the SDK throws otherwise. */
export async function askForStamp({ bucket, key }: ObjectPlace): Promise<ObjectStamp | undefined> {
  const { HeadObjectCommand } = await sdk();
  const client = await openClient();
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), sendOptions());
    return stampOf(head.ContentLength, head.ETag, head.LastModified);
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NotFound' || name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** The SDK checks the checksum of what it reads, where the store gives one. Throws what the SDK throws. */
export async function openBody({ bucket, key }: ObjectPlace): Promise<ObjectBody> {
  const { GetObjectCommand } = await sdk();
  const checksum = objectOptions().checksums === 'when_supported' ? { ChecksumMode: 'ENABLED' as const } : {};
  const got = await (await openClient()).send(new GetObjectCommand({ Bucket: bucket, Key: key, ...checksum }), sendOptions());
  return { etag: plainTag(got.ETag ?? ''), sizeBytes: got.ContentLength, body: got.Body as Readable };
}

function sendOptions(signal = objectOptions().signal): { abortSignal?: AbortSignal } {
  return present({ abortSignal: signal });
}

function stampOf(sizeBytes: number | undefined, etag: string | undefined, modified: Date | undefined): ObjectStamp {
  return { sizeBytes: sizeBytes ?? 0, etag: plainTag(etag ?? ''), modifiedAtMs: Math.floor((modified?.getTime() ?? 0) / 1000) * 1000 };
}

/** Stores differ in whether they quote. */
function plainTag(etag: string): string {
  return etag.replaceAll('"', '');
}

/** Undefined where a name is not UTF-8, or cannot stand in a text of the database. */
function decodeKey(key: string): string | undefined {
  try {
    return plainKey(decodeURIComponent(key.replaceAll('+', ' ')));
  } catch {
    return undefined;
  }
}

function plainKey(key: string): string | undefined {
  return key.includes('\0') ? undefined : key;
}
