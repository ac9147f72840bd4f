import { dirname } from 'node:path';
import { absolutePath, homeOf, locateConfigFile, type ConfigPlace } from './locate-config-file.ts';
import { readConfigFile, type ConfigFile } from './read-config-file.ts';
import { readVariables, fromText, type Environment, type GivenValue } from './read-variables.ts';
import { settingPaths } from './setting-paths.ts';
import { settingsFingerprint } from './settings-fingerprint.ts';
import { toSettings, type Settings } from './settings.ts';
import { checkSettings } from './check-settings.ts';

export type LoadSettingsOptions = {
  /** Values of flags by the path they set, e.g. `{'detector.device': 'cpu'}`; undefined = flag not given. */
  flags?: Readonly<Record<string, unknown>>;
  env: Environment;
  /** `--config`; must exist when given. */
  configPath?: string | undefined;
  cwd?: string;
};

export type LoadedSettings = {
  settings: Settings;
  /** Path of a key → "flag", "variable HS_X" or "config file F"; keys that are not listed have their default. */
  origins: ReadonlyMap<string, string>;
  /** The file that was read, if any. */
  configFile: string | undefined;
  /** What that file holds, as written. */
  fileValues: Readonly<Record<string, unknown>>;
  /** SHA-256 of the settings without secrets. */
  fingerprint: string;
};

/** Effective settings: flag, then `HS_*` variable, then configuration file, then default. Throws `UsageError` naming every bad value and its origin. */
export function loadSettings(options: LoadSettingsOptions): LoadedSettings {
  const cwd = options.cwd ?? process.cwd();
  const given = [...readVariables(options.env), ...fromFlags(options.flags ?? {})];
  const home = homeOf(given, options.env, cwd);
  const { path } = locateConfigFile({ ...options, cwd, home });
  const file = path === undefined ? undefined : readConfigFile(path);
  const { values, origins } = merge(file, given);
  const checked = toSettings(checkSettings({ home, ...values }, origins));
  const fileFolder = file === undefined ? cwd : dirname(file.path);
  const settings = withAbsolutePaths(checked, (path) => (origins.has(path) ? cwd : fileFolder));
  return { settings, origins, configFile: file?.path, fileValues: file?.values ?? {}, fingerprint: settingsFingerprint(settings) };
}

/** The configuration file that `loadSettings` would read with the same options, and where it looks for one. */
export function findConfigPlace(options: LoadSettingsOptions): ConfigPlace {
  const cwd = options.cwd ?? process.cwd();
  const given = [...readVariables(options.env), ...fromFlags(options.flags ?? {})];
  return locateConfigFile({ ...options, cwd, home: homeOf(given, options.env, cwd) });
}

function merge(
  file: ConfigFile | undefined,
  given: readonly GivenValue[],
): { values: Record<string, unknown>; origins: Map<string, string> } {
  const values = structuredClone(file?.values ?? {});
  const origins = new Map(file === undefined ? [] : [['', `config file ${file.path}`]]);
  for (const { path, value, origin } of given) {
    setPath(values, path.split('.'), value);
    origins.set(path, origin);
  }
  return { values, origins };
}

function fromFlags(flags: Readonly<Record<string, unknown>>): GivenValue[] {
  const kinds = new Map(settingPaths().map(({ path, kind }) => [path, kind]));
  return Object.entries(flags).flatMap(([path, value]) => {
    if (value === undefined) return [];
    return [{ path, value: typeof value === 'string' ? fromText(value, kinds.get(path) ?? 'text') : value, origin: 'flag' }];
  });
}

/** Sets a value below sections that are made as needed. */
export function setPath(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  // A value of the wrong type in the file stays, so that the check names it.
  if (inner !== undefined && inner !== null && (typeof inner !== 'object' || Array.isArray(inner))) return;
  const child = { ...(inner as Record<string, unknown> | undefined) };
  target[key] = child;
  setPath(child, rest, value);
}

function withAbsolutePaths(settings: Settings, base: (path: string) => string): Settings {
  const { ffmpeg, ffprobe, llm } = settings;
  return {
    ...settings,
    home: absolutePath(settings.home, base('home')),
    ...(llm.apiKeyFile === undefined ? {} : { llm: { ...llm, apiKeyFile: absolutePath(llm.apiKeyFile, base('llm.api_key_file')) } }),
    ...(ffmpeg === undefined ? {} : { ffmpeg: program(ffmpeg, base('ffmpeg')) }),
    ...(ffprobe === undefined ? {} : { ffprobe: program(ffprobe, base('ffprobe')) }),
  };
}

/** A bare program name stays: it is looked up in PATH. */
function program(text: string, base: string): string {
  return /[/\\]/.test(text) ? absolutePath(text, base) : text;
}
