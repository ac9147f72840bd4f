import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultHome } from '../../../src/config/home.ts';

test.each([
  ['linux', 0, {}, '/var/lib/hs'],
  ['linux', 1000, {}, join(homedir(), '.local/share/hs')],
  ['linux', 1000, { XDG_DATA_HOME: '/data' }, '/data/hs'],
  ['linux', 1000, { XDG_DATA_HOME: '' }, join(homedir(), '.local/share/hs')],
  ['darwin', 501, {}, join(homedir(), 'Library/Application Support/hs')],
] as const)('on %s as user %i with %o the home is %s', (platform, uid, env, expected) => {
  expect(defaultHome(env, platform, uid)).toBe(expected);
});
