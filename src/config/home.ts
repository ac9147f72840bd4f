import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const ROOT_HOME = '/var/lib/hs';

/** Where the embedded database, models and artefacts live unless `home` is set: the platform's place for application data. */
export function defaultHome(env: Environment, platform: NodeJS.Platform = process.platform, uid = process.getuid?.()): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'hs');
  if (uid === 0) return ROOT_HOME;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'hs');
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'hs');
}
