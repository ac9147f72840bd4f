import { NAMES, type BundleManifest, type BundleTexts } from './bundle-format.ts';
import type { Finding } from './check-names.ts';
import { isSignedBy, parsePublicKey, type PublicKey } from './signing-key.ts';

/**
 * `given`: good, by the key that was asked for. `enclosed`: good, by the key in the bundle, which says nothing of who made it.
 * `bad`: not by the key it should be. `none`: there is none.
 */
export type SignatureState = { kind: 'given' | 'enclosed' | 'bad'; public_key_sha256: string } | { kind: 'none' };

type Asked = { manifest: BundleManifest | undefined; wanted: PublicKey | undefined };
type Checked = { state: SignatureState; findings: Finding[] };

export function checkSignature(texts: BundleTexts, { manifest, wanted }: Asked): Checked {
  const { manifest: text, signature, publicKey } = texts;
  if (text === undefined || signature === undefined) return unsigned(wanted);
  const pem = publicKey?.toString('latin1');
  const enclosed = parsePublicKey(pem);
  const findings = enclosedProblems(enclosed, { pem, named: manifest?.signature?.public_key_sha256 }).map(signatureFinding);
  const key = wanted ?? enclosed;
  if (key === undefined) return { state: { kind: 'none' }, findings };
  const by = [key, enclosed].find((each) => each !== undefined && isSignedBy(text, signature, each));
  if (by === key) return { state: { kind: wanted === undefined ? 'enclosed' : 'given', public_key_sha256: key.sha256 }, findings };
  return { state: { kind: 'bad', public_key_sha256: key.sha256 }, findings: [...findings, signatureFinding(problemWith(by, key))] };
}

function problemWith(by: PublicKey | undefined, key: PublicKey): string {
  return by === undefined
    ? `the signature is not of this manifest: ${NAMES.manifest}, ${NAMES.signature} or the key was changed`
    : `it was signed with the key ${by.sha256}, not with the one given, ${key.sha256}`;
}

function unsigned(wanted: PublicKey | undefined): Checked {
  const findings = wanted === undefined ? [] : [signatureFinding('it is not signed, and a signature was asked for')];
  return { state: { kind: 'none' }, findings };
}

type Enclosed = { pem: string | undefined; named: string | undefined };

function enclosedProblems(key: PublicKey | undefined, { pem, named }: Enclosed): string[] {
  if (key === undefined || key.pem !== pem) return [`${NAMES.publicKey} is not an Ed25519 key as hs writes it`];
  return named === key.sha256 ? [] : [`${NAMES.publicKey} is not the key that the manifest names`];
}

function signatureFinding(message: string): Finding {
  return { code: 'signature', path: NAMES.signature, message };
}
