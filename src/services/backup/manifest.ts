import { z } from 'zod';
import { UsageError } from '../../errors/hs-error.ts';

export const BACKUP_FORMAT = 'hs-backup';
export const BACKUP_VERSION = 1;
export const MANIFEST_NAME = 'manifest.json';

/** Names and versions go into messages: they are short and hold nothing that a terminal would act on. */
const NAME = z.string().regex(/^[\w./+-]{1,200}$/);

const TABLE = z.object({
  file: NAME,
  count: z.number().int().nonnegative(),
  /** Of the file when unpacked. */
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  columns: z.array(NAME),
});

const MANIFEST = z.object({
  format: z.literal(BACKUP_FORMAT),
  version: z.literal(BACKUP_VERSION),
  created_at: z.iso.datetime(),
  app_version: NAME,
  /** Name of the newest migration. */
  schema_version: NAME,
  tables: z.record(NAME, TABLE),
});

export type BackupManifest = z.infer<typeof MANIFEST>;
export type ManifestTable = z.infer<typeof TABLE>;

/** Throws `backup_invalid` for what is no manifest, `backup_newer` for one of a later version of hs. */
export function parseManifest(text: string, path: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidBackup(path, 'its manifest is not JSON');
  }
  const head = z.object({ format: z.literal(BACKUP_FORMAT), version: z.number(), app_version: z.unknown() }).safeParse(value);
  if (head.success && head.data.version > BACKUP_VERSION) throw newerBackup(path, `its format is version ${String(head.data.version)}`);
  const parsed = MANIFEST.safeParse(value);
  if (!parsed.success) throw invalidBackup(path, `its manifest is wrong at ${parsed.error.issues[0]?.path.join('.') || 'the start'}`);
  return parsed.data;
}

export function invalidBackup(path: string, why: string): UsageError {
  return new UsageError(`${path} is no backup of hs: ${plain(why)}`, {
    code: 'backup_invalid',
    hint: 'backups are made by `hs backup create`',
  });
}

export function corruptBackup(path: string, why: string): UsageError {
  return new UsageError(`${path} is damaged: ${plain(why)}`, {
    code: 'backup_corrupt',
    hint: 'take another copy of it; nothing was changed',
  });
}

export function newerBackup(path: string, why: string): UsageError {
  return new UsageError(`${path} was made by a newer hs: ${plain(why)}`, { code: 'backup_newer', hint: 'update hs, then restore it' });
}

const MAX_WHY_CHARS = 300;

/** What is said of a file may quote it, and who made it is unknown: one line, short, nothing that a terminal would act on. */
function plain(why: string): string {
  const line = why.replaceAll(/\p{Cc}/gu, '\ufffd');
  return line.length > MAX_WHY_CHARS ? `${line.slice(0, MAX_WHY_CHARS)}…` : line;
}
