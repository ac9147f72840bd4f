import { describe, expect, test } from 'vitest';
import { parseLayouts, templatesOfLayout } from '../../../../src/domain/time/layouts.ts';
import { wallClockMs } from '../../../../src/domain/time/local-time.ts';
import { PRESETS } from '../../../../src/domain/time/presets.ts';
import { matchTemplate, type TimeTemplate } from '../../../../src/domain/time/template.ts';
import type { NamedTime } from '../../../../src/domain/time/template-time.ts';

type Example = { preset: string; path: string; start?: string; end?: string; camera?: string };

const AT = '2026-01-14T08:15:00.000';

/** Every example of §1.3. */
const EXAMPLES: Example[] = [
  { preset: 'foscam', path: 'FI9800P_00626E000000/snap/MDAlarm_20260114-081500.jpg', start: AT },
  { preset: 'foscam', path: 'FI9800P_00626E000000/snap/HMDAlarm_20260114-081500.jpg', start: AT },
  { preset: 'foscam', path: 'FI9800P_00626E000000/record/MDalarm_20260114_081500.mkv', start: AT },
  { preset: 'foscam', path: 'FI9800P_00626E000000/record/alarm_20260114_081500.mkv', start: AT },
  { preset: 'foscam', path: 'FI9800P_00626E000000/snap/Schedule_20260114-081500.jpg', start: AT },
  { preset: 'reolink', path: '2026/01/14/Front Door_00_20260114081500.mp4', start: AT, camera: 'Front Door' },
  {
    preset: 'reolink',
    path: 'Mp4Record/2026-07-14/RecM02_DST20260714_081500_081530_6D28808_13CE8C7.mp4',
    start: '2026-07-14T08:15:00.000',
    end: '2026-07-14T08:15:30.000',
  },
  {
    preset: 'reolink',
    path: 'Mp4Record/2026-01-14/RecS02_20260114_081500_081530_6D28808_13CE8C7.mp4',
    start: AT,
    end: '2026-01-14T08:15:30.000',
  },
  { preset: 'reolink', path: 'Rec_20260114_081500_541_M.mp4', start: AT },
  { preset: 'unifi', path: 'Gate/2026-01-14/2026-01-14T08-15-30 person.mp4', end: '2026-01-14T08:15:30.000', camera: 'Gate' },
  { preset: 'hikvision', path: '192.168.1.64_01_20260114081500123_MOTION_DETECTION.jpg', start: '2026-01-14T08:15:00.123' },
  { preset: 'hikvision', path: '192.168.1.64_01_20260114081500123_TIMING.jpg', start: '2026-01-14T08:15:00.123' },
  { preset: 'hikvision', path: 'yard_DS2CD2042_01_20260114081500123_TIMING.jpg', start: '2026-01-14T08:15:00.123' },
  { preset: 'hikvision', path: 'hiv00012.mp4' },
  { preset: 'dahua', path: '2026-01-14/001/jpg/08/15/00[M][0@0][0].jpg', start: AT },
  { preset: 'dahua', path: '2026-01-14/001/jpg/08/15.00[M][0@0][0].jpg', start: AT },
  { preset: 'dahua', path: '2026-01-14/001/dav/08/08.15.00-08.15.25[M][0@0][0].dav', start: AT, end: '2026-01-14T08:15:25.000' },
  { preset: 'dahua', path: '2026-01-14/001/dav/08/08.15.00-08.15.25[R][0@0][0].mp4', start: AT, end: '2026-01-14T08:15:25.000' },
  {
    preset: 'dahua',
    path: '2026-01-14/001/dav/23/23.59.50-00.00.20[A][0@0][0].mp4',
    start: '2026-01-14T23:59:50.000',
    end: '2026-01-15T00:00:20.000',
  },
  { preset: 'frigate', path: 'recordings/2026-01-14/08/gate/15.00.mp4', start: AT, camera: 'gate' },
  { preset: 'frigate', path: 'clips/gate-1768378500.123456-a1b2c3.jpg', start: '2026-01-14T08:15:00.123Z', camera: 'gate' },
  { preset: 'frigate', path: 'clips/gate-1768378500.123456-a1b2c3-clean.png', start: '2026-01-14T08:15:00.123Z', camera: 'gate' },
  { preset: 'frigate', path: 'clips/front-1-1768378500.5-a1b2c3.jpg', start: '2026-01-14T08:15:00.500Z', camera: 'front-1' },
  {
    preset: 'frigate',
    path: 'exports/gate_20260114_081500-20260114_082000_x1y2z3.mp4',
    start: AT,
    end: '2026-01-14T08:20:00.000',
    camera: 'gate',
  },
  { preset: 'blue-iris', path: 'Gate.20260114_081500.mp4', start: AT, camera: 'Gate' },
  { preset: 'wyze', path: 'record/20260114/08/15.mp4', start: AT },
  { preset: 'ring', path: 'RingVideo_20260114_081500.mp4', start: AT },
  {
    preset: 'tesla',
    path: 'SentryClips/2026-01-14_08-20-11/2026-01-14_08-15-00-left_repeater.mp4',
    start: AT,
    camera: 'left_repeater',
  },
  { preset: 'tesla', path: 'RecentClips/2026-01-14_08-15-00-front.mp4', start: AT, camera: 'front' },
  { preset: 'generic', path: 'cam2_2026-01-14T08-15-00Z.mkv', start: `${AT}Z` },
];

