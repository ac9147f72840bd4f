import { UsageError } from '../errors/hs-error.ts';
import { editDistance, nearestName } from '../lib/nearest-name.ts';
import { settingPaths, variableOf, type SettingKind } from './setting-paths.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as a flag, a variable or a file gave it, before it is checked. */
export type GivenValue = { path: string; value: unknown; origin: string };

/** Other names of a variable, weakest first. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'database.url': ['DATABASE_URL', 'HS_DB'],
  'database.pg_bin': ['HS_PG_BIN'],
  'database.pg_user': ['HS_PG_USER'],
};

/** Variables that are ours but no settings. */
const NO_SETTINGS = ['HS_CONFIG', 'HS_DEBUG'];

/** Settings from the environment; an empty variable counts as not set. */
export function readVariables(env: Environment): GivenValue[] {
  refuseMistyped(env);
  return settingPaths().flatMap(({ path, kind }) =>
    namesOf(path).flatMap((name) => {
      const text = env[name];
      if (text === undefined || text === '') return [];
      return [{ path, value: fromText(text, kind), origin: `variable ${name}` }];
    }),
  );
}

/** The name of the variable that sets a key; undefined when none does. */
export function findVariable(env: Environment, path: string): string | undefined {
  return namesOf(path).findLast((name) => env[name] !== undefined && env[name] !== '');
}

/** Weakest first. */
function namesOf(path: string): string[] {
  return [...(OTHER_NAMES[path] ?? []), variableOf(path)];
}

/** Text of a variable or flag as the kind of value its key holds; text that does not fit is left for the schema to refuse. */
export function fromText(text: string, kind: SettingKind): unknown {
  const trimmed = text.trim();
  if (kind === 'list') return trimmed.split(',').map((item) => item.trim());
  if (kind === 'boolean' && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  if (kind === 'number' && trimmed !== '' && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return text;
}

/** An unknown `HS_…` name is refused only when it looks like one of ours: other programs may use the prefix, too. */
function refuseMistyped(env: Environment): void {
  const known = [...settingPaths().map(({ path }) => variableOf(path)), ...Object.values(OTHER_NAMES).flat(), ...NO_SETTINGS];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('HS_') || known.includes(name)) continue;
    const meant = nearestName(name, known);
    if (meant === undefined || editDistance(name, meant) > 2) continue;
    throw new UsageError(`variable ${name} is not known`, { code: 'config_unknown_key', hint: `did you mean ${meant}?` });
  }
}
