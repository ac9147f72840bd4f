import { describe, expect, test } from 'vitest';
import { wallClockMs } from '../../../../src/domain/time/local-time.ts';
import { parseTemplate } from '../../../../src/domain/time/parse-template.ts';
import { matchTemplate, type TemplateOptions, type TimeTemplate } from '../../../../src/domain/time/template.ts';
import type { NamedTime } from '../../../../src/domain/time/template-time.ts';

function template(text: string, options: TemplateOptions = {}): TimeTemplate {
  const parsed = parseTemplate(text, { layout: 'own', ...options });
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.template;
}

/** Local times without, instants with a Z. */
function show(time: NamedTime | undefined): string | undefined {
  if (time?.kind === 'instant') return new Date(time.utcMs).toISOString();
  return time && new Date(wallClockMs(time.local)).toISOString().slice(0, -1);
}

function start(text: string, path: string): string | undefined {
  return show(matchTemplate(template(text), path)?.start);
}

const DAY = '{yyyy}{MM}{dd}';

describe('tokens (§1.5)', () => {
  test.each([
    [`${DAY}{HH}`, '2026011408', '2026-01-14T08:00:00.000'],
    [`${DAY}_{HH}{mm}{ss}{SSS}`, '20260114_081500123', '2026-01-14T08:15:00.123'],
    ['{yy}{MM}{dd}{HH}', '69123123', '2069-12-31T23:00:00.000'],
    ['{yy}{MM}{dd}{HH}', '70010100', '1970-01-01T00:00:00.000'],
    [`${DAY} {h}.{mm}{ap}`, '20260114 8.15AM', '2026-01-14T08:15:00.000'],
    [`${DAY} {h}.{mm}{ap}`, '20260114 12.15am', '2026-01-14T00:15:00.000'],
    [`${DAY} {h}.{mm}{ap}`, '20260114 12.15pm', '2026-01-14T12:15:00.000'],
    [`${DAY} {h}.{mm}{ap}`, '20260114 11.15pm', '2026-01-14T23:15:00.000'],
    [`${DAY} {h}.{mm}{ap}`, '20260114 13.15pm', undefined],
    [`${DAY} {h}.{mm}{ap}`, '20260114 0.15pm', undefined],
    ['{unix}.{ext}', '1768378500.mp4', '2026-01-14T08:15:00.000Z'],
    ['{unix}.{ext}', '1768378500.264', '2026-01-14T08:15:00.000Z'],
    ['{unix}-{*}', '1768378500.123999-x', '2026-01-14T08:15:00.123Z'],
    ['{unix}-{*}', '1768378500.5-x', '2026-01-14T08:15:00.500Z'],
    ['{unix}.{ext}', '12345.mp4', undefined],
    ['{unix_ms}.{ext}', '1768378500123.jpg', '2026-01-14T08:15:00.123Z'],
    [`${DAY}{HH}{mm}{zone}`, '202601140815Z', '2026-01-14T08:15:00.000Z'],
    [`${DAY}{HH}{mm}{zone}`, '202601140815+05:30', '2026-01-14T02:45:00.000Z'],
    [`${DAY}{HH}{mm}{zone}`, '202601140815-0500', '2026-01-14T13:15:00.000Z'],
    [`${DAY}{HH}{mm}{zone}`, '202601140815-0001', undefined],
    [`${DAY}{HH}{mm}{zone}`, '202601140815+1500', undefined],
    [`x{x}_${DAY}{HH}`, 'x0aF9_2026011408', '2026-01-14T08:00:00.000'],
    [`x{x}_${DAY}{HH}`, 'x_2026011408', undefined],
    [`{w}${DAY}{HH}`, '2026011408', '2026-01-14T08:00:00.000'],
    [`{w}${DAY}{HH}`, 'AbC2026011408', '2026-01-14T08:00:00.000'],
    [`{n}_${DAY}{HH}`, '_2026011408', undefined],
    [`{n}${DAY}{HH}`, '72026011408', '2026-01-14T08:00:00.000'],
    [`[a](b).${DAY}{HH}`, '[a](b).2026011408', '2026-01-14T08:00:00.000'],
    [`a.b${DAY}{HH}`, 'axb2026011408', undefined],
    [`CAM-É_${DAY}{HH}`, 'cam-é_2026011408', '2026-01-14T08:00:00.000'],
    [`é_${DAY}{HH}`, 'e\u0301_2026011408', '2026-01-14T08:00:00.000'],
  ])('%s reads %s as %s', (text, path, expected) => {
    expect(start(text, path)).toBe(expected);
  });

  test.each([
    '20261314_081500',
    '20260431_081500',
    '20260114_250000',
    '20260114_246000',
    '20260114_081560',
    '20260230_000000',
    '2026011_081500',
    '',
  ])('no real time: %j (§1.2)', (path) => {
    expect(matchTemplate(template(`${DAY}_{HH}{mm}{ss}`), path)).toBeUndefined();
  });
});

