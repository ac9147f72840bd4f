import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findDifference, listZip, readStored, type ListedEntry } from '../../exporters/zip/list-zip.ts';
import { writeZip, type ZipEntry } from '../../exporters/zip/write-zip.ts';
import { UsageError } from '../../errors/hs-error.ts';
import {
  NAMES,
  parseBundleManifest,
  sha256Of,
  sumLines,
  sumsText,
  zipTime,
  type BundleManifest,
  type BundleTexts,
} from './bundle-format.ts';
import { checkNames, type Finding } from './check-names.ts';
import { checkSignature, type SignatureState } from './check-signature.ts';
import type { PublicKey } from './signing-key.ts';

export type VerifyOptions = {
  /** Whose signature is expected. */
  key: PublicKey | undefined;
  signal: AbortSignal;
  onBytes?: (done: number, total: number) => void;
};

export type VerifiedBundle = {
  path: string;
  intact: boolean;
  /** Null where there is no manifest that can be read. */
  manifest: BundleManifest | null;
  signature: SignatureState;
  findings: Finding[];
};

const MOST_ENTRIES = 200_000;
const MOST_TEXT_BYTES = 64 * 1024 ** 2;

/** Recomputes everything that a bundle says of itself, without a database. Throws a usage error only where there is no file. */
export async function verifyBundle(path: string, options: VerifyOptions): Promise<VerifiedBundle> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`there is no file ${path}`, { code: 'bundle_missing' });
  const listed = await listEntries(path, found.size);
  if (typeof listed === 'string') return unreadable(path, listed);
  const texts = await readTexts(path, listed);
  const manifest = texts.manifest === undefined ? 'is not in it' : parseBundleManifest(texts.manifest.toString());
  const signature = checkSignature(texts, { manifest: typeof manifest === 'string' ? undefined : manifest, wanted: options.key });
  if (typeof manifest === 'string') {
    const finding = { code: 'manifest', path: NAMES.manifest, message: `${NAMES.manifest} ${manifest}` };
    return { path, intact: false, manifest: null, signature: signature.state, findings: [finding, ...signature.findings] };
  }
  const findings = [...checkNames(listed, manifest), ...checkList(texts, manifest)];
  findings.push(...(await checkContents({ path, listed, manifest, isInOrder: findings.length === 0 }, options)), ...signature.findings);
  return { path, intact: findings.length === 0, manifest, signature: signature.state, findings };
}

/** Entries that lie over one another would make a small file a long read. */
async function listEntries(path: string, bytes: number): Promise<ListedEntry[] | string> {
  try {
    const listed = await listZip(path, { maxEntries: MOST_ENTRIES });
    return listed.reduce((sum, { size, isStored }) => sum + (isStored ? size : 0), 0) > bytes ? 'its files lie over one another' : listed;
  } catch (error) {
    return (error as Error).message;
  }
}

function unreadable(path: string, why: string): VerifiedBundle {
  const message = `it is no whole zip file: cut off, added to or something else (${why})`;
  return { path, intact: false, manifest: null, signature: { kind: 'none' }, findings: [{ code: 'zip', path: null, message }] };
}

/** The first of each name; where there are two, that is found elsewhere. */
async function readTexts(path: string, listed: readonly ListedEntry[]): Promise<BundleTexts> {
  const texts: BundleTexts = {};
  for (const which of ['manifest', 'sums', 'signature', 'publicKey'] as const) {
    const entry = listed.find(({ name }) => name === NAMES[which]);
    if (entry === undefined || !entry.isStored || entry.size > MOST_TEXT_BYTES) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of readStored(path, entry)) chunks.push(chunk);
    texts[which] = Buffer.concat(chunks);
  }
  return texts;
}

function checkList({ manifest: text, sums }: BundleTexts, manifest: BundleManifest): Finding[] {
  const findings: Finding[] = [];
  if (sha256Of(sumLines(manifest.files)) !== manifest.list_sha256)
    findings.push({
      code: 'list',
      path: NAMES.manifest,
      message: `the list of files in ${NAMES.manifest} is not the one it was made with`,
    });
  if (sums !== undefined && text !== undefined && sums.toString() !== sumsText(manifest.files, text))
    findings.push({ code: 'list', path: NAMES.sums, message: `${NAMES.sums} and ${NAMES.manifest} do not belong together` });
  return findings;
}

type Contents = {
  path: string;
  listed: readonly ListedEntry[];
  manifest: BundleManifest;
  /** Everything is there, once and in its place. */
  isInOrder: boolean;
};

/**
 * Hashes what the manifest names. Where all is in order the zip is written once more on the way and compared to the last byte: nothing
 * hides in it, and no header was changed.
 */
async function checkContents({ path, listed, manifest, isInOrder }: Contents, options: VerifyOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  const entries = hashingEntries({ path, listed, manifest }, { ...options, onFinding: (finding) => findings.push(finding) });
  if (!isInOrder) {
    for (const { content } of entries) await pipeline(Readable.from(content()), nowhere());
    return findings;
  }
  const position = await findDifference(path, writeZip(entries, zipTime(manifest)));
  if (position !== undefined && findings.length === 0) {
    const message = `the zip is not as hs wrote it: byte ${String(position)} is another, though no file is`;
    findings.push({ code: 'zip', path: null, message });
  }
  return findings;
}

function nowhere(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}

type Hashing = Pick<VerifyOptions, 'signal' | 'onBytes'> & { onFinding: (finding: Finding) => void };

function hashingEntries({ path, listed, manifest }: Omit<Contents, 'isInOrder'>, { signal, onBytes, onFinding }: Hashing): ZipEntry[] {
  const expected = new Map(manifest.files.map((file) => [file.path, file]));
  const readable = listed.filter(({ isStored }) => isStored);
  const total = readable.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return readable.map((entry) => ({
    name: entry.name,
    compress: false,
    async *content() {
      const hash = createHash('sha256');
      for await (const chunk of readStored(path, entry)) {
        signal.throwIfAborted();
        hash.update(chunk);
        onBytes?.((done += chunk.byteLength), total);
        yield chunk;
      }
      const file = expected.get(entry.name);
      if (file !== undefined && file.sha256 !== hash.digest('hex'))
        onFinding({ code: 'changed', path: entry.name, message: `${entry.name} was changed` });
    },
  }));
}
