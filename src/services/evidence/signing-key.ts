import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { sha256Of } from './bundle-format.ts';

export type PublicKey = {
  key: KeyObject;
  pem: string;
  /** Of the key in DER: `openssl pkey -pubin -outform DER | sha256sum`. */
  sha256: string;
};

export type SigningKey = { privateKey: KeyObject; publicKey: PublicKey };

/** Where both halves of a new key lie. */
export type NewKey = { private_key: string; public_key: string; public_key_sha256: string; encrypted: boolean };

const OTHERS = 0o077;
const MOST_KEY_BYTES = 16_384;

/** Writes an Ed25519 key (PKCS#8) and beside it, as `.pub`, its public half. Files that are there are never replaced. */
export async function generateKey(path: string, passphrase: string | undefined): Promise<NewKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const publicPath = `${path}.pub`;
  await writeNew(path, privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }) as string);
  const shared = describe(publicKey);
  await writeNew(publicPath, shared.pem).catch(async (error: unknown) => {
    await rm(path);
    throw error;
  });
  return { private_key: path, public_key: publicPath, public_key_sha256: shared.sha256, encrypted: passphrase !== undefined };
}

async function writeNew(path: string, pem: string): Promise<void> {
  await writeAtomically(path, [pem], { mustBeNew: true }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${path} is there already`, { code: 'key_exists', hint: 'a key is never replaced' });
    if (code === 'ENOENT') throw new UsageError(`there is no folder to write ${path} to`, { hint: 'make the folder first' });
    throw error;
  });
}

/** Throws usage errors: for a key that others may read, that is encrypted with another passphrase, or that is no Ed25519 key. */
export async function readSigningKey(path: string, passphrase: string | undefined): Promise<SigningKey> {
  const { text, mode } = await readKeyFile(path);
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw badKey(`others than its owner may read ${path}`, `chmod 600 ${path}, or make a new key if it was seen`);
  if (text.includes('ENCRYPTED') && passphrase === undefined)
    throw badKey(`the key in ${path} is encrypted`, 'give its passphrase as HS_EVIDENCE_KEY_PASSPHRASE');
  const privateKey = parseKey(() => createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) }));
  if (privateKey === undefined) {
    const what = text.includes('ENCRYPTED') ? 'cannot be opened with this passphrase' : 'is no Ed25519 key in PEM';
    throw badKey(`the key in ${path} ${what}`, '`hs evidence keygen` makes one');
  }
  return { privateKey, publicKey: describe(createPublicKey(privateKey)) };
}

/** Throws a usage error for what is no public Ed25519 key. */
export async function readPublicKey(path: string): Promise<PublicKey> {
  const key = parsePublicKey((await readKeyFile(path)).text);
  if (key === undefined) throw badKey(`${path} is no public Ed25519 key in PEM`, 'the public half of a key lies beside it, as .pub');
  return key;
}

export function parsePublicKey(pem: string | undefined): PublicKey | undefined {
  if (pem?.includes('PUBLIC KEY') !== true) return undefined;
  const key = parseKey(() => createPublicKey(pem));
  return key && describe(key);
}

export function signBytes(content: Uint8Array, { privateKey }: SigningKey): Buffer {
  return sign(null, content, privateKey);
}

export function isSignedBy(content: Uint8Array, signature: Uint8Array, { key }: PublicKey): boolean {
  return verify(null, content, key, signature);
}

function describe(key: KeyObject): PublicKey {
  return {
    key,
    pem: key.export({ type: 'spki', format: 'pem' }) as string,
    sha256: sha256Of(key.export({ type: 'spki', format: 'der' })),
  };
}

function parseKey(parse: () => KeyObject): KeyObject | undefined {
  try {
    const key = parse();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

async function readKeyFile(path: string): Promise<{ text: string; mode: number }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw badKey(`there is no key ${path}`, '`hs evidence keygen` makes one');
    throw error;
  });
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_KEY_BYTES) throw badKey(`${path} is no key`, '`hs evidence keygen` makes one');
    return { text: await file.readFile('latin1'), mode: found.mode };
  } finally {
    await file.close();
  }
}

function badKey(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'key_unusable', hint });
}
