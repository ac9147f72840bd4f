import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { listZip, readStored } from '../../src/exporters/zip/list-zip.ts';
import { writeZip } from '../../src/exporters/zip/write-zip.ts';
import {
  closingNames,
  manifestText,
  NAMES,
  sha256Of,
  sumLines,
  sumsText,
  zipTime,
  type BundleManifest,
} from '../../src/services/evidence/bundle-format.ts';
import { signBytes, type SigningKey } from '../../src/services/evidence/signing-key.ts';

/** Every file of a bundle with its name, in order. */
export type BundleParts = [name: string, content: Buffer][];

export async function takeBundleApart(path: string): Promise<BundleParts> {
  const parts: BundleParts = [];
  for (const entry of await listZip(path, { maxEntries: 1000 })) parts.push([entry.name, await buffer(readStored(path, entry))]);
  return parts;
}

export function partOf(parts: BundleParts, name: string): Buffer {
  const part = parts.find(([each]) => each === name);
  if (part === undefined) throw new Error(`no ${name}`);
  return part[1];
}

export function manifestOf(parts: BundleParts): BundleManifest {
  return JSON.parse(String(partOf(parts, NAMES.manifest))) as BundleManifest;
}

/** With another content under a name; sizes and hashes stay as they were. */
export function withPart(parts: BundleParts, name: string, content: Buffer | string): BundleParts {
  return parts.map(([each, old]) => [each, each === name ? Buffer.from(content) : old]);
}

/** With another manifest, and the list that belongs to it; signed only where a key is given. */
export function resealed(parts: BundleParts, manifest: BundleManifest, key?: SigningKey): BundleParts {
  const files = manifest.files.map((file) => ({ ...file, sha256: sha256Of(partOf(parts, file.path)) }));
  const text = Buffer.from(manifestText({ ...manifest, files, list_sha256: sha256Of(sumLines(files)) }));
  const changed = withPart(withPart(parts, NAMES.manifest, text), NAMES.sums, sumsText(files, text));
  if (key === undefined) return changed;
  return withPart(withPart(changed, NAMES.signature, signBytes(text, key)), NAMES.publicKey, key.publicKey.pem);
}

export async function zipOf(parts: BundleParts, at: Date, compressed: readonly string[] = []): Promise<Buffer> {
  const entries = parts.map(([name, content]) => ({ name, compress: compressed.includes(name), content: () => [content] }));
  return buffer(writeZip(entries, at));
}

type SmallFile = Pick<BundleManifest['files'][number], 'path' | 'role'> & { content: string };

/** A bundle of these files, signed where a key is given; `readme` makes the text of its first file from the manifest. */
export async function writeSmallBundle(
  path: string,
  files: readonly SmallFile[],
  { key, readme = () => 'read me\n' }: { key?: SigningKey; readme?: (manifest: BundleManifest) => string } = {},
): Promise<void> {
  const signature = key && {
    ...({ algorithm: 'Ed25519', file: NAMES.signature, public_key: NAMES.publicKey } as const),
    public_key_sha256: key.publicKey.sha256,
  };
  const head: BundleManifest = {
    ...{
      format: 'hs-evidence',
      version: 1,
      created_at: '2026-01-14T08:15:00.000Z',
      created_by: 'x',
      app_version: '0',
      schema_version: '0',
    },
    ...{ note: null, events: [1], originals: 'whole', clips: false, files: [], missing: [], list_sha256: '', signature: signature ?? null },
  };
  const all: SmallFile[] = [{ path: NAMES.readme, role: 'readme', content: readme(head) }, ...files];
  const described = all.map(({ path: name, role, content }) => {
    const about = { event_ids: [], source_path: null, content_sha256: null };
    return { path: name, sha256: sha256Of(content), size_bytes: Buffer.byteLength(content), role, ...about };
  });
  const parts: BundleParts = all.map(({ path: name, content }) => [name, Buffer.from(content)]);
  const closing: BundleParts = closingNames(head).map((name) => [name, Buffer.alloc(0)]);
  await writeFile(path, await zipOf(resealed([...parts, ...closing], { ...head, files: described }, key), zipTime(head)));
}
