import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { verifyBundle, type VerifiedBundle } from '../../../../src/services/evidence/verify-bundle.ts';
import { makeFolder } from '../../../helpers/footage.ts';
import { writeSmallBundle } from '../../../helpers/forge-bundle.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
let path: string;
let good: Buffer;

beforeAll(async () => {
  folder = await makeFolder();
  path = join(folder.path, 'bundle.zip');
  await writeSmallBundle(path, []);
  good = await readFile(path);
});

afterAll(() => folder.dispose());

const verify = (): Promise<VerifiedBundle> => verifyBundle(path, { key: undefined, signal: new AbortController().signal });

test('a bundle without a signature is intact, and says that nobody signed it', async () => {
  await writeFile(path, good);
  expect(await verify()).toMatchObject({ intact: true, findings: [], signature: { kind: 'none' } });
});

/** Every byte was tried once; one in thirteen takes little time. */
const STRIDE = 13;

test('no byte of a bundle can change without being found', async () => {
  for (let at = 0; at < good.length; at += STRIDE) {
    const changed = Buffer.from(good);
    changed[at]! ^= 1 << (at % 8);
    await writeFile(path, changed);
    expect((await verify()).findings, `byte ${String(at)}`).not.toEqual([]);
  }
});

test.each([
  ['nothing', () => Buffer.alloc(0)],
  ['text', () => Buffer.from('not a zip')],
  ['only the end of an empty zip', () => Buffer.from('504b0506'.padEnd(44, '0'), 'hex')],
  ['half of one', () => good.subarray(0, good.length / 2)],
  ['one without its last byte', () => good.subarray(0, -1)],
  ['one with a byte behind it', () => Buffer.concat([good, Buffer.from('\n')])],
  ['one with a byte before it', () => Buffer.concat([Buffer.from('\n'), good])],
  ['two of them', () => Buffer.concat([good, good])],
])('%s is not intact', async (_, content) => {
  await writeFile(path, content());
  const found = await verify();
  expect(found.intact).toBe(false);
  expect(found.findings.length).toBeGreaterThan(0);
});

test('what is not there is a usage error, not a finding', async () => {
  for (const name of ['nothing.zip', '.'])
    await expect(verifyBundle(join(folder.path, name), { key: undefined, signal: new AbortController().signal })).rejects.toMatchObject({
      exitCode: 2,
      code: 'bundle_missing',
    });
});

test('the bytes of format version 1 stay what they are', () => {
  expect(createHash('sha256').update(good).digest('hex')).toBe('f25f904765b935dbc68d828a6eacd61226296836329183f9e3306b67cb98f5cd');
});
