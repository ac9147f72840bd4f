import { describe, expect, test } from 'vitest';

import { enlargeBox, holderOf, severityOfThreat } from '../../../../src/domain/enrichment/threats.ts';
import { THREAT_TYPES } from '../../../../src/domain/enums.ts';

const PERSON = { name: 'left', box: { x: 100, y: 100, width: 40, height: 80 } };

function knifeAt(x: number, y: number) {
  return { x: x - 5, y: y - 5, width: 10, height: 10 };
}

test('a box is enlarged by a quarter of its size on each side', () => {
  expect(enlargeBox(PERSON.box, 0.25)).toEqual({ x: 90, y: 80, width: 60, height: 120 });
});

describe('§4 a COCO threat counts when its centre lies in a person’s box enlarged by 25 %', () => {
  test('nobody there', () => {
    expect(holderOf(knifeAt(120, 140), [] as (typeof PERSON)[])).toBeUndefined();
  });

  test.each([
    ['in the middle', 120, 140, true],
    ['on the left edge', 90, 140, true],
    ['beyond the left edge', 89.9, 140, false],
    ['on the right edge', 150, 140, true],
    ['beyond the right edge', 150.1, 140, false],
    ['on the upper edge', 120, 80, true],
    ['above it', 120, 79.9, false],
    ['on the lower edge', 120, 200, true],
    ['below it', 120, 200.1, false],
    ['in the corner', 150, 200, true],
  ])('%s', (_, x, y, counts) => {
    expect(holderOf(knifeAt(x, y), [PERSON]) !== undefined).toBe(counts);
  });

  test('of two people in reach it is the nearer one’s, in whichever order they come', () => {
    const right = { name: 'right', box: { x: 140, y: 100, width: 40, height: 80 } };
    for (const people of [
      [PERSON, right],
      [right, PERSON],
    ]) {
      expect(holderOf(knifeAt(145, 140), people)?.name).toBe('right');
      expect(holderOf(knifeAt(135, 140), people)?.name).toBe('left');
    }
  });
});

test('the severity of a threat is the level of its floor (§9.1): 95 and 90 critical, 75 high', () => {
  expect(Object.fromEntries(THREAT_TYPES.map((type) => [type, severityOfThreat(type)]))).toEqual({
    gun: 'critical',
    knife: 'critical',
    grenade: 'critical',
    explosive: 'critical',
    weapon: 'high',
    other: 'medium',
  });
});
