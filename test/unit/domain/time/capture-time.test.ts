import { describe, expect, test } from 'vitest';
import { type CaptureTime, captureTime, type CaptureTimeInput } from '../../../../src/domain/time/capture-time.ts';
import { parseFlagTime } from '../../../../src/domain/time/flag-time.ts';
import { parseLayouts, templatesOfLayout } from '../../../../src/domain/time/layouts.ts';
import type { TemplateOptions, TimeTemplate } from '../../../../src/domain/time/template.ts';

const NEW_YORK = 'America/New_York';
const ms = (text: string): number => Date.parse(text);

const AUTO = templatesOf('auto');

const BASE: CaptureTimeInput = {
  relativePath: 'IMG_0001.jpg',
  mediaType: 'image',
  modifiedAtMs: ms('2026-05-01T10:00:00Z'),
  zone: NEW_YORK,
  templates: AUTO,
  nowMs: ms('2026-06-01T00:00:00Z'),
};

function templatesOf(layout: string, own: readonly (TemplateOptions & { template: string })[] = []): readonly TimeTemplate[] {
  const parsed = parseLayouts(own.length === 0 ? [] : [{ name: 'own', templates: own }]);
  const found = parsed.ok ? templatesOfLayout(layout, parsed.layouts) : parsed;
  if (!found.ok) throw new Error(found.message);
  return found.templates;
}

function capture(input: Partial<CaptureTimeInput>): CaptureTime {
  const result = captureTime({ ...BASE, ...input });
  if ('failure' in result) throw new Error(result.message);
  return result;
}

/** Start, source and confidence, then whether ambiguous and the warnings. */
function short(input: Partial<CaptureTimeInput>): string {
  const found = capture(input);
  const start = new Date(found.startMs).toISOString().replace('.000Z', 'Z');
  return [start, found.source, found.confidence, ...(found.ambiguous ? ['?'] : []), ...found.warnings.map((warning) => warning.code)].join(
    ' ',
  );
}

function flag(text: string): { flag: NonNullable<CaptureTimeInput['flag']> } {
  const parsed = parseFlagTime(text, NEW_YORK);
  if (!parsed.ok) throw new Error(parsed.message);
  return { flag: parsed.time };
}

const NAMED = { relativePath: 'gate/cam_20260114_081500.jpg' };
const VIDEO = { mediaType: 'video', durationMs: 30_000 } as const;
const container = (text: string): Pick<CaptureTimeInput, 'embedded'> => ({ embedded: { utcMs: ms(text), hasOffset: false } });
const EXIF = { embedded: { localText: '2026-01-14T08:15:10.250', hasOffset: false } };

