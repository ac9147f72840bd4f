import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkBoxFlags } from '../../../../src/cli/export-flags.ts';
import { commonFolder } from '../../../../src/services/export/export-boxes.ts';

test.each([
  ['/', '/', '/'],
  ['/a.jpg', '/b.jpg', '/'],
  ['/footage/gate/1.jpg', '/footage/gate/1.jpg', '/footage/gate'],
  ['/footage/gate/1.jpg', '/footage/gate/2/3.jpg', '/footage/gate'],
  ['/footage/gate/1.jpg', '/footage/gate2/1.jpg', '/footage'],
  ['/footage/gate/1.jpg', '/other/1.jpg', '/'],
])('%s and %s lie in %s', (first, last, folder) => {
  expect(commonFolder(first, last)).toBe(folder);
});

test('a flag that the format has no use for is a usage error', async () => {
  expect(await checkBoxFlags({ format: 'csv', columns: ['id'] })).toBeUndefined();
  await expect(checkBoxFlags({ format: 'csv', root: '/footage' })).rejects.toThrow('--root goes with --format coco and megadetector only');
  await expect(checkBoxFlags({ format: 'coco', columns: ['id'] })).rejects.toThrow('--columns does not go with --format coco');
});

test('the root is followed through links, and may be away', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hs-root-')));
  await symlink(folder, join(folder, 'link'));
  expect(await checkBoxFlags({ format: 'coco', root: join(folder, 'link') })).toBe(folder);
  expect(await checkBoxFlags({ format: 'coco', root: join(folder, 'gone/') })).toBe(join(folder, 'gone'));
  await rm(folder, { recursive: true });
});
