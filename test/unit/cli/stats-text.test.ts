import { expect, test } from 'vitest';

import { barText } from '../../../src/cli/bar-text.ts';
import { cellText } from '../../../src/cli/column.ts';
import { groupColumns, headlineRecord } from '../../../src/cli/stats-text.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';

const TERMINAL = toTerminal({ isTTY: true, columns: 100 }, { color: false, env: {} });

test.each([
  [0, '', ''],
  [-1, '', ''],
  [NaN, '', ''],
  [0.0001, '▏', '#'],
  [0.5, '██', '##'],
  [0.6, '██▍', '##'],
  [1, '████', '####'],
  [7, '████', '####'],
])('a share of %d is "%s", or "%s" where blocks cannot be shown', (share, blocks, plain) => {
  expect(barText(share, 4, { isUnicode: true })).toBe(blocks);
  expect(barText(share, 4, { isUnicode: false })).toBe(plain);
});

const NAMES = ['date', 'files', 'tracks', 'events', 'events_high', 'timezone'];
const ROWS = [
  { date: '2026-01-01', files: 0, tracks: 1, events: 4, events_high: 0 },
  { date: '2026-01-02', files: 2, tracks: 0, events: 0, events_high: 3 },
];

test('a bar stands beside the count on a terminal, and nowhere else', () => {
  const shown = groupColumns({ names: NAMES, rows: ROWS, terminal: TERMINAL, isTable: true });
  expect(shown.map(({ key }) => key)).toEqual(['date', 'files', 'tracks', 'events', 'bar', 'events_high', 'timezone']);
  expect(ROWS.map((row) => shown.map((column) => cellText(column, row)))).toEqual([
    ['2026-01-01', '0', '1', '4', '██████████', '', ''],
    ['2026-01-02', '2', '0', '0', '', '3', ''],
  ]);
  const piped = toTerminal({}, { color: false, env: {} });
  for (const options of [
    { terminal: piped, isTable: true },
    { terminal: TERMINAL, isTable: false },
  ]) {
    expect(groupColumns({ names: NAMES, rows: ROWS, ...options }).map(({ key }) => key)).toEqual(NAMES);
  }
});

test('a narrow table leaves out what matters least, data never do', () => {
  const narrow = toTerminal({ isTTY: true, columns: 80 }, { color: false, env: {} });
  const extras = (isTable: boolean) =>
    groupColumns({ names: [...NAMES, 'score_p90'], rows: ROWS, terminal: narrow, isTable }).flatMap(({ key, isExtra }) =>
      isExtra ? [key] : [],
    );
  expect(extras(true)).toEqual(['files', 'score_p90', 'timezone']);
  expect(extras(false)).toEqual(['timezone']);
});

test('bars of nothing are none', () => {
  const columns = groupColumns({ names: NAMES, rows: [{ events: 0 }], terminal: TERMINAL, isTable: true });
  expect(cellText(columns[4] ?? { key: '', value: () => null }, { events: 0 })).toBe('');
});

const EMPTY = {
  classes: {},
  ingest_runs: [],
  footage_hours: 0,
  first_footage_at_local: null,
  score_median: null,
  database_bytes: 8_000_000,
};

test('an empty store says so without gaps', () => {
  const lines = headlineRecord(EMPTY, [], true);
  expect(lines).toMatchObject({
    cameras: 0,
    footage: '0 h',
    files: '0',
    events: '0',
    scores: null,
    'last ingest': null,
    database: '8.0 MB',
  });
});

test('what there is none of is left out of the lines, and kept in the data', () => {
  const run = { seconds: 90, files: 1, files_per_s: 0.0111, times_real_time: 20 };
  const counts = { events: 3, events_high: 1, events_unscored: 2, events_low: 0, score_median: 60, score_p90: 60, tracks: 5 };
  const figures = { ...EMPTY, ...counts, classes: { person: 4, '': 1 }, ingest_runs: [run, run] };
  expect(headlineRecord(figures, [], true)).toMatchObject({
    events: '3: 1 high, 2 unscored',
    tracks: '5: 4 person, 1 without a class',
    scores: 'median 60, p90 60',
    'last ingest': '1 file in 1m 30s: 0.0111 files/s, 20 × real time',
    'before that': '20 ×',
  });
  expect(headlineRecord(figures, [{ key: 'events_low', value: () => null }], false)).toEqual({ events_low: 0 });
});