describe('sources in order (§1.1)', () => {
  test.each<[string, Partial<CaptureTimeInput>, string]>([
    ['flag first', { ...NAMED, ...EXIF, ...flag('2026-02-01T00:00:00Z') }, '2026-02-01T00:00:00Z flag exact'],
    ['then the name', { ...NAMED, ...EXIF }, '2026-01-14T13:15:00Z filename exact'],
    ['then EXIF, camera-local', EXIF, '2026-01-14T13:15:10.250Z exif exact'],
    ['EXIF with offset', { embedded: { utcMs: ms('2026-01-14T07:15:00Z'), hasOffset: true } }, '2026-01-14T07:15:00Z exif exact'],
    ['or the container, UTC', { ...VIDEO, ...container('2026-01-14T08:15:00Z') }, '2026-01-14T08:15:00Z container exact'],
    [
      'a container in local time',
      { ...VIDEO, ...container('2026-01-14T08:15:00Z'), containerTime: 'local' },
      '2026-01-14T13:15:00Z container exact',
    ],
    ['then the modification time of a still', {}, '2026-05-01T10:00:00Z mtime low'],
    ['which ends a video', { ...VIDEO }, '2026-05-01T09:59:30Z mtime low'],
    ['whose length may be unknown', { mediaType: 'video' }, '2026-05-01T10:00:00Z mtime low'],
    ['or nonsense', { mediaType: 'video', durationMs: Number.NaN }, '2026-05-01T10:00:00Z mtime low'],
    ['no seconds in the name', { relativePath: 'record/20260114/08/15.mp4', ...VIDEO }, '2026-01-14T13:15:00Z filename minute'],
    ['a name in UTC', { relativePath: 'recordings/2026-01-14/08/gate/15.00.mp4', ...VIDEO }, '2026-01-14T08:15:00Z filename exact'],
    ['an offset in the name', { relativePath: 'c_2026-01-14T08-15-00+01:00.mkv', ...VIDEO }, '2026-01-14T07:15:00Z filename exact'],
    [
      'a card file without time in its name',
      { relativePath: 'hiv00012.mp4', ...VIDEO, ...container('2026-01-14T08:15:00Z') },
      '2026-01-14T08:15:00Z container low',
    ],
  ])('%s', (_, input, expected) => {
    expect(short(input)).toBe(expected);
  });

  test('a zone of the template goes before that of the camera', () => {
    const template = '{yyyy}{MM}{dd}_{HH}{mm}{ss}.jpg';
    const path = { relativePath: '20260114_081500.jpg' };
    expect(short({ ...path, templates: templatesOf('own', [{ template, zone: 'Asia/Tokyo' }]) })).toBe(
      '2026-01-13T23:15:00Z filename exact',
    );
    expect(short({ ...path, templates: templatesOf('own', [{ template, zone: 'utc', confidence: 'low' }]) })).toBe(
      '2026-01-14T08:15:00Z filename low',
    );
    expect(capture({ ...path, templates: templatesOf('own', [{ template, zone: 'Asia/Tokyo' }]) }).zone).toBe('Asia/Tokyo');
    expect(capture(path).zone).toBe(NEW_YORK);
  });

  test.each([
    [{ ...NAMED }, '2026-01-14T13:11:00.000Z'],
    [{ ...EXIF }, '2026-01-14T13:11:10.250Z'],
    [{}, '2026-05-01T09:56:00.000Z'],
    [{ ...flag('2026-02-01T00:04:00Z') }, '2026-02-01T00:00:00.000Z'],
  ])('the clock offset is added to what was read: %j', (input, expected) => {
    expect(new Date(capture({ ...input, clockOffsetS: -240 }).startMs).toISOString()).toBe(expected);
  });
});

describe('start and end', () => {
  const span = (input: Partial<CaptureTimeInput>): string[] => {
    const { startMs, endMs } = capture(input);
    return [startMs, endMs].map((at) => new Date(at).toISOString().slice(5, 19));
  };
  const unifi = 'Gate/2026-01-14/2026-01-14T08-15-30 person.mp4';
  const dahua = '2026-01-14/001/dav/23/23.59.50-00.00.20[A][0@0][0].mp4';

  test.each<[string, Partial<CaptureTimeInput>, string[]]>([
    ['a still has no length', NAMED, ['01-14T13:15:00', '01-14T13:15:00']],
    ['whatever it claims', { ...NAMED, durationMs: 5000 }, ['01-14T13:15:00', '01-14T13:15:00']],
    ['a video ends after its duration', { ...NAMED, ...VIDEO }, ['01-14T13:15:00', '01-14T13:15:30']],
    ['a name that tells the end', { relativePath: unifi, ...VIDEO }, ['01-14T13:15:00', '01-14T13:15:30']],
    ['a name that tells both', { relativePath: dahua, mediaType: 'video' }, ['01-15T04:59:50', '01-15T05:00:20']],
    [
      'what was decoded goes before the end in the name',
      { relativePath: dahua, ...VIDEO, durationMs: 10_000 },
      ['01-15T04:59:50', '01-15T05:00:00'],
    ],
  ])('%s', (_, input, expected) => {
    expect(span(input)).toEqual(expected);
  });

  test('an end without a duration falls to the next source (§1.5)', () => {
    expect(short({ relativePath: unifi, mediaType: 'video' })).toBe('2026-05-01T10:00:00Z mtime low');
    expect(capture({ relativePath: unifi, mediaType: 'video' }).cameraName).toBe('Gate');
  });

  test('an end in the repeated hour is the first that lies after the start', () => {
    const relativePath = '2026-11-01/001/dav/00/00.50.00-01.10.00[R][0@0][0].mp4';
    const late = { relativePath, mediaType: 'video', nowMs: ms('2026-12-01T00:00Z') } as const;
    expect(span(late)).toEqual(['11-01T04:50:00', '11-01T05:10:00']);
    const shown = { ...late, relativePath: relativePath.replace('00.50', '01.05'), modifiedAtMs: ms('2026-11-01T06:05:00Z') };
    expect(span(shown)).toEqual(['11-01T06:05:00', '11-01T06:10:00']);
  });
});

