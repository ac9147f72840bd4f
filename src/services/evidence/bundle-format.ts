import { createHash } from 'node:crypto';
import { z } from 'zod';

export const BUNDLE_FORMAT = 'hs-evidence';
export const BUNDLE_VERSION = 1;

export const NAMES = {
  readme: 'README.txt',
  manifest: 'manifest.json',
  sums: 'SHA256SUMS',
  signature: 'manifest.sig',
  publicKey: 'public-key.pem',
} as const;

/** At most one folder deep, nothing that a shell, an unpacker or `sha256sum -c` would read as anything but a name. */
export const SAFE_PATH = /^(?=.{1,200}$)\w[\w.-]*(\/\w[\w.-]*)?$/;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().nonnegative();
const role = z.enum(['readme', 'event', 'original', 'clip', 'still']);

const bundleFile = z.strictObject({
  path: z.string().regex(SAFE_PATH),
  sha256,
  size_bytes: size,
  role,
  /** Events it belongs to; none: to the bundle. */
  event_ids: z.array(z.number().int()).readonly(),
  /** Where it was copied or made from. */
  source_path: z.string().nullable(),
  /** What the ledger knew that source by. */
  content_sha256: sha256.nullable(),
});

const missingFile = z.strictObject({
  role,
  event_ids: z.array(z.number().int()).readonly(),
  source_path: z.string().nullable(),
  content_sha256: sha256.nullable(),
  why: z.string(),
});

const bundleManifest = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(BUNDLE_VERSION),
  created_at: z.iso.datetime(),
  created_by: z.string(),
  app_version: z.string(),
  /** Name of the newest migration of the database. */
  schema_version: z.string(),
  note: z.string().nullable(),
  events: z.array(z.number().int()),
  originals: z.enum(['whole', 'none']),
  clips: z.boolean(),
  files: z.array(bundleFile),
  /** What belongs to the events and could not be had. */
  missing: z.array(missingFile),
  /** Of the lines of SHA256SUMS without the last one, which is of this manifest. */
  list_sha256: sha256,
  signature: z
    .strictObject({
      algorithm: z.literal('Ed25519'),
      file: z.literal(NAMES.signature),
      public_key: z.literal(NAMES.publicKey),
      /** Of the key in DER. */
      public_key_sha256: sha256,
    })
    .nullable(),
});

export type BundleFile = z.infer<typeof bundleFile>;
export type MissingFile = z.infer<typeof missingFile>;
export type BundleManifest = z.infer<typeof bundleManifest>;

/** The files that close a bundle, as far as they are there. */
export type BundleTexts = Partial<Record<'manifest' | 'sums' | 'signature' | 'publicKey', Buffer>>;

/** What is wrong with the text as a manifest, in words, or the manifest. */
export function parseBundleManifest(text: string): BundleManifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const head = z.object({ format: z.literal(BUNDLE_FORMAT), version: z.number() }).safeParse(value);
  if (head.success && head.data.version > BUNDLE_VERSION) return `is of version ${String(head.data.version)}, which a newer hs reads`;
  const parsed = bundleManifest.safeParse(value);
  return parsed.success ? parsed.data : `is wrong at ${parsed.error.issues[0]?.path.join('.') || 'its start'}`;
}

export function manifestText(manifest: BundleManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** The time of every file in the zip: noon of the day it was made, as times of a zip have no zone and each zone leaves out some others. */
export function zipTime({ created_at: createdAt }: Pick<BundleManifest, 'created_at'>): Date {
  return new Date(`${createdAt.slice(0, 10)}T12:00:00Z`);
}

/** Lines as `sha256sum -c` reads them. */
export function sumLines(files: readonly Pick<BundleFile, 'path' | 'sha256'>[]): string {
  return files.map((file) => `${file.sha256}  ${file.path}\n`).join('');
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The whole of SHA256SUMS; `manifest` is the text of the manifest. */
export function sumsText(files: BundleManifest['files'], manifest: string | Uint8Array): string {
  return sumLines([...files, { path: NAMES.manifest, sha256: sha256Of(manifest) }]);
}

/** What lies behind the files that the manifest names, in this order. */
export function closingNames(manifest: Pick<BundleManifest, 'signature'>): string[] {
  return [NAMES.manifest, NAMES.sums, ...(manifest.signature === null ? [] : [NAMES.signature, NAMES.publicKey])];
}
