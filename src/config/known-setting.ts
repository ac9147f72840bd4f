import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { kindAt, knownKeysAt, settingPaths, type SettingKind } from './setting-paths.ts';

/** The kind of value a key holds. Throws `UsageError` for a key that is not known and for one that only holds further keys. */
export function kindOfSetting(key: string): SettingKind | 'structure' {
  const keys = key.split('.');
  const kind = kindAt(keys);
  if (kind === undefined || key === '') throw unknownSetting(key);
  if (kind !== 'section') return kind;
  // A channel is complete or wrong: it can only be set as a whole.
  if (keys.length === 3 && keys[1] === 'channels') return 'structure';
  const names = knownKeysAt(keys);
  const inner = names.length === 0 ? `${key}.NAME` : names.map((name) => `${key}.${name}`).join(', ');
  throw new UsageError(`${key} is a group of settings`, { code: 'config_section', hint: `name one of them: ${inner}` });
}

function unknownSetting(key: string): UsageError {
  const meant = nearestName(
    key,
    settingPaths().map(({ path }) => path),
  );
  return new UsageError(`${JSON.stringify(key)} is not a known setting`, {
    code: 'config_unknown_key',
    hint: meant === undefined ? '`hs config show` lists the settings' : `did you mean ${meant}?`,
  });
}