describe('rejection (§1.2)', () => {
  const at = (text: string): Partial<CaptureTimeInput> => ({ ...VIDEO, ...container(text), modifiedAtMs: ms('2026-05-01T10:00:30Z') });

  test.each([
    ['2026-06-02T00:00:00.000Z', '2026-06-02T00:00:00Z container exact'],
    ['2026-06-02T00:00:00.001Z', '2026-05-01T10:00:00Z mtime low future'],
    ['1989-12-31T23:59:59.999Z', '2026-05-01T10:00:00Z mtime low too_old'],
    ['1990-01-01T00:00:00.000Z', '1990-01-01T00:00:00Z container exact'],
    ['1904-01-01T00:00:00.000Z', '2026-05-01T10:00:00Z mtime low too_old'],
    ['1970-01-01T00:00:00.000Z', '2026-05-01T10:00:00Z mtime low too_old'],
  ])('%s', (text, expected) => {
    expect(short(at(text))).toBe(expected);
  });

  test('the floor may be raised, not lowered; the ceiling may be moved', () => {
    expect(short({ ...at('2019-12-31T23:59:59Z'), floorMs: ms('2020-01-01T00:00:00Z') })).toBe('2026-05-01T10:00:00Z mtime low too_old');
    expect(short({ ...at('1985-01-01T00:00:00Z'), floorMs: 0 })).toBe('2026-05-01T10:00:00Z mtime low too_old');
    expect(short({ ...at('2026-06-01T00:00:01Z'), maxFutureMs: 0 })).toBe('2026-05-01T10:00:00Z mtime low future');
  });

  test('a rejected name falls to the next source', () => {
    expect(short({ ...EXIF, relativePath: '20360114_081500.jpg' })).toBe('2026-01-14T13:15:10.250Z exif exact future');
    expect(short({ relativePath: '19700101_000000.jpg' })).toBe('2026-05-01T10:00:00Z mtime low too_old');
  });

  test('a rejected --time does not: that is a usage error', () => {
    const result = captureTime({ ...BASE, ...NAMED, ...flag('2036-01-01T00:00:00Z') });
    expect(result).toMatchObject({ failure: 'flag_rejected', message: expect.stringContaining('2036-01-01T00:00:00.000Z') as string });
  });

  test('nothing left: time_unknown, with what was wrong', () => {
    const result = captureTime({ ...BASE, relativePath: '19700101_000000.jpg', modifiedAtMs: 0 });
    expect(result).toMatchObject({ failure: 'time_unknown', warnings: [{ code: 'too_old' }, { code: 'too_old' }] });
    expect(captureTime({ ...BASE, modifiedAtMs: 8.64e15 + 1 })).toMatchObject({ failure: 'time_unknown' });
    expect(captureTime({ ...BASE, modifiedAtMs: Number.NaN })).toMatchObject({ failure: 'time_unknown' });
  });
});

