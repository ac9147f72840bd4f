import { expect, test } from 'vitest';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';

test('ids sort as they were made, also many within a millisecond, and none comes twice', () => {
  const ids = Array.from({ length: 20_000 }, () => uuidV7());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id names the version, the variant and the time', () => {
  const before = Date.now();
  const id = uuidV7();
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  const atMs = parseInt(id.replace('-', '').slice(0, 12), 16);
  expect(atMs).toBeGreaterThanOrEqual(before);
  expect(atMs).toBeLessThan(before + 1000);
});
