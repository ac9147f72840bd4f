import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { MACHINE } from '../../../../src/lib/processes.ts';
import { footageExists, footageStats } from '../../../../src/media/footage-stats.ts';
import { MediaError } from '../../../../src/media/media-error.ts';
import { holdCopy } from '../../../../src/media/objects/object-cache.ts';
import { useObjectOptions, type ObjectOptions } from '../../../../src/media/objects/object-options.ts';
import { withMedia } from '../../../../src/media/open-media.ts';
import { makeFolder } from '../../../helpers/footage.ts';
import { BUCKET, optionsFor, S3_ENVIRONMENT, sendError, startS3Double, type S3Double } from '../../../helpers/s3-double.ts';
import { useVariables } from '../../../helpers/use-variables.ts';

const KB = 1e-6;

let store: S3Double;
let home: Awaited<ReturnType<typeof makeFolder>>;
let cache: string;
let putBack: () => void;

beforeAll(() => (putBack = useVariables(S3_ENVIRONMENT)));
afterAll(() => {
  putBack();
});
beforeEach(async () => {
  store = await startS3Double();
  home = await makeFolder();
  cache = join(home.path, 's3-cache');
  use({});
});
afterEach(async () => {
  useObjectOptions(undefined);
  await store.close();
  await home.dispose();
});

function use(others: Partial<ObjectOptions>): void {
  useObjectOptions(optionsFor(store, cache, others));
}

const uriOf = (key: string): string => `s3://${BUCKET}/${key}`;

async function read(key: string): Promise<string> {
  return withMedia({ path: uriOf(key), root: uriOf('') }, async (handle) => (await handle.readFile()).toString());
}

async function refusal(key: string): Promise<string> {
  const error: unknown = await read(key).catch((thrown: unknown) => thrown);
  return error instanceof MediaError ? `${error.code}: ${error.message}` : String(error);
}

async function cached(): Promise<string[]> {
  return (await readdir(cache)).sort();
}

