import { readFileSync, statSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { UsageError } from '../errors/hs-error.ts';

/** What a configuration file holds and where; an empty file is an empty configuration. */
export type ConfigFile = { path: string; values: Record<string, unknown> };

/** Reads one YAML file. The message of a parse error never quotes the file: a line may hold a password. */
export function readConfigFile(path: string): ConfigFile {
  return { path, values: parseConfigText(path, readText(path)) };
}

/** The values of a file with this text. */
export function parseConfigText(path: string, text: string): Record<string, unknown> {
  const values: unknown = parseYaml(path, text) ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new UsageError(`config file ${path} must hold keys and values`, { hint: '`hs config show` shows the settings there are' });
  }
  return values as Record<string, unknown>;
}

/**
 * True when a file found in the current folder may be trusted: it can name programs to run, and the folder may be
 * footage somebody else wrote.
 */
export function isOwnConfigFile(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) return false;
  const uid = process.getuid?.();
  if (uid === undefined || stats.uid === uid || (stats.uid === 0 && (stats.mode & 0o022) === 0)) return true;
  throw new UsageError(`config file ${path} belongs to another user and was found only because it is in the current folder`, {
    code: 'config_not_owned',
    hint: `pass --config ${path} to use it, or run from another folder`,
  });
}

/** Throws `UsageError` for a file that is not there or cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new UsageError(`config file ${path} ${reason}`, { code: 'config_unreadable', cause, hint: 'check --config or HS_CONFIG' });
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const place = cause instanceof YAMLParseError ? cause.linePos?.[0] : undefined;
    const where = place === undefined ? '' : ` at line ${String(place.line)}, column ${String(place.col)}`;
    const what = cause instanceof YAMLParseError ? ` (${cause.code.toLowerCase().replaceAll('_', ' ')})` : '';
    throw new UsageError(`config file ${path} is not valid YAML${where}${what}`, { code: 'config_syntax' });
  }
}
