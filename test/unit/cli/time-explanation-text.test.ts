import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/cli/display-width.ts';
import { timeExplanationText } from '../../../src/cli/time-explanation-text.ts';
import { wrapText } from '../../../src/cli/wrap-text.ts';
import { templatesOfLayout } from '../../../src/domain/time/layouts.ts';
import { toTimeExplanation } from '../../../src/services/time/to-time-explanation.ts';

const terminal = { width: Infinity, isInteractive: false, isUnicode: true, style: (_: unknown, text: string) => text };

function explain(relativePath: string, changes: { modifiedAt?: string; container?: string } = {}): ReturnType<typeof toTimeExplanation> {
  const auto = templatesOfLayout('auto');
  if (!auto.ok) throw new Error(auto.message);
  const { modifiedAt = '2026-11-20T00:00:00Z', container } = changes;
  return toTimeExplanation(
    {
      relativePath,
      mediaType: 'video',
      modifiedAtMs: Date.parse(modifiedAt),
      durationMs: 30_000,
      embedded: container === undefined ? undefined : { utcMs: Date.parse(container), hasOffset: false },
      zone: 'America/New_York',
      clockOffsetS: -2,
      templates: auto.templates,
      nowMs: Date.parse('2026-12-01T00:00:00Z'),
    },
    { path: `/footage/${relativePath}`, camera: { id: 'gate', name: 'Gate', from: 'folder' } },
  );
}

describe('timeExplanationText', () => {
  test('a file with a time: decision, warnings, sources, templates', () => {
    const text = timeExplanationText(explain('gate/cam_20261101_013000.mp4', { container: '2026-11-01T04:00:00Z' }), {
      terminal,
      verbose: false,
    });
    expect(text).toBe(`/footage/gate/cam_20261101_013000.mp4
  file       video, 30 s
  camera     gate (first folder of the path)
  zone       America/New_York, camera clock corrected by -2 s
  start      2026-11-01T01:29:58.000-04:00  = 2026-11-01T05:29:58.000Z
  end        2026-11-01T01:30:28.000-04:00  = 2026-11-01T05:30:28.000Z
  from       filename, exact, read in America/New_York
  ambiguous  this hour occurs twice; the earlier is taken until neighbouring
             files decide
  warning    time_disagrees: container time is 5400 s earlier than the name's
  sources      flag       not given
             * filename   2026-11-01T05:29:58.000Z or 2026-11-01T06:29:58.000Z
                          {*}{yyyy}{MM}{dd}{sep}{HH}{mm}{ss}{*}
               container  2026-11-01T03:59:58.000Z
               mtime      2026-11-19T23:59:28.000Z
  templates  + generic: {*}{yyyy}{MM}{dd}{sep}{HH}{mm}{ss}{*}
             no match: foscam, reolink, unifi, hikvision, dahua, frigate,
             blue-iris, wyze, ring, tesla
`);
  });

  test('a file without a time says why each source was refused', () => {
    const text = timeExplanationText(explain('IMG_1.mp4', { modifiedAt: '1970-01-01T00:00:00Z' }), { terminal, verbose: false });
    expect(text).toContain('  no time    no source tells a believable time');
    expect(text).toContain('               filename   no template matches\n');
    expect(text).toContain('                          refused, too_old: 1969-12-31T23:59:28.000Z is before\n');
  });

  test('--verbose lists every template', () => {
    const text = timeExplanationText(explain('RingVideo_20260114_081500.mp4'), { terminal, verbose: true });
    expect(text).toContain('+ ring: RingVideo_{yyyy}{MM}{dd}_{HH}{mm}{ss}.{ext}');
    expect(text).toContain('- wyze: record/{yyyy}{MM}{dd}/{HH}/{mm}.mp4');
    expect(text).toContain('the first that matches is used: ring');
  });

  test.each([
    'gate/cam_20261101_013000.mp4',
    'SentryClips/2026-01-14_08-20-11/2026-01-14_08-15-00-left_repeater.mp4',
    '2026-01-14/001/dav/08/08.15.00-08.15.25[M][0@0][0].dav',
    `${'long folder/'.repeat(20)}\u001b[31m日本\n.mp4`,
    'x'.repeat(300),
  ])('nothing is wider than 80 columns, and nothing reaches the terminal raw: %j', (path) => {
    for (const verbose of [false, true]) {
      const lines = timeExplanationText(explain(path), { terminal, verbose }).split('\n');
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
      expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    }
    const narrow = timeExplanationText(explain(path), { terminal: { ...terminal, width: 60 }, verbose: false });
    expect(Math.max(...narrow.split('\n').map(displayWidth))).toBeLessThanOrEqual(60);
  });
});

describe('wrapText', () => {
  test.each([
    ['', 10, ['']],
    ['one', 10, ['one']],
    ['one two three', 7, ['one two', 'three']],
    ['one two', 3, ['one', 'two']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['a bcdefgh', 3, ['a', 'bcd', 'efg', 'h']],
    ['日本日本', 5, ['日本', '日本']],
    ['a  b', 10, ['a  b']],
  ])('%j at %i', (text, width, lines) => {
    expect(wrapText(text, width)).toEqual(lines);
  });
});
