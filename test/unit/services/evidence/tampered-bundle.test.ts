import { execFileSync, spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { zipTime, type BundleManifest } from '../../../../src/services/evidence/bundle-format.ts';
import { readmeText } from '../../../../src/services/evidence/bundle-readme.ts';
import { generateKey, readPublicKey, readSigningKey, type SigningKey } from '../../../../src/services/evidence/signing-key.ts';
import { verifyBundle, type VerifiedBundle } from '../../../../src/services/evidence/verify-bundle.ts';
import { makeFolder } from '../../../helpers/footage.ts';
import {
  manifestOf,
  partOf,
  resealed,
  takeBundleApart,
  withPart,
  writeSmallBundle,
  zipOf,
  type BundleParts,
} from '../../../helpers/forge-bundle.ts';

const README = 'README.txt';
const ORIGINAL = 'originals/1-a.mp4';
const EVENT = 'event-1.json';
let folder: Awaited<ReturnType<typeof makeFolder>>;
let [key, otherKey]: (SigningKey | undefined)[] = [];
let parts: BundleParts;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await makeFolder();
  for (const name of ['key', 'other']) await generateKey(at(name), undefined);
  [key, otherKey] = [await readSigningKey(at('key'), undefined), await readSigningKey(at('other'), undefined)];
  const files = [
    { path: EVENT, role: 'event', content: JSON.stringify({ event: 'somebody came' }) },
    { path: ORIGINAL, role: 'original', content: 'pictures '.repeat(1000) },
  ] as const;
  await writeSmallBundle(at('good.zip'), files, { key, readme: (manifest) => readmeText(manifest, 'good.zip') });
  parts = await takeBundleApart(at('good.zip'));
});

afterAll(() => folder.dispose());

const verify = async (path: string, publicKey?: string): Promise<VerifiedBundle> =>
  verifyBundle(path, {
    key: publicKey === undefined ? undefined : await readPublicKey(publicKey),
    signal: new AbortController().signal,
  });

const manifestWith = (change: (manifest: BundleManifest) => Partial<BundleManifest>): BundleManifest => {
  const manifest = manifestOf(parts);
  return { ...manifest, ...change(manifest) };
};
const unsigned = (): BundleParts =>
  resealed(
    parts.slice(0, -2),
    manifestWith(() => ({ signature: null })),
  );
const flipped = (content: Buffer): Buffer => Buffer.from(content.map((byte, index) => (index === 20 ? byte ^ 1 : byte)));
const renamed = (to: string): BundleParts => parts.map(([name, content]) => [name === README ? to : name, content]);

/** What was done to the bundle, and the codes of what is found: all of them, each once. */
const TAMPERED: [what: string, make: () => BundleParts, codes: string[]][] = [
  ['nothing', () => parts, []],
  ['the content of an original', () => withPart(parts, ORIGINAL, flipped(partOf(parts, ORIGINAL))), ['changed']],
  ['the content of an event', () => withPart(parts, EVENT, flipped(partOf(parts, EVENT))), ['changed']],
  ['the size of a file', () => withPart(parts, README, 'short'), ['changed']],
  ['a name', () => renamed('README.md'), ['added', 'removed']],
  ['a name that leads out', () => renamed('../README.txt'), ['removed', 'unsafe']],
  ['an absolute name', () => renamed('/README.txt'), ['removed', 'unsafe']],
  ['a name for a terminal', () => renamed('\x1b[2J.txt'), ['removed', 'unsafe']],
  ['the order', () => [parts[1]!, parts[0]!, ...parts.slice(2)], ['order']],
  ['a file added behind', () => [...parts, ['more.txt', Buffer.from('x')]], ['added']],
  ['a file added before', () => [['more.txt', Buffer.from('x')], ...parts], ['added']],
  ['a file removed', () => parts.filter(([name]) => name !== ORIGINAL), ['removed']],
  ['a file twice', () => [...parts, [ORIGINAL, Buffer.from('x')]], ['changed', 'twice']],
  ['the manifest removed', () => parts.filter(([name]) => name !== 'manifest.json'), ['manifest']],
  ['the list removed', () => parts.filter(([name]) => name !== 'SHA256SUMS'), ['removed']],
  ['the signature removed', () => parts.filter(([name]) => name !== 'manifest.sig'), ['removed']],
  ['the key removed', () => parts.filter(([name]) => name !== 'public-key.pem'), ['removed', 'signature']],
  ['the list', () => withPart(parts, 'SHA256SUMS', flipped(partOf(parts, 'SHA256SUMS'))), ['list']],
  ['the signature for nothing', () => withPart(parts, 'manifest.sig', ''), ['signature']],
  ['the signature', () => withPart(parts, 'manifest.sig', flipped(partOf(parts, 'manifest.sig'))), ['signature']],
  [
    'a word of the manifest',
    () => withPart(parts, 'manifest.json', JSON.stringify(manifestWith(() => ({ note: 'other' })))),
    ['list', 'signature'],
  ],
  [
    'the manifest, its list made anew',
    () =>
      resealed(
        parts,
        manifestWith(() => ({ note: 'other' })),
      ),
    ['signature'],
  ],
  [
    'a file, with manifest and list made anew',
    () => resealed(withPart(parts, README, Buffer.from(partOf(parts, README)).fill(65)), manifestOf(parts)),
    ['signature'],
  ],
  [
    'a file that the manifest names twice',
    () =>
      resealed(
        parts,
        manifestWith(({ files }) => ({ files: [...files, files[0]!] })),
      ),
    ['manifest', 'signature'],
  ],
  [
    'the manifest into one of a later version',
    () =>
      resealed(
        parts,
        manifestWith(() => ({ version: 2 as 1 })),
      ),
    ['manifest', 'signature'],
  ],
  ['the key alone', () => withPart(parts, 'public-key.pem', otherKey!.publicKey.pem), ['signature']],
  ['the key for no key', () => withPart(parts, 'public-key.pem', 'none'), ['signature']],
  ['all of it, signed with another key', () => resealed(parts, otherManifest(), otherKey), ['with --key: signature']],
  ['all of it, without a signature', unsigned, ['with --key: signature']],
];

