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

test('a flag that the format has no use for is a usage error', () => {
  expect(checkBoxFlags({ format: 'coco', root: '/footage/' })).toBe('/footage');
  expect(checkBoxFlags({ format: 'csv', columns: ['id'] })).toBeUndefined();
  expect(() => checkBoxFlags({ format: 'csv', root: '/footage' })).toThrow('--root goes with --format coco and megadetector only');
  expect(() => checkBoxFlags({ format: 'coco', columns: ['id'] })).toThrow('--columns does not go with --format coco');
});