describe('an object becomes a file', () => {
  test('read once, closed to others, and not asked for again', async () => {
    store.put('cam/a.jpg', 'bytes');
    expect([await read('cam/a.jpg'), await read('cam/a.jpg')]).toEqual(['bytes', 'bytes']);
    expect(store.takeCounts()).toEqual({ list: 0, head: 1, get: 1 });
    const [name = ''] = await cached();
    expect(name).toMatch(/^[0-9a-f]{64}\.jpg$/);
    expect([(await stat(cache)).mode & 0o777, (await stat(join(cache, name))).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test('several who want it at once fetch it once', async () => {
    store.put('a.mp4', 'bytes');
    await Promise.all(Array.from({ length: 8 }, () => read('a.mp4')));
    expect(store.takeCounts().get).toBe(1);
  });

  test.each(['../../../x.jpg', '/etc/x.jpg', 'a\nb/x.jpg', 'é/漢.jpg', 'a/x.j/../pg', '-x.mp4', '%2e%2e/x.jpg', 'x.jpg?versionId=1#a'])(
    'no key leads out of the cache: %j',
    async (key) => {
      store.put(key, `of ${key}`);
      expect(await read(key)).toBe(`of ${key}`);
      expect(await readdir(home.path)).toEqual(['s3-cache']);
      for (const name of await cached()) expect(name).toMatch(/^[0-9a-f]{64}(\.[0-9a-z]+)?$/);
    },
  );

  test('an empty one', async () => {
    store.put('a.jpg', '');
    expect(await read('a.jpg')).toBe('');
  });

  test('other content under the same key is another file', async () => {
    store.put('a.jpg', 'first');
    await read('a.jpg');
    store.put('a.jpg', 'other');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    expect(await read('a.jpg')).toBe('other');
    vi.restoreAllMocks();
    expect(await cached()).toHaveLength(2);
  });
});

describe('what is not footage', () => {
  test('an object that is gone between listing and reading', async () => {
    store.put('a.jpg', 'bytes');
    expect(await footageExists(uriOf('a.jpg'))).toBe(true);
    store.remove('a.jpg');
    expect(await refusal('a.jpg')).toBe('vanished: is not there any more');
    expect(await cached()).toEqual([]);
  });

  test('one that was replaced between listing and reading', async () => {
    store.put('a.jpg', 'bytes');
    await footageStats(uriOf('a.jpg'));
    store.put('a.jpg', 'other');
    expect(await refusal('a.jpg')).toBe('vanished: was replaced while it was read; the next run takes it');
    expect(await read('a.jpg')).toBe('other');
  });

  test('a download that breaks off is tried again', async () => {
    store.put('a.jpg', 'all of the bytes');
    store.fault = ({ kind, count }, response, stored) => {
      if (kind !== 'get' || count > 2) return false;
      response.writeHead(200, { 'content-length': '16', etag: `"${stored?.etag ?? ''}"` });
      response.write('all of', () => response.destroy());
      return true;
    };
    expect(await read('a.jpg')).toBe('all of the bytes');
    expect(store.takeCounts().get).toBe(3);
  });

  test('a body that is short, long, or does not fit its checksum is never taken', async () => {
    store.put('a.jpg', 'all of the bytes');
    const answers = [
      { text: 'all of', told: 'unreadable: came only in part: 6 of 16 bytes' },
      { text: 'all of the bytes and more', told: 'unreadable: came only in part: 0 of 16 bytes' },
      {
        text: 'all of the bytez',
        crc: 'AAAAAA==',
        told: 'unreadable: cannot be read: its download breaks off or does not fit its checksum',
      },
    ];
    for (const { text, crc, told } of answers) {
      store.fault = ({ kind }, response, stored) => {
        if (kind !== 'get') return false;
        response.writeHead(200, { etag: `"${stored?.etag ?? ''}"`, ...(crc === undefined ? {} : { 'x-amz-checksum-crc32': crc }) });
        response.end(text);
        return true;
      };
      expect(await refusal('a.jpg')).toBe(told);
      expect(await cached()).toEqual([]);
    }
  });

  test('one that the store refuses or keeps in an archive', async () => {
    store.put('a.jpg', 'bytes');
    for (const [code, told] of [
      ['AccessDenied', 'the store refuses it (AccessDenied)'],
      ['InvalidObjectState', 'is archived'],
    ] as const) {
      store.fault = ({ kind }, response) => {
        if (kind === 'get') sendError(response, 403, code);
        return kind === 'get';
      };
      expect(await refusal('a.jpg')).toContain(told);
    }
    expect(await footageExists(uriOf('a.jpg'))).toBe(true);
  });

  test('what cannot be asked is not gone', async () => {
    store.fault = (_, response) => {
      sendError(response, 403, 'AccessDenied');
      return true;
    };
    expect(await footageExists(uriOf('a.jpg'))).toBe(true);
    store.fault = undefined;
    expect(await footageExists(uriOf('a.jpg'))).toBe(false);
  });

  test('a stop request ends a download and leaves nothing', async () => {
    const stop = new AbortController();
    use({ signal: stop.signal });
    store.put('a.jpg', 'all of the bytes');
    store.fault = ({ kind }, response, stored) => {
      if (kind !== 'get') return false;
      response.writeHead(200, { 'content-length': '16', etag: `"${stored?.etag ?? ''}"` });
      response.write('all of', () => {
        stop.abort(new Error('stopped'));
      });
      return true;
    };
    expect(await refusal('a.jpg')).toBe('Error: stopped');
    expect(await cached()).toEqual([]);
  });
});

describe('room', () => {
  test('more than the cap lets in fails with the setting to change, and nothing else', async () => {
    use({ cacheMaxGb: 2 * KB });
    store.put('big.mp4', 'x'.repeat(2001));
    store.put('small.mp4', 'x'.repeat(500));
    expect(await refusal('big.mp4')).toBe('unreadable: has 2001 bytes, more than s3.cache_max_gb (0.000002) lets in');
    expect(await read('small.mp4')).toHaveLength(500);
    expect(store.takeCounts().get).toBe(1);
  });

  test('what was used longest ago goes first, what is read stays', async () => {
    use({ cacheMaxGb: 10 * KB });
    for (const name of 'abcdefgh') store.put(`${name}.mp4`, name.repeat(1500));
    const oldest = await holdCopy(uriOf('a.mp4'));
    for (const name of 'bcdef') await read(`${name}.mp4`);
    await read('b.mp4');
    for (const name of 'gh') await read(`${name}.mp4`);
    const kept = await Promise.all(
      (await cached()).filter((name) => /^[0-9a-f]{64}\.mp4$/.test(name)).map((name) => readFile(join(cache, name), 'utf8')),
    );
    const letters = kept.map((text) => text[0]).sort();
    expect(letters).toContain('a');
    expect(letters).toContain('b');
    expect(letters).not.toContain('c');
    expect(letters.length * 1500).toBeLessThanOrEqual(10_000);
    await oldest.release();
    expect(await cached()).toHaveLength(letters.length);
  });

  test('what an ended process left goes, what one of another machine is at stays', async () => {
    store.put('a.jpg', 'bytes');
    await mkdir(cache, { mode: 0o700 });
    const hash = '0'.repeat(64);
    const left = `${hash}.mp4.${MACHINE}-4194303-00000000-000000000000.tmp`;
    const earlierOfSameNumber = `${hash}.mp4.${MACHINE}-${String(process.pid)}-00000000-000000000000.use`;
    const elsewhere = `${hash}.mp4.ffffffff-4194303-00000000-000000000000.tmp`;
    for (const name of [left, earlierOfSameNumber, elsewhere]) await writeFile(join(cache, name), 'x');
    const { path, release } = await holdCopy(uriOf('a.jpg'));
    await release();
    expect(await cached()).toEqual([elsewhere, `${basename(path).slice(0, 64)}.jpg`].sort());
  });
});
