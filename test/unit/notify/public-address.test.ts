import { describe, expect, test } from 'vitest';
import { isPublicAddress, resolveHost } from '../../../src/notify/public-address.ts';

describe('public addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    '',
    'example.org',
    '0.0.0.0',
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test('a name that leads home is refused unless that is allowed', async () => {
  await expect(resolveHost('localhost', { allowPrivate: false })).rejects.toThrow(/private address/);
  await expect(resolveHost('[::1]', { allowPrivate: false })).rejects.toThrow(/private address/);
  expect(await resolveHost('127.0.0.1', { allowPrivate: true })).toEqual({ address: '127.0.0.1', family: 4 });
  await expect(resolveHost('no-such-host.invalid', { allowPrivate: true })).rejects.toMatchObject({ isTemporary: true });
});
