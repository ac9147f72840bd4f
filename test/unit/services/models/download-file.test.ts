import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { downloadFile } from '../../../../src/services/models/download-file.ts';
import { sha256Of } from '../../inference/tiny-models.ts';
import { serveModel } from './model-server.ts';
import type { Behaviour, ModelServer } from './model-server.ts';

const file = new Uint8Array(randomBytes(200_000));
const servers: ModelServer[] = [];

async function prepare(behaviours: readonly Behaviour[], had?: Uint8Array) {
  const server = await serveModel(file, behaviours);
  servers.push(server);
  const partPath = join(await mkdtemp(join(tmpdir(), 'hs-download-')), 'model.part');
  if (had !== undefined) await writeFile(partPath, had);
  const progress: number[] = [];
  const options = {
    url: server.url,
    partPath,
    sha256: sha256Of(file),
    bytes: file.length,
    retryDelaysMs: [0, 0, 0],
    stallMs: 300,
    onProgress: (received: number) => progress.push(received),
  };
  return { server, partPath, progress, options };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('a download arrives whole', () => {
  test.each<[string, Behaviour[], number]>([
    ['at once', ['good'], 1],
    ['after cut connections, from where they were cut', ['cut', 'cut', 'cut', 'cut', 'cut', 'good'], 6],
    ['when the server knows no ranges', ['cut', 'no-ranges'], 2],
    ['when the server is busy first', ['busy', 'busy', 'good'], 3],
    ['when the server falls silent', ['stall', 'good'], 2],
  ])('%s', async (_, behaviours, requests) => {
    const { server, partPath, options, progress } = await prepare(behaviours);
    await downloadFile(options);
    expect(sha256Of(await readFile(partPath))).toBe(sha256Of(file));
    expect((await stat(partPath)).mode & 0o777).toBe(0o600);
    expect(server.requests).toHaveLength(requests);
    expect(progress.at(-1)).toBe(file.length);
  });

  test('going on from what an earlier run left', async () => {
    const { server, options } = await prepare(['good'], file.subarray(0, 150_000));
    await downloadFile(options);
    expect(server.requests).toEqual([{ range: 'bytes=150000-' }]);
  });

  test('without any request when it was complete already', async () => {
    const { server, options } = await prepare(['gone'], file);
    await downloadFile(options);
    expect(server.requests).toEqual([]);
  });

  test('from the start when what was left is too long', async () => {
    const { server, options } = await prepare(['good'], new Uint8Array(file.length + 5));
    await downloadFile(options);
    expect(server.requests).toEqual([{ range: undefined }]);
  });
});

describe('another file', () => {
  test.each<[string, Behaviour, string]>([
    ['of the right length', 'wrong-bytes', 'sha256'],
    ['that says it is longer', 'longer', 'it has 200001 bytes, not 200000'],
    ['that never ends', 'endless', 'more than 200000 bytes'],
  ])('%s is refused', async (_, behaviour, said) => {
    const { options } = await prepare([behaviour]);
    await expect(downloadFile(options)).rejects.toMatchObject({
      code: 'download_mismatch',
      exitCode: 6,
      message: expect.stringContaining(said) as unknown,
    });
  });

  test('leaves nothing to go on from', async () => {
    const { options, partPath } = await prepare(['wrong-bytes']);
    await expect(downloadFile(options)).rejects.toMatchObject({ code: 'download_mismatch' });
    expect(existsSync(partPath)).toBe(false);
  });

  test('left by an earlier run is thrown away, and the right one fetched', async () => {
    const { options, partPath, server } = await prepare(['good'], new Uint8Array(100_000));
    await downloadFile(options);
    expect(sha256Of(await readFile(partPath))).toBe(sha256Of(file));
    expect(server.requests).toEqual([{ range: 'bytes=100000-' }, { range: undefined }]);
  });
});

describe('a server that does not deliver', () => {
  test.each<[Behaviour, string, number]>([
    ['gone', 'download_refused', 6],
    ['busy', 'download_failed', 5],
    ['chunked-cut', 'download_failed', 5],
  ])('%s is told', async (behaviour, code, exitCode) => {
    const { options } = await prepare([behaviour]);
    await expect(downloadFile(options)).rejects.toMatchObject({ code, exitCode });
  });

  test('and keeps what has arrived', async () => {
    const { options, partPath } = await prepare(['cut', 'busy']);
    await expect(downloadFile(options)).rejects.toMatchObject({ code: 'download_failed' });
    expect((await stat(partPath)).size).toBeGreaterThan(0);
  });

  test('because nobody listens is temporary', async () => {
    const { options, server } = await prepare(['good']);
    await server.close();
    await expect(downloadFile(options)).rejects.toMatchObject({ code: 'download_failed', exitCode: 5 });
  });

  test('is left at once when the user stops', async () => {
    const { options } = await prepare(['stall']);
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new Error('stopped'));
    }, 50);
    await expect(downloadFile({ ...options, stallMs: 60_000, signal: controller.signal })).rejects.toThrow('stopped');
  });
});
