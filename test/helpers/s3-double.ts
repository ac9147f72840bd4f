import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ObjectOptions } from '../../src/media/objects/object-options.ts';

type Stored = { bytes: Buffer; etag: string; modified: Date };
type Kind = 'list' | 'head' | 'get';
/** Answers instead of the store; false: the store answers. */
type Fault = (request: { kind: Kind; key: string; count: number }, response: ServerResponse, stored: Stored | undefined) => boolean;

export type S3Double = {
  endpoint: string;
  put(key: string, content: Buffer | string, modified?: Date): void;
  remove(key: string): void;
  /** Requests since the last look, by kind. */
  takeCounts(): Record<Kind, number>;
  fault: Fault | undefined;
  close(): Promise<void>;
};

export const BUCKET = 'footage';
const SECRETS = { AWS_ACCESS_KEY_ID: 'AKIATESTONLY', AWS_SECRET_ACCESS_KEY: 'test-only-secret' };

/** Variables with which the SDK asks only this store; no profile, no instance role. */
export const S3_ENVIRONMENT = {
  ...SECRETS,
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
};

export function optionsFor({ endpoint }: S3Double, cacheFolder: string, others: Partial<ObjectOptions> = {}): ObjectOptions {
  return { endpoint, pathStyle: true, checksums: 'when_supported', cacheMaxGb: 1, cacheFolder, ...others };
}

/** One bucket behind real HTTP: ListObjectsV2 by pages, HeadObject, GetObject with Range. Signatures are asked for and not checked. */
export async function startS3Double({ pageSize = 1000 }: { pageSize?: number } = {}): Promise<S3Double> {
  const objects = new Map<string, Stored>();
  let counts: Record<Kind, number> = { list: 0, head: 0, get: 0 };
  const server = createServer((request, response) => {
    // As it was sent: a URL would take `..` in a key for a path.
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const [, bucket = '', ...rest] = path.split('/');
    const key = decodeURIComponent(rest.join('/'));
    if (request.headers.authorization === undefined) sendError(response, 403, 'AccessDenied');
    else if (bucket !== BUCKET) sendError(response, 404, 'NoSuchBucket');
    else {
      const kind = request.method === 'HEAD' ? 'head' : key === '' ? 'list' : 'get';
      counts[kind] += 1;
      if (double.fault?.({ kind, key, count: counts[kind] }, response, objects.get(key)) === true) return;
      if (kind === 'list') sendList(response, { objects, query: new URLSearchParams(query), pageSize });
      else sendObject(request, response, objects.get(key));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const double: S3Double = {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    put(key, content, modified = new Date('2026-01-14T12:00:00Z')) {
      const bytes = Buffer.from(content);
      objects.set(key, { bytes, etag: createHash('md5').update(bytes).digest('hex'), modified });
    },
    remove: (key) => objects.delete(key),
    takeCounts() {
      const taken = counts;
      counts = { list: 0, head: 0, get: 0 };
      return taken;
    },
    fault: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return double;
}

export function sendError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>AKIATESTONLY may not be told</Message></Error>`);
}

function sendObject(request: IncomingMessage, response: ServerResponse, stored: Stored | undefined): void {
  if (stored === undefined) {
    sendError(response, 404, 'NoSuchKey');
    return;
  }
  const { bytes, etag, modified } = stored;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const part = from === undefined ? bytes : bytes.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': part.length,
    etag: `"${etag}"`,
    'last-modified': modified.toUTCString(),
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}

type Listing = { objects: Map<string, Stored>; query: URLSearchParams; pageSize: number };

/** In the order of bytes, a folder once, where its first key would stand. */
function sendList(response: ServerResponse, { objects, query, pageSize }: Listing): void {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(pageSize, Number(query.get('max-keys') ?? pageSize));
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => rolledUp(key, prefix, delimiter));
  const all = [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const begin = Number(query.get('continuation-token') ?? 0);
  const page = all.slice(begin, begin + most);
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string): string => key;
  const entries = page.map((name) =>
    entryXml(encode(name), delimiter !== '' && name.endsWith(delimiter) && name !== prefix ? undefined : objects.get(name)),
  );
  const isTruncated = begin + most < all.length;
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${BUCKET}</Name><KeyCount>${String(page.length)}</KeyCount>` +
      `<EncodingType>url</EncodingType><IsTruncated>${String(isTruncated)}</IsTruncated>` +
      (isTruncated ? `<NextContinuationToken>${String(begin + most)}</NextContinuationToken>` : '') +
      `${entries.join('')}</ListBucketResult>`,
  );
}

function rolledUp(key: string, prefix: string, delimiter: string): string {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end === -1 ? key : key.slice(0, end + 1);
}

/** As S3 does: `/` stays, a blank is `+`. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function entryXml(name: string, stored: Stored | undefined): string {
  if (stored === undefined) return `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`;
  const { bytes, etag, modified } = stored;
  return `<Contents><Key>${name}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${String(bytes.length)}</Size></Contents>`;
}
