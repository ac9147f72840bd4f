import { copyFile, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { insertCamera } from '../../src/db/models/cameras.ts';
import { settingsFile, toSettings } from '../../src/config/settings.ts';
import type { TimeExplanation } from '../../src/domain/time/time-explanation.ts';
import { explainTime, type ExplainTimeOptions } from '../../src/services/time/explain-time.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';

let store: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let warnings: string[] = [];

const NAMES = [
  'Gate/MDAlarm_20260114-081500.jpg',
  'record/20260114/08/15.jpg',
  'Shed/20260114_081500.jpg',
  'clips/yard-1768378500.5-x.jpg',
  'Gate/IMG_1.jpg',
];

beforeAll(async () => {
  store = await createTestDatabase();
  folder = await makeFolder();
  const picture = join(folder.path, 'picture');
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888888' } })
    .jpeg()
    .toFile(picture);
  for (const name of NAMES) {
    const path = join(folder.path, 'footage', name);
    await mkdir(join(path, '..'), { recursive: true });
    await copyFile(picture, path);
  }
  await utimes(join(folder.path, 'footage', 'Gate/IMG_1.jpg'), 0, 0);
  const known = { id: 'gate', name: 'Front Gate', folder_path: join(folder.path, 'footage', 'Gate') };
  await insertCamera(store.knex, { ...known, timezone: 'Asia/Tokyo', clock_offset_s: -60 });
}, 60_000);

afterAll(async () => {
  await store.drop();
  await folder.dispose();
});

async function explain(name: string, options: Partial<ExplainTimeOptions> = {}, file: object = {}): Promise<TimeExplanation> {
  warnings = [];
  const settings = toSettings(settingsFile.parse({ home: folder.path, ...file }));
  const [explanation] = await explainTime({
    knex: store.knex,
    settings,
    paths: [join(folder.path, 'footage', name)],
    cwd: folder.path,
    now: new Date('2026-06-01T00:00:00Z'),
    warn: (message) => warnings.push(message),
    ...options,
  });
  if (!explanation) throw new Error('nothing was explained');
  return explanation;
}

test('a camera that is known by its folder brings its zone and clock', async () => {
  expect(await explain('Gate/MDAlarm_20260114-081500.jpg')).toMatchObject({
    relative_path: 'footage/Gate/MDAlarm_20260114-081500.jpg',
    camera: { id: 'gate', name: 'Front Gate', from: 'known' },
    zone: 'Asia/Tokyo',
    clock_offset_s: -60,
    layout: 'foscam',
    decision: { start: '2026-01-13T23:14:00.000Z', start_local: '2026-01-14T08:14:00.000+09:00', source: 'filename', confidence: 'exact' },
  });
  expect(warnings).toEqual([]);
});

test('--timezone, --camera, --layout and --root say otherwise', async () => {
  const name = 'Gate/MDAlarm_20260114-081500.jpg';
  expect((await explain(name, { timezone: 'UTC' })).decision?.start).toBe('2026-01-14T08:14:00.000Z');
  expect((await explain(name, { camera: 'Shed' })).camera).toEqual({ id: 'shed', name: 'Shed', from: 'flag' });
  expect((await explain(name, { layout: 'tesla' })).templates.every((tried) => tried.layout === 'tesla')).toBe(true);
  expect((await explain('Shed/20260114_081500.jpg', { root: join(folder.path, 'footage') })).camera).toMatchObject({
    id: 'shed',
    from: 'folder',
  });
});

test('without a zone anywhere UTC is used and said, with one in the settings it is not', async () => {
  expect((await explain('Shed/20260114_081500.jpg', { root: join(folder.path, 'footage') })).zone).toBe('UTC');
  expect(warnings).toEqual([expect.stringContaining('camera shed has no time zone')]);
  const set = await explain(
    'Shed/20260114_081500.jpg',
    { root: join(folder.path, 'footage') },
    { cameras: { shed: { timezone: 'Europe/Berlin' } } },
  );
  expect([set.zone, warnings]).toEqual(['Europe/Berlin', []]);
});

test('the camera in the name goes before the folder', async () => {
  expect((await explain('clips/yard-1768378500.5-x.jpg')).camera).toEqual({ id: 'yard', name: 'yard', from: 'template' });
});

test('a layout of the settings is tried first', async () => {
  const layouts = [{ name: 'minutes', templates: [{ template: 'record/{yyyy}{MM}{dd}/{HH}/{mm}.{ext}', zone: 'utc' }] }];
  const explanation = await explain('record/20260114/08/15.jpg', {}, { layouts });
  expect(explanation).toMatchObject({ layout: 'minutes', decision: { start: '2026-01-14T08:15:00.000Z', confidence: 'minute' } });
  expect(explanation.templates[0]).toEqual({ layout: 'minutes', template: 'record/{yyyy}{MM}{dd}/{HH}/{mm}.{ext}', matched: true });
});

test('a file without any believable time is explained too', async () => {
  const explanation = await explain('Gate/IMG_1.jpg');
  expect(explanation).toMatchObject({ failure: { code: 'time_unknown' }, warnings: [{ code: 'too_old' }] });
  expect(explanation).not.toHaveProperty('decision');
});

test.each([
  [{ timezone: 'Mars/Base' }, {}, 'Mars/Base'],
  [{ layout: 'nest' }, {}, 'no layout "nest"'],
  [{}, { layouts: [{ name: 'x', templates: [{ template: '{yyyy}' }] }] }, 'needs at least year'],
])('%j with %j is a usage error', async (options, file, reason) => {
  await expect(explain('Gate/IMG_1.jpg', options, file)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(reason) as string,
  });
});

test('nothing is written', async () => {
  await explain('Shed/20260114_081500.jpg');
  expect(await store.knex('cameras').pluck('id')).toEqual(['gate']);
  expect(await store.knex('audit_logs').count()).toEqual([{ count: 0 }]);
});
