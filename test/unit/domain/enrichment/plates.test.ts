import { expect, test } from 'vitest';

import { canBePlate } from '../../../../src/domain/enrichment/plates.ts';

const CAR = { width: 200, height: 150 };

test.each([
  ['a European plate: a third of the width, a fortieth of the area', 60, 13, true],
  ['the whole car, which models of plates like to find', 190, 140, false],
  ['as wide as it may be', 120, 25, true],
  ['wider', 121, 25, false],
  ['upright', 20, 21, false],
  ['square', 20, 20, false],
  ['an eighth of the car', 75, 50, false],
])('%s', (_, width, height, expected) => {
  expect(canBePlate({ width, height }, CAR)).toBe(expected);
});
