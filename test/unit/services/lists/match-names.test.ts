import { expect, test } from 'vitest';
import { matchCameras, matchesGlob } from '../../../../src/services/lists/match-names.ts';

const cameras = [
  { id: 'côté_jardin', name: 'Côté Jardin' },
  { id: 'front_door', name: 'Front Door' },
  { id: 'front_gate', name: 'Front Gate (new)' },
];

test.each([
  ['front_door', 'front_door', true],
  ['front_*', 'front_door', true],
  ['FRONT*', 'front_door', true],
  ['front_doo?', 'front_door', true],
  ['front', 'front_door', false],
  ['*', '', true],
  ['', '', true],
  ['', 'x', false],
  ['a.b', 'axb', false],
  ['(new)*', '(new) gate', true],
  ['[a', '[a', true],
  ['*\n*', 'a\nb', true],
  ['Cote\u0301*', 'Côté Jardin', false],
  ['co\u0302te\u0301*', 'Côté Jardin', true],
])('%j against %j is %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test('patterns name cameras by id or by display name, each once, in the order of the cameras', () => {
  expect(matchCameras(cameras, ['Front Gate (new)', 'front_*'])).toEqual(['front_door', 'front_gate']);
});

test('no patterns name no camera', () => {
  expect(matchCameras(cameras, [])).toEqual([]);
});

test('a pattern that matches nothing is a usage error that names what exists (§12)', () => {
  expect(() => matchCameras(cameras, ['front_*', 'bakc*'])).toThrow(
    expect.objectContaining({ exitCode: 2, code: 'camera_unknown', hint: expect.stringContaining('front_door') as string }),
  );
});

test('without any camera the error says how to get one', () => {
  expect(() => matchCameras([], ['x'])).toThrow(expect.objectContaining({ hint: expect.stringContaining('hs ingest') as string }));
});