describe('name against embedded time (§1.2)', () => {
  const named = { ...NAMED, relativePath: 'cam_20260114_081500.mp4', ...VIDEO };

  test.each([
    ['2026-01-14T13:17:00Z', undefined],
    ['2026-01-14T13:13:00Z', undefined],
    ['2026-01-14T13:17:00.001Z', "container time is 120.001 s later than the name's"],
    ['2026-01-14T08:15:00Z', "container time is 18000 s earlier than the name's, just the zone's offset; set container_time: local"],
    ['2026-01-14T08:14:58Z', 'container_time: local'],
    ['2026-01-14T08:14:57Z', "container time is 18003 s earlier than the name's"],
    ['2026-01-14T18:15:00Z', "container time is 18000 s later than the name's"],
  ])('container %s', (text, message) => {
    const found = capture({ ...named, ...container(text) });
    expect(found).toMatchObject({ source: 'filename', startMs: ms('2026-01-14T13:15:00Z'), sourcesDisagree: message !== undefined });
    expect(found.warnings.map((warning) => warning.message).join()).toContain(message ?? '');
    expect(found.warnings.length).toBe(message === undefined ? 0 : 1);
    if (text.endsWith('57Z') || text.includes('T18')) expect(found.warnings[0]?.message).not.toContain('container_time');
  });

  test('is not done against an embedded clock that was never set', () => {
    expect(short({ ...named, ...container('1904-01-01T00:00:00Z') })).toBe('2026-01-14T13:15:00Z filename exact');
  });

  test('the hint is only for containers that carry no offset', () => {
    const found = capture({ ...named, embedded: { utcMs: ms('2026-01-14T08:15:00Z'), hasOffset: true } });
    expect(found.warnings.map((warning) => warning.message)).toEqual(["container time is 18000 s earlier than the name's"]);
  });

  test.each([
    ['2026-01-14T13:16:00Z', '2026-01-14T13:15:00Z filename low'],
    ['2026-01-14T13:16:00.001Z', '2026-01-14T13:16:00.001Z container exact'],
    ['2026-01-13T13:15:00Z', '2026-01-13T13:15:00Z container exact time_disagrees'],
  ])('ring: the container wins beyond 60 s (%s, §1.3)', (text, expected) => {
    expect(short({ relativePath: 'RingVideo_20260114_081500.mp4', ...VIDEO, ...container(text) })).toBe(expected);
  });
});

describe('repeated and skipped hours (§1.4)', () => {
  const fold = {
    relativePath: 'cam_20261101_013000.mp4',
    ...VIDEO,
    nowMs: ms('2026-12-01T00:00:00Z'),
    modifiedAtMs: ms('2026-11-20T00:00:00Z'),
  };
  const early = '2026-11-01T05:30:00Z filename exact';
  const late = '2026-11-01T06:30:00Z filename exact';
  const reolink = 'Mp4Record/2026-11-01/RecM02_DST20261101_013000_013030_6D28808_13CE8C7.mp4';

  test.each<[string, Partial<CaptureTimeInput>, string]>([
    ['E alone, mtime days later: earlier and ambiguous', {}, `${early} ?`],
    ['summer time in the name', { relativePath: reolink, modifiedAtMs: ms('2026-11-01T06:30:30Z') }, early],
    ['UTC in the name', { relativePath: 'cam_2026-11-01T06-30-00Z.mp4' }, late],
    ['the container in UTC', container('2026-11-01T06:31:00Z'), late],
    ['the container 900 s off', container('2026-11-01T06:45:00Z'), `${late} time_disagrees`],
    ['the container 901 s off', container('2026-11-01T06:45:01Z'), `${early} ? time_disagrees`],
    [
      'a container in local time is no evidence',
      { ...container('2026-11-01T06:30:00Z'), containerTime: 'local' },
      `${early} ? time_disagrees`,
    ],
    ['mtime as the end of the recording', { modifiedAtMs: ms('2026-11-01T06:30:30Z') }, late],
    ['mtime after a long recording', { modifiedAtMs: ms('2026-11-01T06:30:00Z'), durationMs: 3_600_000 }, early],
    ['the container goes before mtime', { ...container('2026-11-01T05:30:00Z'), modifiedAtMs: ms('2026-11-01T06:30:30Z') }, early],
    [
      'EXIF is read locally too',
      {
        relativePath: 'x.jpg',
        mediaType: 'image',
        embedded: { localText: '2026-11-01T01:30:00', hasOffset: false },
        modifiedAtMs: ms('2026-11-01T06:30:00Z'),
      },
      '2026-11-01T06:30:00Z exif exact',
    ],
    ['a given time likewise', { ...flag('2026-11-01T01:30:00') }, '2026-11-01T05:30:00Z flag exact ?'],
    ['a skipped hour', { relativePath: 'cam_20260308_023000.mp4' }, '2026-03-08T07:30:00Z filename exact time_in_gap'],
  ])('%s', (_, input, expected) => {
    expect(short({ ...fold, ...input })).toBe(expected);
  });

  test('both readings are kept while it is open, none once it is decided', () => {
    expect(capture(fold).foldCandidates).toEqual([ms('2026-11-01T05:30:00Z'), ms('2026-11-01T06:30:00Z')]);
    expect(capture({ ...fold, ...container('2026-11-01T06:31:00Z') })).not.toHaveProperty('foldCandidates');
  });
});

