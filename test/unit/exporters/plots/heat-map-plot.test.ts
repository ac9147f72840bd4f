import { expect, test } from 'vitest';
import { heatMapPlot, HOUR_LABELS, WEEKDAY_LABELS } from '../../../../src/exporters/plots/heat-map-plot.ts';

const UNKNOWN = Array.from({ length: 7 }, () => Array.from({ length: 24 }, (): number | null => null));
const FRAME = { title: '', subtitle: '', description: '', width: 944 };
const WEEK = { rows: WEEKDAY_LABELS, columns: HOUR_LABELS };

test('what is not known is hatched and has no number', () => {
  const svg = heatMapPlot({ ...FRAME, title: 'gate' }, { ...WEEK, values: UNKNOWN, largest: 0 });
  expect(svg.match(/<path /g)).toHaveLength(7 * 24 + 1);
  expect(svg).not.toContain('NaN');
});

test('names from folders cannot break the drawing', () => {
  const svg = heatMapPlot({ ...FRAME, title: '<script>&"\u0000', subtitle: '\u202E' }, { ...WEEK, values: UNKNOWN, largest: 0 });
  expect(svg).toContain('&lt;script&gt;&amp;&quot;\uFFFD');
});

test.each([
  [0, '0'],
  [0.004, '0.00'],
  [0.996, '1.0'],
  [1.682845, '1.7'],
  [9.96, '10'],
  [123.4, '123'],
])('%d is written as %s', (value, text) => {
  const values = UNKNOWN.map((day, weekday) => day.map((_, hour) => (weekday === 0 && hour === 0 ? value : null)));
  expect(heatMapPlot(FRAME, { ...WEEK, values, largest: 200 })).toContain(`>${text}</text>`);
});
