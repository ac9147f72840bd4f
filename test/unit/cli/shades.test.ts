import { describe, expect, test } from 'vitest';
import { coverageMatrixText } from '../../../src/cli/coverage-matrix-text.ts';
import { displayWidth } from '../../../src/cli/display-width.ts';
import { heatMapText } from '../../../src/cli/heat-map-text.ts';
import type { ClockDay } from '../../../src/domain/coverage/clock-days.ts';
import { shade, type ShadeColors } from '../../../src/cli/shade.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';

const COLORS: ShadeColors = ['dim', 'red'];

function terminal(columns: number): ReturnType<typeof toTerminal> {
  return toTerminal({}, { color: false, env: { COLUMNS: String(columns) } });
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map(displayWidth));
}

test.each([
  [null, '  '],
  [0, '· '],
  [0.001, '░ '],
  [0.25, '░ '],
  [0.26, '▒ '],
  [0.75, '▓ '],
  [1, '█ '],
  [7, '█ '],
])('%j is shown as "%s"', (fraction, text) => {
  expect(shade(fraction, { width: 2, colors: COLORS, terminal: terminal(80) })).toBe(text);
});

test('a cell one column wide is a single sign, and colours are told by the terminal', () => {
  expect(shade(1, { width: 1, colors: COLORS, terminal: terminal(80) })).toBe('█');
  const colored = toTerminal({ isTTY: true, columns: 80 }, { color: true, env: {} });
  expect(shade(1, { width: 1, colors: COLORS, terminal: colored })).toBe('\u001b[31m█\u001b[39m');
});

describe('heat map', () => {
  const nothing = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => null));
  const full = Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (_, hour) => (day + hour) / 29));

  test('without knowledge has no shades and no scale', () => {
    const text = heatMapText(nothing, 0, terminal(80));
    expect(text).not.toMatch(/[░▒▓█]/);
    expect(text.split('\n').slice(1, 8)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
  });

  test('of a camera at which nothing ever happens is dots', () => {
    const quiet = nothing.map((day) => day.map(() => 0));
    expect(heatMapText(quiet, 0, terminal(30)).split('\n')[1]).toBe(`mon ${'·'.repeat(24)}`);
  });

  test.each([20, 27, 28, 51, 52, 75, 76, 200])('fits a terminal of %i columns and has all hours', (columns) => {
    const text = heatMapText(full, 1, terminal(columns));
    expect(widest(text)).toBeLessThanOrEqual(columns);
    const signs = text.split('\n').filter((line) => line.startsWith('sun'));
    const perCell = columns >= 76 ? 2 : 1;
    expect(signs.join('').match(/[·░▒▓█]/g)).toHaveLength(24 * perCell);
  });
});

test('a terminal whose locale is not UTF-8 gets plain letters, a pipe does not', () => {
  const legacy = { color: false, env: { LANG: 'de_DE.ISO-8859-1' } };
  const shown = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    shade(share, { width: 1, colors: COLORS, terminal: toTerminal({ isTTY: true }, legacy) }),
  );
  expect(shown.join('')).toBe('.-+*#');
  expect(shade(1, { width: 1, colors: COLORS, terminal: toTerminal({}, legacy) })).toBe('█');
  expect(toTerminal({ isTTY: true }, { color: false, env: { LC_ALL: '', LANG: 'C.utf8' } }).isUnicode).toBe(true);
});

describe('coverage matrix', () => {
  const dates = Array.from({ length: 45 }, (_, day) => new Date(Date.UTC(2026, 0, 20 + day)).toISOString().slice(0, 10));
  const rows = [
    { label: 'gate', days: new Map(dates.map((date, index) => [date, clockDay(index / 44)])) },
    { label: 'a camera with a very long name', days: new Map([[dates[2] ?? '', clockDay(0)]]) },
  ];

  function clockDay(share: number, hole?: number): ClockDay {
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    return {
      lengthMs: hours.map(() => 3_600_000),
      coveredMs: hours.map(() => share * 3_600_000),
      hasHole: hours.map((hour) => hour === hole),
    };
  }

  test('without footage says so', () => {
    expect(coverageMatrixText([], [], terminal(80))).toBe('no footage\n');
  });

  test.each([20, 30, 60, 80, 120, 300, 400])('fits a terminal of %i columns and has all days', (columns) => {
    const text = coverageMatrixText(rows, dates, terminal(columns));
    expect(widest(text)).toBeLessThanOrEqual(columns);
    const lines = text.split('\n').filter((line) => line.startsWith('gate'));
    const signs = { 120: 2, 300: 4, 400: 6 }[columns] ?? 1;
    expect(lines.join('').match(/[·░▒▓█]/g)).toHaveLength(45 * signs);
    if (signs < 6) expect(text.match(/^2026-\d\d/gm)).toEqual(expect.arrayContaining(['2026-01', '2026-02', '2026-03']));
    else expect(text).toContain('01-20');
  });

  test('few days show every hour, a hole and what is not known', () => {
    const day = clockDay(1, 3);
    day.coveredMs.splice(0, 2, null, null);
    day.coveredMs[3] = 0;
    const text = coverageMatrixText([{ label: 'gate', days: new Map([['2026-02-28', day]]) }], ['2026-02-28', '2026-03-01'], terminal(80));
    expect(text.split('\n').slice(0, 3)).toEqual([
      '        2026-02-28               2026-03-01',
      'hour    0     6     12    18     0     6     12    18',
      'gate      █·████████████████████!',
    ]);
    expect(text).toContain('up to 15m');
    expect(text).toContain('one sign for 1h');
  });

  test('a pipe has a width, too', () => {
    expect(widest(coverageMatrixText(rows, dates, toTerminal({}, { color: false, env: {} })))).toBeLessThanOrEqual(118);
  });
});