describe('what else is told', () => {
  test('facts from the name stay when another source wins', () => {
    const tesla = { relativePath: 'x/SentryClips/2026-01-14_08-20-11/2026-01-14_08-15-00-left_repeater.mp4', ...VIDEO };
    const facts = { preset: 'tesla', cameraName: 'left_repeater', templateDepth: 3, moving: true };
    expect(capture(tesla)).toMatchObject({ source: 'filename', ...facts });
    expect(capture({ ...tesla, ...flag('2026-02-01') })).toMatchObject({ source: 'flag', ...facts });
    expect(capture({ ...tesla, nowMs: ms('2026-01-01T00:00Z'), modifiedAtMs: ms('2026-01-01T00:00Z') })).toMatchObject({
      source: 'mtime',
      ...facts,
    });
  });

  test('the trail is made only when asked for, and tells every template and source', () => {
    const input = { ...NAMED, ...EXIF, modifiedAtMs: 0 };
    expect(capture(input)).not.toHaveProperty('trail');
    const { trail } = capture({ ...input, explain: true });
    expect(trail?.templates.length).toBe(AUTO.length);
    expect(trail?.templates.filter((tried) => tried.matched)).toEqual([
      { layout: 'generic', template: '{*}{yyyy}{MM}{dd}{sep}{HH}{mm}{ss}{*}', matched: true },
    ]);
    expect(trail?.sources).toEqual([
      { source: 'flag', rejected: 'not given' },
      {
        source: 'filename',
        startMs: ms('2026-01-14T13:15:00Z'),
        zone: NEW_YORK,
        confidence: 'exact',
        template: '{*}{yyyy}{MM}{dd}{sep}{HH}{mm}{ss}{*}',
      },
      { source: 'exif', startMs: ms('2026-01-14T13:15:10.250Z'), zone: NEW_YORK, confidence: 'exact' },
      {
        source: 'mtime',
        startMs: 0,
        zone: 'UTC',
        confidence: 'low',
        rejected: 'too_old: 1970-01-01T00:00:00.000Z is before 1990-01-01T00:00:00.000Z',
      },
    ]);
  });

  test('a failure has its trail too', () => {
    const result = captureTime({ ...BASE, modifiedAtMs: 0, explain: true });
    expect(result.trail?.sources.map((tried) => tried.rejected)).toEqual([
      'not given',
      'no template matches',
      'the file carries no time',
      expect.stringContaining('too_old'),
    ]);
  });
});
