import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { defaultHome } from './home.ts';
import { isOwnConfigFile } from './read-config-file.ts';
import type { Environment, GivenValue } from './read-variables.ts';

type LocateOptions = {
  env: Environment;
  /** `--config`. */
  configPath?: string | undefined;
  cwd: string;
  /** Without the file: flag, variable or default. */
  home: string;
};

export type ConfigPlace = {
  /** The file in effect; one that was named may not exist. */
  path: string | undefined;
  /** Where a file is looked for when none is named, first one first. */
  candidates: string[];
  /** Where one is made when there is none. */
  newPath: string;
};

/** The configuration file in effect: the one named, else the first there is. Throws `UsageError` for one of another user. */
export function locateConfigFile({ env, configPath, cwd, home }: LocateOptions): ConfigPlace {
  const newPath = resolve(home, 'config.yaml');
  const candidates = [resolve(cwd, 'hs.yaml'), newPath];
  const named = configPath ?? (env['HS_CONFIG'] || undefined);
  if (named !== undefined) return { path: absolutePath(named, cwd), candidates, newPath };
  return { path: candidates.find((path) => isOwnConfigFile(path)), candidates, newPath };
}

/** `home` before the file is read. */
export function homeOf(given: readonly GivenValue[], env: Environment, cwd: string): string {
  const wanted = given.findLast(({ path }) => path === 'home')?.value;
  return typeof wanted === 'string' ? absolutePath(wanted, cwd) : defaultHome(env);
}

export function absolutePath(text: string, base: string): string {
  return resolve(base, text.replace(/^~(?=$|\/)/, homedir()));
}
