import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCamera, seedDetection, seedFile, seedRun } from '../db/answers/seed.ts';
import { CAMERA, derive, sighting, storeFiles } from '../db/derive/synthetic-footage.ts';
import { drawStill } from '../faults/draw-footage.ts';
import { createIngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder: { path: string; dispose: () => Promise<void> };
const run = (args: string[], input?: string): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: folder.path, ...(input === undefined ? {} : { input }) });
const hs = (...args: string[]): Promise<HsResult> => run(['zones', ...args]);
const audit = (): Promise<object[]> =>
  db.knex('audit_logs').where({ resource_type: 'zone', actor: 'tester' }).orderBy('id').select('action', 'resource_id', 'details');
const items = ({ stdout }: HsResult): Record<string, unknown>[] => (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedRun(db.knex);
});
afterAll(async () => {
  await db.drop();
  await folder.dispose();
});

describe('zones of cameras', () => {
  test('a zone needs a camera; the only one is meant when none is named', async () => {
    expect(await hs('list')).toMatchObject({ code: 0, stdout: 'no zones\n' });
    const points = ['--points', '0.8,0.9 0.2,0.5'];
    expect(await hs('add', 'Porch', ...points)).toMatchObject({ code: 2, stderr: expect.stringContaining('hs cameras add') });
    await seedCamera(db.knex, CAMERA);
    expect(await hs('add', 'Porch', ...points, '--dry-run')).toMatchObject({ code: 0, stderr: 'zone Porch would be added\n' });
    expect(await hs('add', 'Porch', ...points, '--id', 'porch', '--type', 'entry_point')).toMatchObject({ code: 0 });
    await seedCamera(db.knex, 'yard');
    expect(await hs('add', 'Lawn', ...points)).toMatchObject({ code: 2, stderr: expect.stringContaining('--camera: gate, yard') });
    expect(await audit()).toMatchObject([{ action: 'zone_created', resource_id: 'porch', details: { created: { name: 'Porch' } } }]);
  });

  test('two points are corners of a rectangle in any order, more are a polygon', async () => {
    await hs('add', 'Lawn', '--camera', 'yard', '--points', '0,0.3 1,0.3 0.5,1', '--color', '#00ff00', '--classes', 'person,animal');
    expect(items(await hs('list', '--json'))).toMatchObject([
      {
        id: 'porch',
        camera_id: CAMERA,
        zone_type: 'entry_point',
        purpose: 'detect',
        shape: 'rectangle',
        anchor: 'bottom_centre',
        classes: null,
        coordinates: [
          [0.2, 0.5],
          [0.8, 0.5],
          [0.8, 0.9],
          [0.2, 0.9],
        ],
        suspect: false,
      },
      { name: 'Lawn', shape: 'polygon', color: '#00FF00', classes: ['person', 'animal'] },
    ]);
    expect((await hs('list', '--camera', 'ya*', '--ids')).stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(items(await hs('list', '--type', 'entry_point', '--json'))).toHaveLength(1);
    expect(items(await hs('list', '--purpose', 'ignore', '--json'))).toHaveLength(0);
  });

  test('a zone is told by name, by id, and by camera where several have one of that name', async () => {
    expect((await hs('show', 'porch')).stdout).toMatch(/name +Porch/);
    expect(await hs('add', 'Porch', '--camera', CAMERA, '--points', '0,0 1,1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hs zones set porch'),
    });
    expect((await hs('add', 'Porch', '--camera', 'yard', '--points', '0,0 1,1')).code).toBe(0);
    expect(await hs('show', 'Porch')).toMatchObject({ code: 2, stderr: expect.stringContaining('porch (gate)') });
    expect((await hs('show', 'Porch', '--camera', 'yard')).stdout).toMatch(/camera_id +yard/);
    expect(await hs('delete', 'Porch', '--camera', 'yard')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --yes') });
    expect((await hs('delete', 'Porch', '--camera', 'yard', '--dry-run')).stdout).toBe('zone Porch of yard would be deleted\n');
    expect((await hs('delete', 'Porch', '--camera', 'yard', '--yes')).stdout).toBe('zone Porch of yard deleted\n');
  });

  test('only what really changes is written and recorded', async () => {
    const rows = (await audit()).length;
    expect((await hs('set', 'Porch', '--priority', '0', '--enable')).stdout).toBe('nothing to change\n');
    expect(await audit()).toHaveLength(rows);
    expect(items(await hs('set', 'Porch', '--priority', '7', '--classes', 'person', '--json'))).toEqual([
      { column: 'priority', from: 0, to: 7 },
      { column: 'classes', from: null, to: ['person'] },
    ]);
    expect(items(await hs('set', 'Porch', '--classes', '', '--shape', 'polygon', '--json'))).toEqual([
      { column: 'classes', from: ['person'], to: null },
      { column: 'shape', from: 'rectangle', to: 'polygon' },
    ]);
    expect(await hs('set', 'Lawn', '--shape', 'rectangle')).toMatchObject({ code: 2, stderr: expect.stringContaining('a rectangle has') });
    expect((await audit()).at(-1)).toMatchObject({ action: 'zone_updated', resource_id: 'porch', details: { changes: [{}, {}] } });
  });

  test.each([
    [['add', 'x', '--camera', 'gate'], 'a zone needs --points'],
    [['add', 'x', '--camera', 'gate', '--points', '0.5,0.5 0.5,0.9'], 'the rectangle has no area'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 640,480'], 'not pixels'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 1,1 1,0 0.1,1'], 'crosses or touches itself'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 1,1', '--color', 'red'], 'is not a colour'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 1,1', '--classes', 'persn'], 'did you mean person?'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 1,1', '--id', 'a b'], 'cannot be the id'],
    [['add', 'x', '--camera', 'gate', '--points', '0,0 1,1', '--id', 'porch'], 'hs zones set porch'],
    [['add', ' ', '--camera', 'gate', '--points', '0,0 1,1'], 'is empty'],
    [['add', 'x', '--camera', 'nobody', '--points', '0,0 1,1'], 'no camera matches'],
    [['set', 'Porch'], 'nothing says what to change'],
    [['set', 'Prch', '--priority', '1'], 'did you mean Porch?'],
    [['delete', 'nothing', '--yes'], 'there is no zone'],
  ])('zones %j is a usage error', async (args, message) => {
    expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('zones as a file', () => {
  test('an export comes back as it was, also into an empty database', async () => {
    const { stdout } = await hs('export');
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'hs-zones', schema_version: 1, zones: [{ id: 'porch' }, { name: 'Lawn' }] });
    expect(await hs('export', '--out', 'zones.json')).toMatchObject({ stdout: '', stderr: expect.stringContaining('2 zones written to') });
    const file = join(folder.path, 'zones.json');
    expect(await readFile(file, 'utf8')).toBe(stdout);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(items(await hs('import', file, '--json')).map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
    await db.knex('zones').delete();
    expect(items(await run(['zones', 'import', '-', '--json'], stdout)).map(({ result }) => result)).toEqual(['added', 'added']);
    expect((await hs('export')).stdout).toBe(stdout);
    expect((await hs('export', '--camera', 'yard')).stdout).not.toContain('porch');
  });

  test('entries without an id are told by camera and name', async () => {
    const zones = [
      {
        camera_id: 'yard',
        name: 'Lawn',
        coordinates: [
          [0, 0.4],
          [1, 1],
        ],
      },
      {
        camera_id: 'yard',
        name: 'Gate',
        coordinates: [
          [0, 0],
          [0.2, 0],
          [0.1, 0.3],
        ],
      },
    ];
    const text = JSON.stringify({ schema: 'hs-zones', schema_version: 1, zones });
    expect(items(await run(['zones', 'import', '-', '--dry-run', '--json'], text)).map(({ result }) => result)).toEqual([
      'changed',
      'added',
    ]);
    expect(await db.knex('zones')).toHaveLength(2);
    expect(items(await run(['zones', 'import', '-', '--json'], text)).map(({ result }) => result)).toEqual(['changed', 'added']);
    expect(items(await run(['zones', 'import', '-', '--json'], text)).map(({ result }) => result)).toEqual(['unchanged', 'unchanged']);
  });

  const good = {
    camera_id: 'gate',
    name: 'good',
    coordinates: [
      [0, 0],
      [1, 1],
    ],
  };
  test.each([
    ['no JSON', '{', 'this is no JSON'],
    ['something else', '[]', 'this is no file of zones'],
    ['an unknown version', JSON.stringify({ schema: 'hs-zones', schema_version: 2, zones: [] }), 'schema_version'],
    [
      'a bad corner',
      [
        good,
        {
          ...good,
          name: 'bad',
          coordinates: [
            [0, 0],
            [1, 2],
          ],
        },
      ],
      'zone 2 ("bad") of the file: point 2: y is 2',
    ],
    ['an unknown key', [good, { ...good, name: 'bad', colour: '#000000' }], 'zone 2 ("bad") of the file: Unrecognized key: "colour"'],
    ['a bad purpose', [good, { ...good, name: 'bad', purpose: 'hide' }], 'zone 2 ("bad") of the file: purpose'],
    ['no name', [good, { camera_id: 'gate', coordinates: [] }], 'zone 2 of the file: name'],
    ['an unknown camera', [good, { ...good, camera_id: 'nobody' }], 'zone 2 ("good") of the file: no camera matches "nobody"'],
    ['an unknown class', [good, { ...good, name: 'bad', classes: ['persn'] }], 'did you mean person?'],
    ['twins', [good, good], 'zone 1 ("good") of the file has the same name'],
    ['an id of another camera', [good, { ...good, id: 'porch', camera_id: 'yard' }], 'on camera gate'],
    ['a name that is taken', [good, { ...good, id: 'new', name: 'Porch' }], 'has a zone "Porch" already'],
  ])('%s is refused, and nothing is imported', async (_, zones, message) => {
    const text = typeof zones === 'string' ? zones : JSON.stringify({ schema: 'hs-zones', schema_version: 1, zones });
    const before = await db.knex('zones').orderBy('id');
    expect(await run(['zones', 'import', '-'], text)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(await db.knex('zones').orderBy('id')).toEqual(before);
  });

  test('a file that cannot be read is a usage error', async () => {
    expect(await hs('import', 'nowhere.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere.json cannot be read') });
  });
});

describe('zones and events', () => {
  beforeAll(async () => {
    await db.knex('zones').delete();
    await storeFiles(
      db.knex,
      [0, 1, 2, 3, 4, 5, 6].map((second) => sighting(second, { x: 60 * second, y: 100, score: 0.9 })),
    );
    await derive(db.knex);
  });

  test('events and detections tell the zones they were in', async () => {
    // Anchors lie at x 0.03, 0.13, 0.22, 0.31, 0.41, 0.5, 0.59 and y 0.42, a second apart.
    await hs('add', 'Path', '--camera', CAMERA, '--points', '0.2,0.3 0.45,0.5', '--priority', '3');
    await hs('add', 'All', '--camera', CAMERA, '--points', '0,0 1,1');
    await hs('add', 'Sky', '--camera', CAMERA, '--points', '0,0 1,0.1');
    expect((await run(['events', 'list'])).stdout).toContain('Path; All');
    expect(items(await run(['events', 'list', '--json']))).toMatchObject([{ zones: ['Path', 'All'] }]);
    const detections = items(await run(['detections', 'list', '--sort', 'detected_at', '--json']));
    expect(detections.map(({ zones }) => (zones as string[]).length)).toEqual([1, 1, 2, 2, 2, 1, 1]);
    const exported = await run(['export', 'events', '--format', 'csv', '--out', '-', '--columns', 'id,zones']);
    expect(exported.stdout).toContain('Path; All');
  });

  test('an event shows what its objects did in zones', async () => {
    const { stdout } = await run(['events', 'show', '1', '--json']);
    const [{ zones }] = JSON.parse(stdout).items;
    expect(zones).toMatchObject([
      { zone: 'Path', entries: 1, exits: 1, dwell_s: 2, entered_at: '2026-01-14T08:15:02.000Z', left_at: '2026-01-14T08:15:04.000Z' },
      { zone: 'All', entries: 0, exits: 0, dwell_s: 6, entered_at: null, left_at: null, zone_suspect: false },
    ]);
    expect((await run(['events', 'show', '1'])).stdout).toMatch(/Path .*person/);
  });

  test('a changed view makes its zones suspect until somebody has acknowledged it', async () => {
    const change = { camera_id: CAMERA, detected_at: new Date(), change_type: 'angle_changed', similarity_score: 0.3 };
    await db.knex('scene_changes').insert(change);
    expect((await run(['events', 'show', '1'])).stdout).toContain('Path (view has changed)');
    expect((await hs('show', 'Path')).stdout).toMatch(/suspect +true/);
    await db.knex('scene_changes').update({ acknowledged: true, acknowledged_at: new Date() });
    expect((await hs('show', 'Path')).stdout).toMatch(/suspect +false/);
  });

  test('a zone of purpose ignore takes detections out of events, and its end brings them back', async () => {
    const spanOf = async (): Promise<unknown> => (await db.knex('events').select('detection_count')).map((row) => row.detection_count);
    const points = ['--points', '0.2,0.3 0.45,0.5'];
    const { stderr } = await hs('add', 'Street', '--camera', CAMERA, '--purpose', 'ignore', ...points);
    expect(stderr).toContain('its events were derived again: 1 changed');
    expect(await spanOf()).toEqual([4]);
    expect(items(await run(['events', 'list', '--json']))).toMatchObject([{ zones: ['All'] }]);
    expect((await hs('set', 'Street', '--classes', 'vehicle')).stderr).toContain('1 changed');
    expect(await spanOf()).toEqual([7]);
    expect((await hs('set', 'Street', '--classes', '', '--points', '0,0 1,1')).stderr).toContain('1 gone');
    expect(await spanOf()).toEqual([]);
    expect((await hs('set', 'Street', '--color', '#000000')).stderr).not.toContain('derived');
    expect((await hs('set', 'Street', '--disable', '--dry-run')).stderr).toBe('nothing was changed\n');
    expect(await spanOf()).toEqual([]);
    expect((await hs('delete', 'Street', '--yes')).stderr).toContain('1 new');
    expect(await spanOf()).toEqual([7]);
    expect(await db.knex('media_files').whereNotNull('derive_from')).toEqual([]);
  });

  test('a motion mask says from when on it holds', async () => {
    const { stderr } = await hs('add', 'Tree', '--camera', CAMERA, '--purpose', 'motion_mask', '--points', '0,0 0.1,0.1');
    expect(stderr).toContain('analysed from now on');
    expect(stderr).not.toContain('derived');
  });
});

describe('zones on pictures', () => {
  const DRIVE = 'drive';

  /** A car that stands there in eight pictures of each of three days, six hours apart at most. */
  beforeAll(async () => {
    await seedCamera(db.knex, DRIVE, { timezone: 'Europe/Berlin' });
    const path = join(folder.path, 'drive.jpg');
    await writeFile(path, await drawStill([{ left: 40, top: 60, width: 50, height: 30 }]));
    for (const day of [12, 13, 14]) {
      for (const hour of [8, 9, 10, 11, 12, 13, 14, 15]) {
        const at = new Date(Date.UTC(2026, 1, day, hour)).toISOString();
        const still = { media_type: 'image', ended_at: at, duration_ms: null, width: 160, height: 120, analysed_offsets_ms: [0] };
        const newest = day === 14 && hour === 15 ? { path } : {};
        const fileId = await seedFile(db.knex, { camera: DRIVE, at, more: { ...still, ...newest } });
        const box = { bbox_x: 40, bbox_y: 60, bbox_width: 50, bbox_height: 30, video_width: 160, video_height: 120 };
        const more = { object_type: 'car', is_static: true, media_type: 'image', ...box };
        await seedDetection(db.knex, { fileId, camera: DRIVE, at, more });
      }
    }
  });

  test('what stands there again and again is suggested, with pictures and the command that leaves it out', async () => {
    const [found, ...others] = items(await hs('suggest', '--out', 'crops', '--json'));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      camera_id: DRIVE,
      name: 'standing car 1',
      object_types: ['car'],
      class_group: 'vehicle',
      days: 3,
      frames: 24,
      box: [0.25, 0.5, 0.3125, 0.25],
      crops: [expect.stringMatching(/drive-standing-car-1-3\.png$/)],
    });
    const [crop] = await readdir(join(folder.path, 'crops'));
    expect(await sharp(join(folder.path, 'crops', crop!)).metadata()).toMatchObject({ format: 'png', width: 76, height: 46 });
    const { stdout, stderr } = await hs('suggest', '--camera', DRIVE, '--out', 'crops');
    expect(stderr).toContain(crop);
    const command = stdout.split('\n').find((line) => line.startsWith('hs zones add'));
    expect(command).toBe(
      `hs zones add 'standing car 1' --camera drive --purpose ignore --anchor centre --classes vehicle --points "0.3715,0.5972 0.441,0.6528"`,
    );
    const points = ['--points', '0.3715,0.5972 0.441,0.6528'];
    await hs('add', 'standing car 1', '--camera', DRIVE, '--purpose', 'ignore', '--anchor', 'centre', '--classes', 'vehicle', ...points);
    expect(await hs('suggest')).toMatchObject({ code: 0, stdout: 'nothing stands in the same place often enough\n' });
  });

  test('zones are drawn on the newest frame, a PNG for its owner only', async () => {
    const out = join(folder.path, 'drive.png');
    expect(await hs('draw', DRIVE, '--out', out)).toMatchObject({ code: 0, stdout: `${out}\n` });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 960, height: 750 });
    // The car of the first three pictures: it was not known yet to stand there.
    const { stdout } = await hs('draw', DRIVE, '--heat', '--standing', '--no-boxes', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      item: { camera_id: DRIVE, zones: 1, boxes: 1, heat_anchors: 3, at: '2026-02-14T15:00:00.000Z', offset_ms: 0 },
    });
    expect((await readdir(folder.path)).filter((name) => /^hs-zones-drive-.*\.png$/.test(name))).toHaveLength(1);
  });

  test('a file or a moment can be named to draw on', async () => {
    const file = join(folder.path, 'drive.jpg');
    const { stdout } = await hs('draw', DRIVE, '--file', file, '--out', 'a.png', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ item: { file_path: file, boxes: 1, heat_anchors: null } });
    expect(await hs('draw', DRIVE, '--at', '2026-02-12T09:30', '--out', 'a.png')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no footage of camera drive to draw on: .*2026-02-12T08:00:00.000Z.* is not there any more/),
    });
    expect(await hs('draw', 'yard', '--file', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not of camera yard') });
  });

  test.each([
    [['draw', 'yard'], 'there is no footage of camera yard'],
    [['draw'], 'there are several cameras'],
    [['draw', 'nobody'], 'no camera matches'],
    [['draw', DRIVE, '--out', '-'], 'would print a picture'],
    [['draw', DRIVE, '--out', 'no/where.png'], 'there is no folder'],
    [['draw', DRIVE, '--at', 'noon'], 'is not a time'],
    [['draw', DRIVE, '--since', '7d'], '--heat'],
    [['suggest', '--camera', 'nobody'], 'no camera matches'],
  ])('zones %j is a usage error', async (args, message) => {
    expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('a picture that cannot be read any more is not drawn on', async () => {
    await rm(join(folder.path, 'drive.jpg'));
    expect(await hs('draw', DRIVE)).toMatchObject({ code: 2, stderr: expect.stringContaining('is not there any more') });
  });
});

test('footage that is ingested has no motion in a zone that masks it', async () => {
  const sandbox = await createIngestSandbox();
  try {
    const figures = { left: { left: 20, top: 40, width: 20, height: 40 }, right: { left: 110, top: 40, width: 20, height: 40 } };
    const stills = { '100000': [], '100010': [figures.left], '100020': [], '100030': [figures.right] };
    const add = ['zones', 'add', 'Tree', '--camera', 'yard', '--purpose', 'motion_mask', '--points', '0,0 0.5,1'];
    await sandbox.hs(['cameras', 'add', 'yard', '--timezone', 'UTC']);
    expect((await sandbox.hs(add)).code).toBe(0);
    for (const [time, shown] of Object.entries(stills)) {
      await place(join(sandbox.footage, `yard/20260114_${time}.jpg`), await drawStill(shown));
    }
    await sandbox.ingest([sandbox.footage]);
    const { stdout } = await sandbox.hs(['detections', 'list', '--json']);
    const seen = (JSON.parse(stdout) as { items: { detected_at: string }[] }).items;
    expect(seen.map((one) => one.detected_at)).toEqual(['2026-01-14T10:00:30.000Z']);
  } finally {
    await sandbox.dispose();
  }
});
