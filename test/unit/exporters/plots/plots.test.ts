import { expect, test } from 'vitest';
import { barsPlot } from '../../../../src/exporters/plots/bars-plot.ts';
import { coverageParts, coveragePlot } from '../../../../src/exporters/plots/coverage-plot.ts';
import type { PlotFrame } from '../../../../src/exporters/plots/draw-svg.ts';
import { heatMapPlot } from '../../../../src/exporters/plots/heat-map-plot.ts';
import { sparklinesPlot } from '../../../../src/exporters/plots/sparklines-plot.ts';
import { timelinePlot } from '../../../../src/exporters/plots/timeline-plot.ts';

const HOSTILE = '<script>&"\u202E\n' + 'x'.repeat(400);
const DAY = { startMs: 0, endMs: 86_400_000 };

const EMPTY: [string, (frame: PlotFrame) => string][] = [
  ['bars', (frame) => barsPlot(frame, { series: [], bars: [] })],
  ['heat map', (frame) => heatMapPlot(frame, { rows: [], columns: [], values: [], largest: 0 })],
  ['coverage', (frame) => coveragePlot(frame, { dates: [], partsPerDay: 1, rows: [] })],
  ['timeline', (frame) => timelinePlot(frame, { startMs: 0, endMs: 0, ticks: [], lanes: [] })],
  ['sparklines', (frame) => sparklinesPlot(frame, { lines: [], from: '', to: '' })],
];

const FULL: [string, (frame: PlotFrame) => string][] = [
  ['bars', (frame) => barsPlot(frame, { series: ['low', HOSTILE], bars: [{ label: HOSTILE, values: [1, 2] }] })],
  ['grouped', (frame) => barsPlot(frame, { series: ['a', 'b'], arrangement: 'grouped', bars: [{ label: HOSTILE, values: [1, 2] }] })],
  ['heat map', (frame) => heatMapPlot(frame, { rows: [HOSTILE], columns: ['0', '1'], values: [[1, null]], largest: 1 })],
  [
    'coverage',
    (frame) => {
      const rows = [{ label: HOSTILE, note: '', parts: [{ share: 0.5, hasHole: true }] }];
      return coveragePlot(frame, { dates: ['2026-01-01'], partsPerDay: 1, rows });
    },
  ],
  [
    'timeline',
    (frame) =>
      timelinePlot(frame, {
        ...DAY,
        ticks: [],
        lanes: [{ label: HOSTILE, covered: [DAY], holes: [DAY], marks: [{ atMs: 1, label: HOSTILE }] }],
      }),
  ],
  ['sparklines', (frame) => sparklinesPlot(frame, { lines: [{ label: HOSTILE, values: [1, null, 2, 3] }], from: 'a', to: 'b' })],
];

test.each([...EMPTY, ...FULL].flatMap(([name, draw]) => [360, 720].map((width) => [name, width, draw] as const)))(
  '%s at %d: whole numbers of tags, a text alternative, nothing from names',
  (_, width, draw) => {
    const svg = draw({ title: HOSTILE, description: 'what is seen', width });
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<desc>what is seen</desc>');
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|\u202E/);
    expect(depthOf(svg)).toBe(0);
    for (const [, x] of svg.matchAll(/ x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThanOrEqual(width);
  },
);

test('bars grow with their values and a stack shows its sum', () => {
  const svg = barsPlot({ title: '', description: '' }, { series: ['low', 'high'], bars: [{ label: 'gate', values: [10, 30] }] });
  const widths = [...svg.matchAll(/height="18" class="f-(?:low|high)"/g)].length;
  expect(widths).toBe(2);
  expect(svg).toContain('>40</text>');
});

test('a day with a hole has its mark, one before the first footage is hatched', () => {
  const parts = [
    { share: null, hasHole: false },
    { share: 1, hasHole: true },
  ];
  const dates = ['2026-01-01', '2026-01-02'];
  const svg = coveragePlot({ title: '', description: '' }, { dates, partsPerDay: 1, rows: [{ label: 'g', note: '', parts }] });
  expect(svg.match(/class="f-hole"/g)).toHaveLength(2);
  expect(svg).toContain('g, 2026-01-02: 100 % of the time, with a hole');
  expect(svg).toContain('before the first or after the last footage');
});

test('days are divided as finely as can be seen, and say which hours a part is', () => {
  expect([0, 1, 4, 10, 31, 4000].map((days) => coverageParts(days, 944))).toEqual([24, 24, 24, 8, 2, 2]);
  expect(coverageParts(31, 360)).toBe(1);
  const parts = Array.from({ length: 24 }, (_, hour) => ({ share: hour / 23, hasHole: hour === 3 }));
  const svg = coveragePlot(
    { title: '', description: '' },
    { dates: ['2026-01-01'], partsPerDay: 24, rows: [{ label: 'g', note: '', parts }] },
  );
  expect(svg).toContain('g, 2026-01-01, 3–4 h: 13 % of the time, with a hole');
  expect(svg).toContain('>18</text>');
});

test('a drawing of its own carries its style and its ground, one in a page neither', () => {
  const draw = (use: 'file' | 'inline') => barsPlot({ title: 't', description: 'd', use }, { series: ['a'], bars: [] });
  expect(draw('file')).toContain('prefers-color-scheme:dark');
  expect(draw('inline')).not.toContain('<style>');
});

function depthOf(svg: string): number {
  let depth = 0;
  for (const [tag] of svg.matchAll(/<[^>]+>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
  }
  return depth;
}

test('where a page says the title, it is the name of the drawing only', () => {
  const frame = { title: 'Events', subtitle: 'of a week', description: 'two bars', hasHead: false };
  const svg = barsPlot(frame, { series: [], bars: [] });
  expect(svg).toContain('<title>Events</title>');
  expect(svg).not.toContain('>Events</text>');
  expect(svg).not.toContain('of a week');
});

test('zeros can be left to their colour; a legend of whole numbers names none twice', () => {
  const data = { rows: ['Mon'], columns: ['0', '1'], values: [[0, 1]], largest: 1, isWhole: true };
  const numbers = (svg: string): string[] => [...svg.matchAll(/>([01])<\/text>/g)].map(([, number]) => number!);
  const frame = { title: '', description: '' };
  // Column labels, cells, legend.
  expect(numbers(heatMapPlot(frame, data))).toEqual(['0', '1', '0', '1', '0', '1']);
  expect(numbers(heatMapPlot(frame, { ...data, hidesZeros: true }))).toEqual(['0', '1', '1', '0', '1']);
});
