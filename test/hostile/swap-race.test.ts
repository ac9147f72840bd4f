import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { decodeStill } from '../../src/media/decode-still.ts';
import { discoverFiles } from '../../src/media/discover-files.ts';
import { fingerprint } from '../../src/media/fingerprint.ts';
import { MediaError } from '../../src/media/media-error.ts';
import { withMedia } from '../../src/media/open-media.ts';
import { probeVideo } from '../../src/media/probe-video.ts';
import { makeFolder, makeVideo, testFfmpeg } from '../helpers/footage.ts';
import { goodJpeg } from './picture-inputs.ts';

/** Opened by hashing; decoding and probing cost more, so they get fewer tries. */
const OPENINGS = 1000;
const DECODINGS = 200;
const PROBES = 40;
const LIMIT_MS = 60_000;

let folder: Awaited<ReturnType<typeof makeFolder>>;
let root: string;
let own: { jpeg: Buffer; mp4: Buffer };
let secretHashes: Set<string>;
let swapper: ChildProcess;

/** Replaces what lies at the given places as fast as it can: file, link to a secret, file … and a folder by a link to another one. */
const SWAPPER = `
  const { renameSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
  const [root, secrets] = process.argv.slice(2);
  const files = { 'a.jpg': 'own.jpg', 'a.mp4': 'own.mp4' };
  const { readFileSync, copyFileSync } = require('node:fs');
  process.send('ready');
  setInterval(() => {
    for (let turn = 0; turn < 40; turn += 1) {
      for (const [name, source] of Object.entries(files)) {
        const next = root + '/next-' + name;
        rmSync(next, { force: true });
        if (turn % 2) copyFileSync(root + '/../' + source, next);
        else symlinkSync(secrets + '/' + name, next);
        renameSync(next, root + '/' + name);
      }
      if (turn % 2) { rmSync(root + '/sub', { force: true }); renameSync(root + '/sub-away', root + '/sub'); }
      else { renameSync(root + '/sub', root + '/sub-away'); symlinkSync(secrets, root + '/sub'); }
    }
  }, 0);
`;

beforeAll(async () => {
  folder = await makeFolder();
  root = join(folder.path, 'footage');
  const secrets = join(folder.path, 'secrets');
  own = { jpeg: await goodJpeg(1), mp4: await readFile(await makeVideo({ seconds: 1 })) };
  const secret = { jpeg: await goodJpeg(2), mp4: await readFile(await makeVideo({ seconds: 1, size: '176x144' })) };
  await mkdir(join(root, 'sub'), { recursive: true });
  await mkdir(secrets);
  for (const place of [root, join(root, 'sub')]) {
    await writeFile(join(place, 'a.jpg'), own.jpeg);
    await writeFile(join(place, 'a.mp4'), own.mp4);
  }
  await writeFile(join(secrets, 'a.jpg'), secret.jpeg);
  await writeFile(join(secrets, 'a.mp4'), secret.mp4);
  await writeFile(join(folder.path, 'own.jpg'), own.jpeg);
  await writeFile(join(folder.path, 'own.mp4'), own.mp4);
  secretHashes = new Set(await Promise.all(['a.jpg', 'a.mp4'].map((name) => hashOf({ path: join(secrets, name), root: secrets }))));
  const script = join(folder.path, 'swap.cjs');
  await writeFile(script, SWAPPER);
  swapper = fork(script, [root, secrets], { stdio: 'ignore' });
  await new Promise((done) => swapper.once('message', done));
}, LIMIT_MS);

afterAll(async () => {
  const ended = new Promise((done) => swapper.once('close', done));
  swapper.kill('SIGKILL');
  await ended;
  await rm(folder.path, { recursive: true, force: true });
});

async function hashOf(location: { path: string; root: string }): Promise<string> {
  return withMedia(location, async (handle) => (await fingerprint(handle)).sha256);
}

/** What came of many tries: results, or the codes of refusals; anything else thrown fails the test. */
async function tryOften<T>(
  times: number,
  action: (path: string) => Promise<T>,
  names: readonly string[],
): Promise<{ results: T[]; codes: Set<string> }> {
  const results: T[] = [];
  const codes = new Set<string>();
  for (let index = 0; index < times; index += 1) {
    try {
      results.push(await action(join(root, names[index % names.length] ?? '')));
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      codes.add(error.code);
    }
  }
  return { results, codes };
}

test(
  `a file or folder swapped for a link to another place is never read through it (${String(OPENINGS)} openings, bar 22)`,
  async () => {
    const names = ['a.jpg', 'a.mp4', 'sub/a.jpg', 'sub/a.mp4'];
    const { results, codes } = await tryOften(OPENINGS, (path) => hashOf({ path, root }), names);
    expect(results.filter((hash) => secretHashes.has(hash))).toEqual([]);
    expect(results.length, 'some openings meet the file').toBeGreaterThan(20);
    expect([...codes].filter((code) => code !== 'unreadable' && code !== 'vanished')).toEqual([]);
    expect(OPENINGS - results.length, 'some openings meet a link').toBeGreaterThan(20);
  },
  LIMIT_MS,
);

test(
  `neither by decoding (${String(DECODINGS)} times) nor by probing (${String(PROBES)} times)`,
  async () => {
    const tools = await testFfmpeg();
    const stills = await tryOften(DECODINGS, (path) => decodeStill({ path, root }, () => ({ width: 8, height: 6 })), [
      'a.jpg',
      'sub/a.jpg',
    ]);
    const own8 = await decodeStill({ path: join(folder.path, 'own.jpg'), root: folder.path }, () => ({ width: 8, height: 6 }));
    const foreign = stills.results.filter(({ picture }) => !Buffer.from(picture.data).equals(Buffer.from(own8.picture.data)));
    expect(foreign).toEqual([]);
    expect(stills.results.length).toBeGreaterThan(5);
    const probes = await tryOften(PROBES, (path) => probeVideo({ path, root }, tools), ['a.mp4', 'sub/a.mp4']);
    expect(probes.results.filter(({ width }) => width !== 160)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'listing meanwhile neither fails nor gives a path outside',
  async () => {
    for (let round = 0; round < 50; round += 1) {
      for await (const one of discoverFiles([root])) {
        if (one.kind === 'file') expect(one.file.path.startsWith(`${root}/`)).toBe(true);
      }
    }
  },
  LIMIT_MS,
);
