import type { z } from 'zod';
import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { knownKeysAt } from './setting-paths.ts';
import { settingsFile, type SettingsFile } from './settings.ts';

type Origins = ReadonlyMap<string, string>;

/** What is wrong with one value. */
export type SettingProblem = {
  keys: readonly PropertyKey[];
  /** `= "value" ` where the value may be shown, else empty. */
  shown: string;
  reason: string;
  /** The known name that was most likely meant. */
  meant?: string | undefined;
  isUnknownKey: boolean;
};

const SECRET_PATHS = new Set(['database.url', 'llm.api_key']);
const SHOWN_VALUE_CHARS = 60;

/** Values checked against the schema, defaults filled in. Throws `UsageError` that names every bad value with where it came from. */
export function checkSettings(values: Record<string, unknown>, origins: Origins): SettingsFile {
  const result = settingsFile.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => toProblems(issue, values));
  const meant = problems.flatMap((problem) => problem.meant ?? []);
  const suggestion = meant.length === 0 ? 'correct the value and run again' : `did you mean ${meant.join(', ')}?`;
  throw new UsageError(problems.map((problem) => problemText(problem, origins)).join('; '), {
    code: problems.some(({ isUnknownKey }) => isUnknownKey) ? 'config_unknown_key' : 'config_value',
    hint: suggestion,
  });
}

/** Everything that is wrong with the values; none when they are good. */
export function findProblems(values: Record<string, unknown>): SettingProblem[] {
  const result = settingsFile.safeParse(values, { reportInput: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => toProblems(issue, values));
}

function problemText({ keys, shown, reason, isUnknownKey }: SettingProblem, origins: Origins): string {
  const path = pathText(keys);
  const origin = originOf(path, origins);
  return isUnknownKey ? `${quoted(path)} in ${origin} ${reason}` : `${path}${shown} from ${origin} ${reason}`;
}

function toProblems(issue: z.core.$ZodIssue, values: unknown): SettingProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      keys: [...issue.path, key],
      shown: '',
      reason: 'is not a known setting',
      meant: nearestName(key, knownKeysAt(issue.path)),
      isUnknownKey: true,
    }));
  }
  const reason = issue.code === 'custom' || issue.code === 'invalid_format' ? issue.message : `is not right: ${lowerFirst(issue.message)}`;
  return [{ keys: issue.path, shown: shownValue(issue.path, values), reason, isUnknownKey: false }];
}

function shownValue(keys: readonly PropertyKey[], values: unknown): string {
  if (SECRET_PATHS.has(pathText(keys)) || keys[1] === 'channels') return '';
  const value = keys.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], values);
  return ['string', 'number', 'boolean'].includes(typeof value) ? ` = ${quoted(String(value))}` : '';
}

/** The origin of a key is that of its nearest given ancestor; the root entry stands for the file. */
function originOf(path: string, origins: Origins): string {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const origin = origins.get(parts.slice(0, length).join('.'));
    if (origin !== undefined) return origin;
  }
  return origins.get('') ?? 'the defaults';
}

function pathText(keys: readonly PropertyKey[]): string {
  return keys.map(String).join('.');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_VALUE_CHARS ? `${text.slice(0, SHOWN_VALUE_CHARS)}…` : text);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
