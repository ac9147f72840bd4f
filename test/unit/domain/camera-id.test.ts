import { describe, expect, test } from 'vitest';
import { cameraOfFile, normalizeCameraId } from '../../../src/domain/camera-id.ts';

describe('normalizeCameraId (§2.1)', () => {
  test.each([
    ['', ''],
    ['---', ''],
    ['   ', ''],
    ['🏠', ''],
    ['../..', ''],
    ['Front Door', 'front_door'],
    [' A  - B ', 'a_b'],
    ['Cam #1', 'cam_1'],
    ['a.b', 'ab'],
    ['Côté Jardin', 'côté_jardin'],
    ['Co\u0302te\u0301 Jardin', 'côté_jardin'],
    ['日本', '日本'],
    ['__x__y__', 'x_y'],
    ['a\u00a0b\u2010c\u2011d', 'a_b_c_d'],
    ['İstanbul', 'istanbul'],
    ['ΣΑΣ', 'σας'],
    ['x\u0000y\n', 'xy'],
    ['٣ 4', '٣_4'],
  ])('%j becomes %j', (name, id) => {
    expect(normalizeCameraId(name)).toBe(id);
  });

  test('an id is its own id, whatever the name', () => {
    for (let seed = 1; seed < 3000; seed++) {
      const name = String.fromCodePoint(...[1, 2, 3, 4].map((step) => 32 + ((seed * 7919 * step) % 0xd000)));
      const id = normalizeCameraId(name);
      expect(normalizeCameraId(id), JSON.stringify(name)).toBe(id);
    }
    const joined = normalizeCameraId('\u1100.\u1161');
    expect(normalizeCameraId(joined)).toBe(joined);
  });
});

describe('cameraOfFile (§2.1)', () => {
  const file = { relativePath: 'Front Door/2026/a.jpg', rootName: 'footage' };

  test.each([
    [
      { ...file, cameraFlag: 'Gate 2', templateCamera: 'x' },
      { id: 'gate_2', name: 'Gate 2', folder: '', from: 'flag' },
    ],
    [
      { ...file, templateCamera: 'left_repeater' },
      { id: 'left_repeater', name: 'left_repeater', folder: '', from: 'template' },
    ],
    [file, { id: 'front_door', name: 'Front Door', folder: 'Front Door', from: 'folder' }],
    [
      { ...file, relativePath: 'a.jpg' },
      { id: 'footage', name: 'footage', folder: '', from: 'root' },
    ],
    [
      { ...file, relativePath: '' },
      { id: 'footage', name: 'footage', folder: '', from: 'root' },
    ],
  ])('%j', (input, expected) => {
    expect(cameraOfFile(input)).toEqual(expected);
  });

  test('folders that the template reads as date are no camera', () => {
    const card = { relativePath: 'record/20260114/08/15.mp4', rootName: 'Porch', templateDepth: 4 };
    expect(cameraOfFile(card)).toMatchObject({ id: 'porch', folder: '' });
    expect(cameraOfFile({ ...card, relativePath: `Shed/${card.relativePath}` })).toMatchObject({ id: 'shed', folder: 'Shed' });
  });

  test.each([
    [{ ...file, cameraFlag: '---' }],
    [{ ...file, relativePath: '---/a.jpg' }],
    [{ relativePath: 'a.jpg', rootName: '' }],
    [{ ...file, relativePath: `${'日'.repeat(34)}/a.jpg` }],
  ])('%j has no camera, and nothing else is tried instead', (input) => {
    expect(cameraOfFile(input)).toMatchObject({ failure: 'camera_unknown' });
  });

  test('an id of exactly 100 bytes is kept', () => {
    expect(cameraOfFile({ ...file, cameraFlag: 'a'.repeat(100) })).toMatchObject({ id: 'a'.repeat(100) });
    expect(cameraOfFile({ ...file, cameraFlag: 'a'.repeat(101) })).toMatchObject({ failure: 'camera_unknown' });
  });
});
