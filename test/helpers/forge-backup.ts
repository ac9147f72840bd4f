import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { SEAL_PLACEHOLDER, sealZip } from '../../src/exporters/zip/seal-zip.ts';
import { openZip } from '../../src/exporters/zip/read-zip.ts';
import { writeZip } from '../../src/exporters/zip/write-zip.ts';
import type { BackupManifest } from '../../src/services/backup/manifest.ts';

/** A backup taken apart: what can be changed and put together again with a seal that is right. */
export type BackupParts = { manifest: BackupManifest; files: Map<string, Buffer> };

const MANIFEST = 'manifest.json';

export async function takeApart(path: string): Promise<BackupParts> {
  const zip = await openZip(path, { maxEntries: 1000 });
  const files = new Map<string, Buffer>();
  for (const name of zip.sizes.keys()) files.set(name, await buffer(await zip.read(name)));
  zip.close();
  const manifest = JSON.parse(String(files.get(MANIFEST))) as BackupManifest;
  files.delete(MANIFEST);
  return { manifest, files };
}

/** Makes the manifest say of a table what its file is. */
export function resign({ manifest, files }: BackupParts, table: string): void {
  const part = manifest.tables[table];
  const content = part && files.get(part.file);
  if (content === undefined) throw new Error(`no file of ${table}`);
  const count = content.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
  Object.assign(part!, { count, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
}

type ForgeOptions = {
  /** Text of the manifest instead of that of the parts. */
  manifestText?: string;
  /** Names inside the zip to replace by others of the same length, past what a writer of zips would allow. */
  renames?: readonly (readonly [from: string, to: string])[];
};

export async function putTogether(path: string, { manifest, files }: BackupParts, options: ForgeOptions = {}): Promise<void> {
  const all = [...files, [MANIFEST, Buffer.from(options.manifestText ?? JSON.stringify(manifest))] as const];
  const entries = all.map(([name, content]) => ({ name, compress: true, content: () => [content] }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeZip(entries, new Date(0), SEAL_PLACEHOLDER)) chunks.push(chunk);
  let zip = Buffer.concat(chunks);
  for (const [from, to] of options.renames ?? []) zip = Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
  await writeFile(path, sealZip(asChunks(zip)));
}

async function* asChunks(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}