function show(time: NamedTime | undefined): string | undefined {
  if (time?.kind === 'instant') return new Date(time.utcMs).toISOString();
  return time && new Date(wallClockMs(time.local)).toISOString().slice(0, -1);
}

function firstMatch(templates: readonly TimeTemplate[], path: string): ReturnType<typeof matchTemplate> {
  return templates.map((template) => matchTemplate(template, path)).find((match) => match !== undefined);
}

function templatesOf(name: string): readonly TimeTemplate[] {
  const found = templatesOfLayout(name);
  if (!found.ok) throw new Error(found.message);
  return found.templates;
}

describe('built-in layouts (§1.3)', () => {
  test('are tried in the order of the table, generic last', () => {
    expect(PRESETS.map((preset) => preset.name)).toEqual([
      'foscam',
      'reolink',
      'unifi',
      'hikvision',
      'dahua',
      'frigate',
      'blue-iris',
      'wyze',
      'ring',
      'tesla',
      'generic',
    ]);
  });

  test.each(EXAMPLES)('$path is $preset and no other', ({ preset, path, start, end, camera }) => {
    const matching = PRESETS.filter((layout) => firstMatch(layout.templates, path)).map((layout) => layout.name);
    expect(matching.filter((name) => name !== 'generic')).toEqual(preset === 'generic' ? [] : [preset]);
    const match = firstMatch(templatesOf('auto'), path);
    expect(match?.template.layout).toBe(preset);
    expect([show(match?.start), show(match?.end), match?.camera]).toEqual([start, end, camera]);
    expect(firstMatch(templatesOf('auto'), `some/where/${path}`)?.template.layout).toBe(preset);
    expect(firstMatch(templatesOf('auto'), path.toUpperCase())?.template.layout).toBe(preset);
  });

  test.each([
    ['Mp4Record/2026-07-15/RecM02_DST20260714_081500_081530_6D28808_13CE8C7.mp4'],
    ['SentryClips/2026-01-14_08-15-00-kitchen.mp4'],
    ['2026-01-14/001/jpg/08/15/60[M][0@0][0].jpg'],
    ['xrecord/20260114/08/15.mp4'],
    ['recordings/2026-01-14/24/gate/15.00.mp4'],
    ['clips/gate-17683.5-a1b2c3.jpg'],
    ['IMG_0001.jpg'],
    [''],
  ])('%s is of no vendor', (path) => {
    expect(
      firstMatch(
        templatesOf('auto').filter((template) => template.layout !== 'generic'),
        path,
      ),
    ).toBeUndefined();
  });

  test('what a layout says of its times', () => {
    const facts = (path: string): unknown => {
      const template = firstMatch(templatesOf('auto'), path)?.template;
      return template && [template.zone, template.time, template.confidence, template.hasSeconds, template.moving ?? false];
    };
    expect(facts('record/20260114/08/15.mp4')).toEqual(['local', 'start', 'exact', false, false]);
    expect(facts('recordings/2026-01-14/08/gate/15.00.mp4')).toEqual(['utc', 'start', 'exact', true, false]);
    expect(facts('exports/gate_20260114_081500-20260114_082000_x.mp4')).toEqual(['local', 'start', 'exact', true, false]);
    expect(facts('Gate/2026-01-14/2026-01-14T08-15-30 person.mp4')).toEqual(['local', 'end', 'exact', true, false]);
    expect(facts('RingVideo_20260114_081500.mp4')).toEqual(['local', 'start', 'low', true, false]);
    expect(facts('SavedClips/x/2026-01-14_08-15-00-back.mp4')).toEqual(['local', 'start', 'exact', true, true]);
  });
});

