import { describe, expect, test } from 'vitest';
import { isInShard, MOST_SHARDS, parseShard, shardText } from '../../../src/domain/shard.ts';

describe('a part of the work', () => {
  test.each([
    '',
    '/',
    '1',
    '0/4',
    '5/4',
    '-1/4',
    '1/-4',
    'a/b',
    '1/0',
    '0/0',
    '1.5/4',
    '1/4/2',
    ' 1/4',
    '1/4\n',
    '１/4',
    `1/${String(MOST_SHARDS + 1)}`,
  ])('is not %j', (text) => {
    expect(parseShard(text)).toBeUndefined();
  });

  test.each([
    ['1/1', { index: 1, count: 1 }],
    ['4/4', { index: 4, count: 4 }],
    ['007/010', { index: 7, count: 10 }],
    [`${String(MOST_SHARDS)}/${String(MOST_SHARDS)}`, { index: MOST_SHARDS, count: MOST_SHARDS }],
  ])('is %s', (text, shard) => {
    expect(parseShard(text)).toEqual(shard);
    expect(parseShard(shardText(shard))).toEqual(shard);
  });

  test.each([1, 2, 3, 7, 64])('every name falls to exactly one of %i, and none is left out', (count) => {
    const names = Array.from({ length: 2000 }, (_, i) => `camera:cam_${String(i)}`);
    const sizes = Array.from({ length: count }, (_, i) => names.filter((name) => isInShard(name, { index: i + 1, count })).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(names.length);
    expect(Math.min(...sizes)).toBeGreaterThan(0.4 * (names.length / count));
  });

  test('names fall where they always fell, however they are written in Unicode', () => {
    const partOf = (name: string): number => [1, 2, 3, 4, 5].findIndex((index) => isInShard(name, { index, count: 5 })) + 1;
    expect(['', 'camera:gate', 'camera:yard', 'path:/f/a.mp4'].map(partOf)).toEqual([5, 5, 4, 2]);
    expect(partOf('camera:Tür')).toBe(partOf('camera:Tu\u0308r'));
  });
});
