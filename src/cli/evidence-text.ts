import { counted } from '../lib/counted.ts';
import { visibleText } from './visible-text.ts';

type Written = { path: string; events: number; files: number; sha256: string; public_key_sha256: string | null };

export function writtenText({ path, events, files, sha256, public_key_sha256: key }: Written): string {
  const signed = key === null ? 'not signed' : `signed with the key ${key}`;
  return `${counted(files, 'file')} of ${counted(events, 'event')} written to ${path}, ${signed}\nsha256 ${sha256}`;
}

type Signature = { kind: 'given' | 'enclosed' | 'bad'; public_key_sha256: string } | { kind: 'none' };

type Verified = {
  intact: boolean;
  manifest: {
    created_at: string;
    app_version: string;
    events: readonly number[];
    files: readonly unknown[];
    missing: readonly unknown[];
  } | null;
  signature: Signature;
  findings: readonly { message: string }[];
};

/** A line for each thing that is not as it should be. */
export function findingLines({ findings }: Verified): string[] {
  return findings.map(({ message }) => visibleText(`wrong: ${message}`));
}

/** What the bundle is worth, in words. */
export function verifiedText({ intact, manifest, signature, findings }: Verified): string[] {
  if (!intact || manifest === null) return [`not intact: ${counted(findings.length, 'finding')}`, ...signatureText(signature)];
  const { created_at, app_version, events, files, missing } = manifest;
  const holds = `${counted(files.length, 'file')} of ${counted(events.length, 'event')}`;
  const lacks =
    missing.length === 0 ? [] : [`${counted(missing.length, 'file')} could not be had when it was made: see missing in its manifest`];
  return [visibleText(`intact: ${holds}, made at ${created_at} by hs ${app_version}`), ...lacks, ...signatureText(signature)];
}

function signatureText(signature: Signature): string[] {
  switch (signature.kind) {
    case 'none':
      return ['not signed: nothing says who made it'];
    case 'bad':
      return [];
    case 'given':
      return [`signed with the key given, ${signature.public_key_sha256}`];
    case 'enclosed':
      return [
        `signed with the key in it, ${signature.public_key_sha256}`,
        'that proves nothing about who made it: compare this fingerprint with one you were told in another way, or give --key',
      ];
  }
}