describe('where a template matches', () => {
  const text = `{yyyy}/{MM}/{dd}/{HH}{mm}.{ext}`;

  test.each([
    ['2026/01/14/0815.jpg', 4],
    ['deep/er/2026/01/14/0815.JPG', 4],
    ['01/14/0815.jpg', undefined],
    ['12026/01/14/0815.jpg', undefined],
    ['2026/01/14/0815.jpg/x', undefined],
    ['2026/01/14/x0815.jpg', undefined],
  ])('%s', (path, depth) => {
    expect(matchTemplate(template(text), path)?.depth).toBe(depth);
  });

  test.each([
    ['2026-01-14/dav/08.mp4', 3],
    ['2026-01-14/a/b/c/dav/d/e/08.mp4', 8],
    ['x/2026-01-14/a/dav/dav/08.mp4', 5],
    ['2026-01-14/a/xdav/08.mp4', undefined],
  ])('{**} stands for any number of folders in %s', (path, depth) => {
    expect(matchTemplate(template('{yyyy}-{MM}-{dd}/{**}/dav/{**}/{HH}.mp4'), path)?.depth).toBe(depth);
  });

  test('runs stop at /', () => {
    expect(start(`{*}_${DAY}{HH}`, 'a/b_2026011408')).toBe('2026-01-14T08:00:00.000');
    expect(start(`c{*}_${DAY}{HH}`, 'ca/b_2026011408')).toBeUndefined();
  });

  test('a token that occurs twice must have the same value; anonymous runs need not', () => {
    const twice = `${DAY}/{camera}_{n}_${DAY}{HH}_{n}.jpg`;
    expect(matchTemplate(template(twice), '20260114/gate_1_2026011408_2.jpg')?.camera).toBe('gate');
    expect(matchTemplate(template(twice), '20260115/gate_1_2026011408_2.jpg')).toBeUndefined();
    const camera = `{camera}/{*}{camera}_${DAY}{HH}`;
    expect(matchTemplate(template(camera), 'Gate/the gate_2026011408')?.camera).toBe('Gate');
    expect(matchTemplate(template(camera), 'Gate/the gat_2026011408')).toBeUndefined();
    const backwards = `{*}{camera}/{camera}_${DAY}{HH}`;
    expect(matchTemplate(template(backwards), 'my_gate/gate_2026011408')?.camera).toBe('gate');
  });

  test('a camera name may hold the separator', () => {
    expect(matchTemplate(template(`{camera}_{n}_${DAY}{HH}.{ext}`), 'Front_Door_2_00_2026011408.mp4')?.camera).toBe('Front_Door_2');
  });
});

