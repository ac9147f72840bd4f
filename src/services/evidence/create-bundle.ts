import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Knex } from 'knex';
import { readSchemaState } from '../../db/migrate.ts';
import { writeZip, type ZipEntry } from '../../exporters/zip/write-zip.ts';
import { hashed } from '../../lib/hashed.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { bundleEntries, type BundleContent } from './bundle-entries.ts';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  manifestText,
  NAMES,
  sha256Of,
  sumLines,
  sumsText,
  zipTime,
  type BundleManifest,
  type MissingFile,
} from './bundle-format.ts';
import { OriginalUnusableError } from './copy-original.ts';
import { signBytes, type SigningKey } from './signing-key.ts';
import { verifyBundle } from './verify-bundle.ts';

export type CreateBundleOptions = Omit<BundleContent, 'fileName'> & {
  path: string;
  note: string | undefined;
  key: SigningKey | undefined;
  appVersion: string;
  now: () => Date;
  /** Called when the file is complete and was found good, just before it gets its name. */
  beforeRename: () => Promise<void>;
};

export type WrittenBundle = {
  path: string;
  events: number;
  files: number;
  bytes: number;
  /** Of the whole file. */
  sha256: string;
  public_key_sha256: string | null;
  missing: MissingFile[];
};

const PERCENT = { verifying: 85, verified: 95 } as const;

/**
 * Writes a bundle; it is under its name when it was read again and every hash found right, else not there. Files of the recorder that are
 * gone or changed are left out, and it says so.
 */
export async function createBundle(knex: Knex, options: CreateBundleOptions): Promise<WrittenBundle> {
  const unusable = new Map<number, string>();
  for (;;) {
    try {
      return await writeBundle(knex, options, unusable);
    } catch (error) {
      // That a file has other content shows behind its last byte: then what was written goes, and it is left out.
      if (!(error instanceof OriginalUnusableError) || unusable.has(error.fileId)) throw error;
      unusable.set(error.fileId, error.message);
    }
  }
}

async function writeBundle(knex: Knex, options: CreateBundleOptions, unusable: ReadonlyMap<number, string>): Promise<WrittenBundle> {
  const { path, key, signal, ids } = options;
  const manifest = await emptyManifest(knex, options);
  const making = { ...options, fileName: basename(path), knex, manifest, unusable };
  const zip = writeZip(withClosing(bundleEntries(making), manifest, key), zipTime(manifest));
  const hash = createHash('sha256');
  const bytes = await writeAtomically(path, hashed(zip, hash), {
    signal,
    beforeRename: async (_, temporary) => {
      await assertGood(temporary, options);
      options.onProgress({ percent: PERCENT.verified, step: 'every hash compared' });
      await options.beforeRename();
    },
  });
  const publicKey = key?.publicKey.sha256 ?? null;
  const { files, missing } = manifest;
  return { path, events: ids.length, files: files.length, bytes, sha256: hash.digest('hex'), public_key_sha256: publicKey, missing };
}

async function assertGood(temporary: string, { key, signal, onProgress }: CreateBundleOptions): Promise<void> {
  const onBytes = (done: number, total: number): void => {
    const percent = PERCENT.verifying + Math.floor(((PERCENT.verified - PERCENT.verifying) * done) / total);
    onProgress({ percent, step: 'reading it again' });
  };
  const { findings } = await verifyBundle(temporary, { key: key?.publicKey, signal, onBytes });
  const [first] = findings;
  if (first !== undefined) throw new Error(`the bundle was written wrong: ${first.message}`);
}

async function emptyManifest(knex: Knex, options: CreateBundleOptions): Promise<BundleManifest> {
  const { applied } = await readSchemaState(knex);
  return {
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    created_at: options.now().toISOString(),
    created_by: options.actor,
    app_version: options.appVersion,
    schema_version: applied.at(-1) ?? '',
    note: options.note ?? null,
    events: [...options.ids],
    originals: options.originals,
    clips: options.clips,
    files: [],
    missing: [],
    list_sha256: sha256Of(''),
    signature: options.key === undefined ? null : signatureOf(options.key),
  };
}

function signatureOf({ publicKey }: SigningKey): BundleManifest['signature'] {
  return { algorithm: 'Ed25519', file: NAMES.signature, public_key: NAMES.publicKey, public_key_sha256: publicKey.sha256 };
}

/** Behind the files what says what they are. */
async function* withClosing(
  entries: AsyncIterable<ZipEntry>,
  manifest: BundleManifest,
  key: SigningKey | undefined,
): AsyncGenerator<ZipEntry> {
  yield* entries;
  manifest.list_sha256 = sha256Of(sumLines(manifest.files));
  const text = Buffer.from(manifestText(manifest));
  yield stored(NAMES.manifest, text);
  yield stored(NAMES.sums, Buffer.from(sumsText(manifest.files, text)));
  if (key === undefined) return;
  yield stored(NAMES.signature, signBytes(text, key));
  yield stored(NAMES.publicKey, Buffer.from(key.publicKey.pem));
}

function stored(name: string, content: Buffer): ZipEntry {
  return { name, compress: false, content: () => [content] };
}
