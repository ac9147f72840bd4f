import { describe, expect, test } from 'vitest';
import { fieldsOfWallClock, formatLocal, localToUtc } from '../../../../src/domain/time/local-time.ts';
import { type FoldFile, resolveFold } from '../../../../src/domain/time/resolve-fold.ts';

/** A recording whose New York wall clock shows this on the day the clocks go back. */
function file(key: string, wallClock: string, durationS = 60): FoldFile {
  const reading = localToUtc(fieldsOfWallClock(Date.parse(`2026-11-01T${wallClock}Z`)), 'America/New_York');
  const durationMs = durationS * 1000;
  return reading.kind === 'fold'
    ? { key, durationMs, candidates: [reading.earlyMs, reading.lateMs] }
    : { key, durationMs, startMs: reading.utcMs };
}

function show(files: readonly FoldFile[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [key, { startMs, ambiguous }] of resolveFold(files)) {
    shown[key] = new Date(startMs).toISOString().slice(11, 19) + (ambiguous ? '?' : '');
  }
  return shown;
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return items
    .map((item, index) => ({ item, rank: Math.sin(seed * 1000 + index * 37) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

describe('resolveFold (§1.4)', () => {
  test.each<[string, FoldFile[], Record<string, string>]>([
    ['nothing', [], {}],
    ['nothing to resolve', [file('a', '00:59:00')], {}],
    ['alone', [file('e', '01:30:00')], { e: '05:30:00?' }],
    ['A before it', [file('a', '00:59:00'), file('b', '01:00:00')], { b: '05:00:00' }],
    ['D after it', [file('c', '01:59:00'), file('d', '02:00:00')], { c: '06:59:00' }],
    ['gap of exactly 10 s', [file('a', '00:58:50'), file('b', '01:00:00')], { b: '05:00:00' }],
    ['gap of more than 10 s', [file('a', '00:58:49.999'), file('b', '01:00:00')], { b: '05:00:00?' }],
    ['overlap of exactly 2 s', [file('a', '00:59:02'), file('b', '01:00:00')], { b: '05:00:00' }],
    ['overlap of more than 2 s', [file('a', '00:59:02.001'), file('b', '01:00:00')], { b: '05:00:00?' }],
    [
      'a chain of five, one round each',
      [file('a', '00:59:00'), ...['01:00', '01:01', '01:02', '01:03', '01:04'].map((at) => file(at, `${at}:00`))],
      { '01:00': '05:00:00', '01:01': '05:01:00', '01:02': '05:02:00', '01:03': '05:03:00', '01:04': '05:04:00' },
    ],
    [
      'both readings supported: ambiguous for good, and no evidence for the next',
      [file('a', '00:00:00', 3600), file('b', '01:00:00', 3600), file('d', '02:00:00'), file('x', '01:30:00')],
      { b: '05:00:00?', x: '05:30:00?' },
    ],
    [
      'both passes of a continuous recording, each followed from its own end',
      [
        file('a', '00:40:00', 1200),
        ...['b1', 'b2'].map((key) => file(key, '01:00:00', 1200)),
        file('c', '01:20:00', 1200),
        file('e', '01:40:00', 1200),
        file('d', '02:00:00'),
      ],
      { b1: '05:00:00', b2: '05:00:00', c: '05:20:00?', e: '06:40:00' },
    ],
  ])('%s', (_, files, expected) => {
    expect(show(files)).toEqual(expected);
    for (let seed = 0; seed < 20; seed++) expect(show(shuffled(files, seed))).toEqual(expected);
  });

  test('the result does not depend on the order of many files', () => {
    // One recording of 100 s after the other, through both passes of the hour, with some missing.
    const files = Array.from({ length: 84 }, (_, index) => {
      const startMs = Date.parse('2026-11-01T04:50:00Z') + index * 100_000;
      return file(String(index), formatLocal(startMs, 'America/New_York').slice(11, 23), 100);
    }).filter((_, index) => ![20, 41, 45, 60].includes(index));
    files.push(file('lone', '01:30:33', 1));
    const expected = show(files);
    expect(Object.values(expected).some((text) => text.endsWith('?'))).toBe(true);
    expect(Object.values(expected).some((text) => !text.endsWith('?'))).toBe(true);
    for (let seed = 0; seed < 30; seed++) expect(show(shuffled(files, seed))).toEqual(expected);
  });

  test('an hour of stills, one a second, is followed from its first to its last', () => {
    const stills = Array.from({ length: 3600 }, (_, second) =>
      file(String(second), `01:${new Date(second * 1000).toISOString().slice(14, 19)}`, 0),
    );
    const results = resolveFold([file('before', '00:59:58', 1), ...stills]);
    expect([...results.values()].filter((result) => !result.ambiguous).length).toBe(3600);
    expect(results.get('3599')).toEqual({ startMs: Date.parse('2026-11-01T05:59:59Z'), ambiguous: false });
  });
});