describe('start and end', () => {
  const times = (text: string, path: string, options: TemplateOptions = {}): (string | undefined)[] => {
    const match = matchTemplate(template(text, options), path);
    return [show(match?.start), show(match?.end)];
  };

  test.each([
    [`${DAY}_{HH}{mm}-{eHH}{emm}`, '20260114_0815-0820', ['2026-01-14T08:15:00.000', '2026-01-14T08:20:00.000']],
    [`${DAY}_{HH}{mm}-{eHH}{emm}`, '20261231_2359-0001', ['2026-12-31T23:59:00.000', '2027-01-01T00:01:00.000']],
    [`${DAY}_{HH}{mm}{ss}{SSS}-{eHH}{emm}{ess}`, '20260114_081500900-081500', ['2026-01-14T08:15:00.900', '2026-01-14T08:15:00.000']],
    [`${DAY}{HH}-{eyyyy}{eMM}{edd}{eHH}`, '2026011408-2026011509', ['2026-01-14T08:00:00.000', '2026-01-15T09:00:00.000']],
    ['{eyyyy}{eMM}{edd}{eHH}', '2026011408', [undefined, '2026-01-14T08:00:00.000']],
    ['{unix}-{eunix}', '1768378500-1768378530', ['2026-01-14T08:15:00.000Z', '2026-01-14T08:15:30.000Z']],
    [`${DAY}_{HH}-{eHH}{zone}`, '20260114_08-09Z', ['2026-01-14T08:00:00.000Z', '2026-01-14T09:00:00.000Z']],
  ])('%s on %s', (text, path, expected) => {
    expect(times(text, path)).toEqual(expected);
  });

  test('with time: end a plain time is the end', () => {
    expect(times(`${DAY}{HH}`, '2026011408', { time: 'end' })).toEqual([undefined, '2026-01-14T08:00:00.000']);
  });

  test('the summer time marker is optional and noticed', () => {
    const marked = template(`{dst}${DAY}{HH}`);
    expect(matchTemplate(marked, 'DST2026071408')?.summerTime).toBe(true);
    expect(matchTemplate(marked, '2026071408')?.summerTime).toBe(false);
  });

  test('seconds are known only where the time that counts has them', () => {
    expect(template(`${DAY}{HH}{mm}`).hasSeconds).toBe(false);
    expect(template(`${DAY}{HH}{mm}{ss}`).hasSeconds).toBe(true);
    expect(template('{unix}').hasSeconds).toBe(true);
    expect(template(`${DAY}-{eyyyy}{eMM}{edd}{eHH}{ess}`).hasSeconds).toBe(true);
    expect(template(`${DAY}{HH}-{eHH}{ess}`).hasSeconds).toBe(false);
  });
});

describe('mistakes are found when the template is read (§1.5)', () => {
  test.each([
    ['', {}, 'at least year'],
    ['x.jpg', {}, 'at least year'],
    [DAY, {}, 'at least year'],
    ['{yyyy}{MM}{HH}', {}, 'at least year'],
    [`${DAY}{eHH}`, {}, 'at least year'],
    [`${DAY}{HH}{bogus}`, {}, 'no token {bogus}'],
    [`${DAY}{HH}{}`, {}, 'no token {}'],
    [`${DAY}{HH}{constructor}`, {}, 'no token {constructor}'],
    [`${DAY}{HH}{eext}`, {}, 'no token {eext}'],
    [`${DAY}{HH}{`, {}, '"{" without its partner (at character 19)'],
    [`${DAY}{HH}}`, {}, '"}" without its partner'],
    [`{yyyy{MM}}{dd}{HH}`, {}, 'without its partner'],
    [`{**}${DAY}{HH}`, {}, '{**} stands for whole path parts'],
    [`${DAY}{**}/{HH}`, {}, '{**} stands for whole path parts'],
    [`${DAY}/{**}`, {}, '{**} stands for whole path parts'],
    [`/${DAY}{HH}`, {}, 'must not begin with /'],
    [`${DAY}{HH}/`, {}, 'must end with the file name'],
    [`${DAY}//{HH}`, {}, 'empty path part'],
    [`${DAY}{h}`, {}, 'belong together'],
    [`${DAY}{HH}{ap}`, {}, 'belong together'],
    [`${DAY}{HH}{h}{ap}`, {}, 'use one'],
    [`{yy}${DAY}{HH}`, {}, 'use one'],
    ['{unix}{unix_ms}', {}, 'use one'],
    [`${DAY}{HH}-{eHH}`, { time: 'end' }, 'names start and end'],
    [`${DAY}{HH}`, { zone: 'Mars/Base' }, 'zone "Mars/Base"'],
    [`${DAY}{HH}`, { zone: '+01:00' }, 'zone "+01:00"'],
    [`${DAY}{HH}${'x'.repeat(500)}`, {}, 'longer than 500'],
  ] as [string, TemplateOptions, string][])('%s %j', (text, options, reason) => {
    const parsed = parseTemplate(text, { layout: 'own', ...options });
    expect(parsed.ok).toBe(false);
    expect(parsed).toHaveProperty('message', expect.stringContaining(reason));
  });

  test.each([{ time: 'middle' }, { confidence: 'sure' }])('options are checked too: %j', (options) => {
    expect(parseTemplate(`${DAY}{HH}`, { layout: 'own', ...(options as TemplateOptions) }).ok).toBe(false);
  });
});