describe('generic (§1.3)', () => {
  test.each([
    ['20260114_081500.jpg', AT],
    ['20260114-081500.jpg', AT],
    ['20260114T081500.jpg', AT],
    ['20260114t081500.jpg', AT],
    ['20260114081500.jpg', AT],
    ['x20260114081500y.jpg', AT],
    ['cam 7 2026-01-14 08:15:00 (2).jpg', AT],
    ['2026-01-14_08.15.00.jpg', AT],
    ['2026-01-14_08_15_00.jpg', AT],
    ['2026-01-14T08-15-00Z.jpg', `${AT}Z`],
    ['2026-01-14T08-15-00+01:00.jpg', '2026-01-14T07:15:00.000Z'],
    ['20260114_081500-0500.jpg', '2026-01-14T13:15:00.000Z'],
    ['2026-01-14T08-15-00.250Z.jpg', '2026-01-14T08:15:00.250Z'],
    ['2026-01-14T08-15-00.250.jpg', AT],
    ['20260114_081500Zoe.jpg', AT],
    ['20260114_081500-0001.jpg', AT],
    ['20260114_081500_20260114_082000.mp4', AT],
    ['99999999_999999_20260114_081500.mp4', AT],
    ['20261399_081500_20260114_081500.mp4', AT],
    ['20260431_081500_20260114_081500.mp4', AT],
    ['120260114_081500.jpg', undefined],
    ['20260114_0815001.jpg', undefined],
    ['20260114 081500.jpg', undefined],
    ['2026-01-14-08-15-00.jpg', undefined],
    ['2026-01-14_08-15.00.jpg', undefined],
    ['2026_01_14_08_15_00.jpg', undefined],
    ['20260114_0815.jpg', undefined],
    ['20260114/081500.jpg', undefined],
    ['20260114_081560.jpg', undefined],
  ])('%s → %s', (name, expected) => {
    expect(show(firstMatch(templatesOf('generic'), `folder/${name}`)?.start)).toBe(expected);
  });
});

describe('choosing a layout', () => {
  const own = { name: 'mine', templates: [{ template: '{yyyy}{MM}{dd}_{HH}{mm}{ss}.jpg', zone: 'Asia/Tokyo', time: undefined }] };

  test('own layouts come before the built-in ones', () => {
    const parsed = parseLayouts([own]);
    if (!parsed.ok) throw new Error(parsed.message);
    const auto = templatesOfLayout('auto', parsed.layouts);
    expect(auto.ok && firstMatch(auto.templates, '20260114_081500.jpg')?.template).toMatchObject({ layout: 'mine', zone: 'Asia/Tokyo' });
    const alone = templatesOfLayout('mine', parsed.layouts);
    expect(alone.ok && alone.templates.length).toBe(1);
  });

  test.each([
    [[{ name: 'auto', templates: [] }], 'exists already'],
    [[{ name: 'tesla', templates: [] }], 'exists already'],
    [[own, own], 'exists already'],
    [[{ name: 'x', templates: [{ template: '{yyyy}' }] }], 'layout "x": template "{yyyy}"'],
  ])('%j is refused', (layouts, reason) => {
    expect(parseLayouts(layouts)).toMatchObject({ ok: false, message: expect.stringContaining(reason) as string });
  });

  test('an unknown layout names those there are', () => {
    expect(templatesOfLayout('nest')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/"nest".*auto, foscam,.*generic/) as string,
    });
  });
});
