import { dirname, resolve } from 'node:path';
import { homedir } from 'node:os';
import { defaultHome } from './home.ts';
import { isOwnConfigFile, readConfigFile, type ConfigFile } from './read-config-file.ts';
import { readVariables, fromText, type Environment, type GivenValue } from './read-variables.ts';
import { settingPaths } from './setting-paths.ts';
import { settingsFingerprint } from './settings-fingerprint.ts';
import { toSettings, type Settings } from './settings.ts';
import { checkSettings } from './check-settings.ts';

type LoadSettingsOptions = {
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
  /** SHA-256 of the settings without secrets. */
  fingerprint: string;
};

/** Effective settings: flag, then `HS_*` variable, then configuration file, then default. Throws `UsageError` naming every bad value and its origin. */
export function loadSettings(options: LoadSettingsOptions): LoadedSettings {
  const cwd = options.cwd ?? process.cwd();
  const given = [...readVariables(options.env), ...fromFlags(options.flags ?? {})];
  const home = homeOf(given, options.env, cwd);
  const file = findConfigFile(options, cwd, home);
  const { values, origins } = merge(file, given);
  const checked = toSettings(checkSettings({ home, ...values }, origins));
  const fileFolder = file === undefined ? cwd : dirname(file.path);
  const settings = withAbsolutePaths(checked, (path) => (origins.has(path) ? cwd : fileFolder));
  return { settings, origins, configFile: file?.path, fingerprint: settingsFingerprint(settings) };
}

function homeOf(given: readonly GivenValue[], env: Environment, cwd: string): string {
  const wanted = given.findLast(({ path }) => path === 'home')?.value;
  return typeof wanted === 'string' ? absolute(wanted, cwd) : defaultHome(env);
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

function findConfigFile(options: LoadSettingsOptions, cwd: string, home: string): ConfigFile | undefined {
  const named = options.configPath ?? (options.env['HS_CONFIG'] || undefined);
  if (named !== undefined) return readConfigFile(absolute(named, cwd));
  const found = [resolve(cwd, 'hs.yaml'), resolve(home, 'config.yaml')].find((path) => isOwnConfigFile(path));
  return found === undefined ? undefined : readConfigFile(found);
}

function setPath(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
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
  const { ffmpeg, ffprobe } = settings;
  return {
    ...settings,
    home: absolute(settings.home, base('home')),
    ...(ffmpeg === undefined ? {} : { ffmpeg: program(ffmpeg, base('ffmpeg')) }),
    ...(ffprobe === undefined ? {} : { ffprobe: program(ffprobe, base('ffprobe')) }),
  };
}

/** A bare program name stays: it is looked up in PATH. */
function program(text: string, base: string): string {
  return /[/\\]/.test(text) ? absolute(text, base) : text;
}

function absolute(text: string, base: string): string {
  return resolve(base, text.replace(/^~(?=$|\/)/, homedir()));
}
