import { expect, test } from 'vitest';

import type { ZoneShape } from '../../../../src/domain/enums.ts';
import { parseZoneCoordinates, parseZonePoints } from '../../../../src/domain/zones/parse-coordinates.ts';

const STORED = [
  [0.2, 0.1],
  [0.8, 0.1],
  [0.8, 0.6],
  [0.2, 0.6],
];

test.each<[ZoneShape, unknown, RegExp]>([
  ['polygon', undefined, /list of points/],
  ['polygon', 'front', /list of points/],
  ['polygon', {}, /list of points/],
  ['polygon', [], /at least 3 different points, not 0/],
  ['rectangle', [], /two opposite corners, or four, not 0/],
  ['polygon', [1, 2, 3], /point 1: a point is two numbers/],
  ['polygon', [[0.1, 0.2], [0.3]], /point 2: a point is two numbers/],
  ['polygon', [[0.1, 0.2, 0.3]], /point 1: a point is two numbers/],
  ['polygon', [[0.1, 'a']], /point 1: x and y must be numbers/],
  ['polygon', [[0.1, null]], /point 1: x and y must be numbers/],
  ['polygon', [[NaN, 0.1]], /point 1: x and y must be numbers/],
  ['polygon', [[Infinity, 0.1]], /point 1: x is Infinity/],
  [
    'polygon',
    [
      [0, 0],
      [640, 0],
      [640, 480],
    ],
    /point 2: x is 640, .*0 to 1, not pixels/,
  ],
  ['polygon', [[0.5, -0.001]], /point 1: y is -0.001/],
  [
    'polygon',
    [
      [0, 0],
      [1, 0],
    ],
    /at least 3 different points, not 2/,
  ],
  [
    'polygon',
    [
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 0],
    ],
    /at least 3 different points, not 2/,
  ],
  [
    'polygon',
    [
      [0.1, 0.1],
      [0.2, 0.2],
      [0.9, 0.9],
      [0.3, 0.3],
    ],
    /no area/,
  ],
  [
    'polygon',
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ],
    /side 1 meets side 3/,
  ],
  [
    'polygon',
    [
      [0, 0],
      [1, 0],
      [0.5, 0],
      [0.5, 1],
    ],
    /side 1 meets side 3/,
  ],
  [
    'polygon',
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0],
      [0, 1],
    ],
    /crosses or touches itself/,
  ],
  ['polygon', Array.from({ length: 101 }, (_, i) => [i / 101, 0]), /at most 100 points, not 101/],
  [
    'rectangle',
    [
      [0.1, 0.1],
      [0.2, 0.2],
      [0.3, 0.1],
    ],
    /not 3 different points/,
  ],
  [
    'rectangle',
    [
      [0.1, 0.1],
      [0.1, 0.9],
    ],
    /has no area/,
  ],
  [
    'rectangle',
    [
      [0.1, 0.1],
      [0.9, 0.1],
    ],
    /has no area/,
  ],
  [
    'rectangle',
    [
      [0.1, 0.1],
      [0.9, 0.2],
      [0.9, 0.8],
      [0.1, 0.8],
    ],
    /upright rectangle; shape polygon/,
  ],
])('a %s of %j is refused (§7)', (shape, value, message) => {
  const parsed = parseZoneCoordinates(value, shape);
  expect(parsed.ok || parsed.message).toMatch(message);
});

test.each([
  [
    [
      [0.2, 0.1],
      [0.8, 0.6],
    ],
  ],
  [
    [
      [0.8, 0.6],
      [0.2, 0.1],
    ],
  ],
  [
    [
      [0.8, 0.1],
      [0.2, 0.6],
    ],
  ],
  [STORED],
  [STORED.toReversed()],
  [[STORED[2], STORED[0], STORED[3], STORED[1]]],
  [[...STORED, STORED[0]]],
])('the rectangle %j is stored as its four corners, clockwise (§7)', (value) => {
  expect(parseZoneCoordinates(value, 'rectangle')).toEqual({ ok: true, coordinates: STORED });
});

test('a polygon keeps its order and loses repeated points and the one that closes it (§7)', () => {
  const value = [
    [0, 0],
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  expect(parseZoneCoordinates(value, 'polygon')).toEqual({
    ok: true,
    coordinates: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  });
});

test('the borders of the picture, concave outlines and points along a side are fine (§7)', () => {
  const outline = [
    [0, 0],
    [0.3, 0],
    [0.6, 0],
    [0.6, 0.3],
    [0.3, 0.3],
    [0.3, 1],
    [0, 1],
  ];
  expect(parseZoneCoordinates(outline, 'polygon')).toEqual({ ok: true, coordinates: outline });
});

test.each([['0.2,0.1 0.8,0.6'], ['  0.2,0.1;0.8,0.6 '], ['0.2,0.1; 0.8,0.6'], ['[[0.2, 0.1], [0.8, 0.6]]'], ['.2,.1\n.8,.6']])(
  'the typed points %j are read',
  (text) => {
    expect(parseZonePoints(text, 'rectangle')).toEqual({ ok: true, coordinates: STORED });
  },
);

test.each([
  ['', /not 0 different points/],
  ['0.1', /point 1: a point is two numbers/],
  ['0.1,0.2,0.3', /point 1: a point is two numbers/],
  ['0.1, 0.2', /point 1: x and y must be numbers/],
  ['a,b c,d', /point 1: x and y must be numbers/],
  ['[[0.1,', /list of points/],
])('the typed points %j are refused', (text, message) => {
  const parsed = parseZonePoints(text, 'rectangle');
  expect(parsed.ok || parsed.message).toMatch(message);
});
