import { expect, test } from 'vitest';

import { normalizePlate } from '../../../src/domain/license-plate.ts';

// schema §4.5: in capitals without blanks or hyphens
test.each([
  ['', ''],
  [' - \t–\n', ''],
  ['ab-12 3cd', 'AB123CD'],
  ['AB123CD', 'AB123CD'],
  ['b\u00A0mw 1', 'BMW1'],
  ['ab\u201012\u20133\u2014c', 'AB123C'],
  ['ＡＢ１２', 'AB12'],
  ['mü-ß 1', 'MÜSS1'],
  ['mu\u0308 1', 'MÜ1'],
  ['a.b/c', 'A.B/C'],
  ['京A·12345', '京A·12345'],
])('the plate %j is stored as %j (schema §4.5)', (plate, stored) => {
  expect(normalizePlate(plate)).toBe(stored);
  expect(normalizePlate(stored)).toBe(stored);
});
