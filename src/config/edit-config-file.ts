import { existsSync, realpathSync, statSync } from 'node:fs';
import { chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMap, parse, parseDocument, type Document } from 'yaml';
import { TemporaryError, UsageError } from '../errors/hs-error.ts';
import { sleep } from '../lib/sleep.ts';
import { writeAtomically } from '../lib/write-atomically.ts';
import { checkSettings } from './check-settings.ts';
import { kindOfSetting } from './known-setting.ts';
import { parseConfigText, readText } from './read-config-file.ts';
import { fromText } from './read-variables.ts';

/** A change of one key of a configuration file, checked and not yet written. */
export type ConfigEdit = {
  path: string;
  key: string;
  /** Text of the file; undefined when there is none yet. */
  before: string | undefined;
  /** The same as before where nothing changes. */
  after: string | undefined;
  from: unknown;
  to: unknown;
};

type PlanOptions = {
  path: string;
  key: string;
  /** As typed; undefined takes the key out of the file. */
  value: string | undefined;
};

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const LOCK_WAIT_MS = 3_000;
const LOCK_POLL_MS = 20;
const LOCK_STALE_MS = 10_000;

/**
 * What the file becomes with a key set or taken out; comments and all other values stay. Throws `UsageError` for an unknown key, a
 * value that does not fit, and a file that would not be valid.
 */
export function planConfigEdit({ path, key, value }: PlanOptions): ConfigEdit {
  const kind = kindOfSetting(key);
  const before = existsSync(path) ? readText(path) : undefined;
  parseConfigText(path, before ?? '');
  const document = parseDocument(before ?? '');
  const keys = key.split('.');
  const from = plainAt(document, keys);
  const to = value === undefined ? undefined : kind === 'structure' ? parseStructure(key, value) : fromText(value, kind);
  if (JSON.stringify(from) === JSON.stringify(to)) return { path, key, before, after: before, from, to };
  change(document, keys, to);
  const after = document.toString({ lineWidth: 0 });
  const values = parseConfigText(path, after);
  checkSettings(
    { home: '/', ...values },
    new Map([
      ['', `config file ${path}`],
      [key, 'the command line'],
    ]),
  );
  return { path, key, before, after, from, to };
}

/** Writes the file as a whole, readable by its owner only. Throws `TemporaryError` when somebody else changed it meanwhile. */
export async function writeConfigEdit({ path, before, after }: ConfigEdit): Promise<void> {
  const target = before === undefined ? path : realpathSync(path);
  const owner = before === undefined ? undefined : statSync(target);
  await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
  const beforeRename = (): Promise<void> => {
    const now = existsSync(target) ? readText(target) : undefined;
    if (now === before) return Promise.resolve();
    return Promise.reject(
      new TemporaryError('config_changed', `config file ${path} was changed by somebody else just now`, { hint: 'run again' }),
    );
  };
  await underLock(target, () => writeAtomically(target, [after ?? ''], { beforeRename }));
  if (owner !== undefined && owner.uid !== process.getuid?.()) await chown(target, owner.uid, owner.gid);
}

/** Between the last look at a file and its replacement nobody else may replace it. A lock that a killed program left counts for nothing. */
async function underLock(target: string, work: () => Promise<unknown>): Promise<void> {
  const lock = `${target}.lock`;
  for (const endMs = Date.now() + LOCK_WAIT_MS; !(await takeLock(lock));) {
    if (Date.now() > endMs)
      throw new TemporaryError('config_busy', `config file ${target} is being changed by somebody else`, { hint: 'run again' });
    await sleep(LOCK_POLL_MS);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, '', { flag: 'wx', mode: FILE_MODE });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
    return false;
  }
}

function parseStructure(key: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new UsageError(`the value of ${key} is not valid YAML`, { code: 'config_syntax', cause });
  }
}

function plainAt(document: Document, keys: readonly string[]): unknown {
  const values: unknown = document.toJS();
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    values,
  );
}

function change(document: Document, keys: readonly string[], to: unknown): void {
  try {
    if (to === undefined) {
      document.deleteIn(keys);
      return;
    }
    openSections(document, keys);
    document.setIn(keys, to);
  } catch (cause) {
    throw new UsageError(`${keys.join('.')} cannot be set in this file`, { code: 'config_value', cause, hint: 'change the file by hand' });
  }
}

/** A section without anything in it (`detector:`) is null and takes no keys. */
function openSections(document: Document, keys: readonly string[]): void {
  for (let depth = 1; depth < keys.length; depth++) {
    const path = keys.slice(0, depth);
    const section = document.getIn(path, true);
    if (section !== undefined && !isMap(section) && document.getIn(path) === null) document.setIn(path, document.createNode({}));
  }
}