const otherManifest = (): BundleManifest =>
  manifestWith(({ signature }) => ({ signature: { ...signature!, public_key_sha256: otherKey!.publicKey.sha256 } }));

describe('what was changed in a bundle is found', () => {
  test('every file that was changed is named, whether the zip was made anew or not', async () => {
    const both = withPart(withPart(parts, EVENT, flipped(partOf(parts, EVENT))), ORIGINAL, flipped(partOf(parts, ORIGINAL)));
    const inPlace = await zipOf(parts, zipTime(manifestOf(parts)));
    for (const name of [EVENT, ORIGINAL]) inPlace[inPlace.indexOf(name) + name.length + 1]! ^= 1;
    for (const zip of [await zipOf(both, zipTime(manifestOf(parts))), inPlace]) {
      await writeFile(at('both.zip'), zip);
      expect((await verify(at('both.zip'))).findings.map(({ path }) => path)).toEqual([EVENT, ORIGINAL]);
    }
  });

  test.each(TAMPERED)('%s', async (_, make, codes) => {
    await writeFile(at('tampered.zip'), renameRaw(await zipOf(make().map(forWriter), zipTime(manifestOf(parts)))));
    const codesOf = ({ findings }: VerifiedBundle): string[] => [...new Set(findings.map(({ code }) => code))].sort();
    const onlyWithKey = codes.filter((code) => code.startsWith('with --key: ')).map((code) => code.replace('with --key: ', ''));
    const always = codes.filter((code) => !code.startsWith('with --key: '));
    const [without, given] = [await verify(at('tampered.zip')), await verify(at('tampered.zip'), at('key.pub'))];
    expect(codesOf(without)).toEqual(always);
    // A signature that is not there at all is told only to who asked for one.
    expect(codesOf(given).filter((code) => code !== 'signature')).toEqual(always.filter((code) => code !== 'signature'));
    if (onlyWithKey.length > 0) expect(codesOf(given)).toEqual(onlyWithKey);
    expect(given.intact).toBe(codes.length === 0);
  });

  test('compressed files, and a zip that was packed anew', async () => {
    await writeFile(at('packed.zip'), await zipOf(parts, zipTime(manifestOf(parts)), [README]));
    expect((await verify(at('packed.zip'))).findings).toMatchObject([{ code: 'packed', path: README }]);
    await writeFile(at('packed.zip'), await zipOf(parts, new Date('2001-01-01')));
    expect((await verify(at('packed.zip'))).findings).toMatchObject([{ code: 'zip', path: null }]);
  });
});

/** Names that a writer of zips refuses are written as others of the same length first. */
const RAW_NAMES = [
  ['../README.txt', 'aa-README.txt'],
  ['/README.txt', 'b-README.tx'],
] as const;

function forWriter([name, content]: BundleParts[number]): BundleParts[number] {
  return [RAW_NAMES.find(([raw]) => raw === name)?.[1] ?? name, content];
}

function renameRaw(zip: Buffer): Buffer {
  return Buffer.from(
    RAW_NAMES.reduce((text, [raw, written]) => text.replaceAll(written, raw), zip.toString('latin1')),
    'latin1',
  );
}

describe('somebody without hs', () => {
  const missing = ['unzip', 'sha256sum', 'openssl', 'bash'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  const note = missing.length === 0 ? '' : ` (skipped: this machine has no ${missing.join(', ')})`;

  async function follow(name: string): Promise<{ isGood: boolean; out: string }> {
    await rm(at('bundle'), { recursive: true, force: true });
    const readme = execFileSync('unzip', ['-p', at(name), README], { encoding: 'utf8' });
    const steps = readme
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .join('\n')
      .replaceAll('good.zip', name);
    const { status, stdout } = spawnSync('bash', ['-ec', steps], { cwd: folder.path, encoding: 'utf8' });
    const isGood = status === 0 && ['list: OK', 'names: OK', 'Signature Verified Successfully'].every((line) => stdout.includes(line));
    return { isGood, out: stdout };
  }

  test.skipIf(missing.length > 0)(`finds a bundle good by the lines of its README${note}`, async () => {
    const { isGood, out } = await follow('good.zip');
    expect(isGood).toBe(true);
    for (const name of [ORIGINAL, 'manifest.json']) expect(out).toContain(`${name}: OK`);
    expect(out).toContain(key!.publicKey.sha256);
  });

  test.skipIf(missing.length > 0).each([
    ['changed', () => withPart(parts, ORIGINAL, flipped(partOf(parts, ORIGINAL)))],
    ['added', (): BundleParts => [...parts, ['more.txt', Buffer.from('x')]]],
    ['removed', () => parts.filter(([name]) => name !== ORIGINAL)],
    [
      'sealed anew by somebody else, with the old signature',
      () =>
        resealed(
          parts,
          manifestWith(() => ({ note: 'other' })),
        ),
    ],
  ])(`sees by the lines of its README that something was %s${note}`, async (_, make) => {
    await writeFile(at('forged.zip'), await zipOf(make(), new Date()));
    expect((await follow('forged.zip')).isGood).toBe(false);
  });
});
