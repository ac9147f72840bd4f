import { expect, test } from 'vitest';

import { prometheusText, type Metric } from '../../../src/exporters/prometheus-text.ts';
import { parsePrometheus } from '../../helpers/parse-prometheus.ts';

function gauge(samples: Metric['samples'], help = 'A thing.'): Metric {
  return { name: 'hs_thing', help, type: 'gauge', samples };
}

test('nothing is nothing, and a metric without samples is not there', () => {
  expect(prometheusText([])).toBe('');
  expect(prometheusText([gauge([])])).toBe('');
});

test('a metric has its help, its type and its samples', () => {
  const samples = [{ value: 1 }, { labels: { camera: 'gate', day: '1' }, value: 0.5 }];
  expect(prometheusText([gauge(samples)])).toBe(
    '# HELP hs_thing A thing.\n# TYPE hs_thing gauge\nhs_thing 1\nhs_thing{camera="gate",day="1"} 0.5\n',
  );
});

test.each(['', '"', '\\', '\\n', 'a\nb', '\\"\n\\\\', 'Göteborg 🏠', '{a="b"} 1', '\u202E', '\r'])(
  'a label %j is read as it was',
  (camera) => {
    const text = prometheusText([gauge([{ labels: { camera }, value: 1 }], 'back\\slash\nline')]);
    expect(parsePrometheus(text).samples).toEqual([{ name: 'hs_thing', labels: { camera }, value: 1 }]);
  },
);

test.each([0, -1, 1e21, 1e-7, 4_294_967_296, NaN, Infinity, -Infinity])('a value %d is read as it was', (value) => {
  expect(parsePrometheus(prometheusText([gauge([{ value }])])).samples[0]?.value).toBe(value);
});

test.each([
  'hs_thing 1\n',
  '# TYPE hs_thing gauge\nhs_thing 1',
  '# TYPE hs_thing gauge\nhs_thing{a="b} 1\n',
  '# HELP hs_thing x\n# TYPE hs_thing gauge\nhs_thing 1\nhs_thing 2\n',
  '# HELP hs_thing x\n# TYPE hs_thing thing\nhs_thing 1\n',
  '# HELP hs_thing x\n# TYPE hs_thing gauge\nhs_thing one\n',
  '# HELP hs_thing x\n# TYPE hs_thing gauge\nhs_thing{a="\\x"} 1\n',
])('the reader of these tests refuses %j', (text) => {
  expect(() => parsePrometheus(text)).toThrow();
});
