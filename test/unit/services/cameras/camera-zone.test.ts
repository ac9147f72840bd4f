import { expect, test } from 'vitest';
import { cameraZone } from '../../../../src/services/cameras/camera-zone.ts';

const settings = { timezone: 'America/New_York', cameras: { gate: { timezone: 'Asia/Kolkata' }, yard: {} } };

test.each([
  ['gate', 'Europe/Berlin', 'Asia/Tokyo', 'Europe/Berlin'],
  ['gate', null, 'Asia/Tokyo', 'Asia/Tokyo'],
  ['gate', null, null, 'Asia/Kolkata'],
  ['yard', null, null, 'America/New_York'],
  ['toString', null, null, 'America/New_York'],
])('%s with own zone %s and property zone %s lives in %s (§1.4)', (id, own, property, expected) => {
  expect(cameraZone({ camera_id: id, camera_timezone: own, property_timezone: property }, settings)).toBe(expected);
});

test('without any zone it is UTC, never that of the machine', () => {
  expect(cameraZone({ camera_id: 'a', camera_timezone: null, property_timezone: null }, { cameras: {} })).toBe('UTC');
});
