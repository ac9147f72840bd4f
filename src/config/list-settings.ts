import { redact } from '../lib/redact.ts';
import type { LoadedSettings } from './load-settings.ts';
import { settingLeaves } from './setting-paths.ts';
import { settingAt } from './settings.ts';

/** Where the value of a setting comes from, strongest first. */
export const SETTING_ORIGINS = ['flag', 'env', 'file', 'default'] as const;
export type SettingOrigin = (typeof SETTING_ORIGINS)[number];

export type SettingValue = string | number | boolean | object | null;

/** A setting in force; secrets are `***`. */
export type SettingEntry = {
  key: string;
  /** Null where it is not set and has no default. */
  value: SettingValue;
  origin: SettingOrigin;
  /** Name of the variable, or path of the file. */
  source: string | null;
};

/** Every setting with its value and origin; of cameras and gates those that are configured. */
export function listSettings(loaded: LoadedSettings): SettingEntry[] {
  const { settings } = loaded;
  const namesAt = (keys: readonly string[]): string[] => Object.keys((settingAt(settings, keys) as object | undefined) ?? {});
  return settingLeaves(namesAt).flatMap(({ keys }) => {
    const value = settingAt(settings, keys);
    const isBelowOwnName = keys[0] === 'cameras' || keys[1] === 'channels';
    return value === undefined && isBelowOwnName ? [] : [toEntry(loaded, keys, value)];
  });
}

/** Whoever knows the address of a webhook can often use it. */
const CHANNEL_URL = /^notifications\.channels\.[^.]+\.url$/;

/** A value as it may be shown and recorded. */
export function maskSetting(key: string, value: unknown): SettingValue {
  const name = key.split('.').at(-1) ?? key;
  if (CHANNEL_URL.test(key) && typeof value === 'string') return URL.canParse(value) ? `${new URL(value).origin}/***` : '***';
  return (redact({ [name]: value }) as Record<string, SettingValue | undefined>)[name] ?? null;
}

function toEntry(loaded: LoadedSettings, keys: readonly string[], value: unknown): SettingEntry {
  const key = keys.join('.');
  return { key, value: maskSetting(key, value), ...originOf(loaded, keys) };
}

function originOf({ origins, fileValues, configFile }: LoadedSettings, keys: readonly string[]): Pick<SettingEntry, 'origin' | 'source'> {
  const given = origins.get(keys.join('.'));
  if (given === 'flag') return { origin: 'flag', source: null };
  if (given !== undefined) return { origin: 'env', source: given.replace(/^variable /, '') };
  return holds(fileValues, keys) ? { origin: 'file', source: configFile ?? null } : { origin: 'default', source: null };
}

function holds(values: unknown, keys: readonly string[]): boolean {
  const found = keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Record<string, unknown>)[key] : undefined,
    values,
  );
  return found !== undefined && found !== null;
}
