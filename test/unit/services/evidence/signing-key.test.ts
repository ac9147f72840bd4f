import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { generateKey, isSignedBy, readPublicKey, readSigningKey, signBytes } from '../../../../src/services/evidence/signing-key.ts';
import { makeFolder } from '../../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await makeFolder();
  await generateKey(at('plain'), undefined);
  await generateKey(at('locked'), 'open sesame');
  await generateKey(at('seen'), undefined);
  await chmod(at('seen'), 0o640);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  await writeFile(at('rsa'), rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(at('rsa.pub'), rsa.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(at('empty'), '', { mode: 0o600 });
  await writeFile(at('large'), Buffer.alloc(20_000), { mode: 0o600 });
});

afterAll(() => folder.dispose());

test.each([
  ['nothing', undefined, 'there is no key'],
  ['.', undefined, 'is no key'],
  ['empty', undefined, 'is no Ed25519 key'],
  ['large', undefined, 'is no key'],
  ['plain.pub', undefined, 'is no Ed25519 key'],
  ['rsa', undefined, 'is no Ed25519 key'],
  ['seen', undefined, 'others than its owner may read'],
  ['locked', undefined, 'is encrypted'],
  ['locked', 'open barley', 'cannot be opened with this passphrase'],
])('nobody signs with the key %s and the passphrase %s', async (name, passphrase, message) => {
  const attempt = readSigningKey(at(name), passphrase);
  await expect(attempt).rejects.toMatchObject({ exitCode: 2, code: 'key_unusable', message: expect.stringContaining(message) });
  await expect(attempt).rejects.not.toThrow('barley');
});

test.each(['nothing', 'empty', 'plain', 'rsa.pub'])('%s is no public key', async (name) => {
  await expect(readPublicKey(at(name))).rejects.toMatchObject({ exitCode: 2, code: 'key_unusable' });
});

test.each([
  ['plain', undefined],
  ['locked', 'open sesame'],
])('what the key %s signs its public half confirms, and nothing else', async (name, passphrase) => {
  const key = await readSigningKey(at(name), passphrase);
  const shared = await readPublicKey(at(`${name}.pub`));
  expect(shared.sha256).toBe(key.publicKey.sha256);
  const signature = signBytes(Buffer.from('a'), key);
  expect(signature).toHaveLength(64);
  expect(isSignedBy(Buffer.from('a'), signature, shared)).toBe(true);
  expect(isSignedBy(Buffer.from('b'), signature, shared)).toBe(false);
});

test('a key is private, and one that is there is never replaced', async () => {
  expect((await stat(at('plain'))).mode & 0o777).toBe(0o600);
  const before = await readFile(at('plain'), 'utf8');
  await expect(generateKey(at('plain'), undefined)).rejects.toMatchObject({ exitCode: 2, code: 'key_exists' });
  expect(await readFile(at('plain'), 'utf8')).toBe(before);
  await writeFile(at('half.pub'), 'mine');
  await expect(generateKey(at('half'), undefined)).rejects.toMatchObject({ code: 'key_exists' });
  await expect(stat(at('half'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(generateKey(at('none/key'), undefined)).rejects.toMatchObject({ exitCode: 2 });
});
