import { stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { addColouredTrack, type ColouredTrack } from '../helpers/coloured-people.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';
import { pixelsCardJson } from '../unit/inference/tiny-embedding.ts';
import { pixelsModel } from '../unit/inference/tiny-onnx.ts';

/** The model of these tests takes pictures of one colour for one person: cosines of other colours here are below 0.6. */
const RED = '#c81414';
const REDDISH = '#be1e19';
const BLUE = '#1414c8';
const GREEN = '#14c814';
const DAY = '2026-01-10';

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
const run = (...args: string[]): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester', HS_HOME: join(folder.path, 'home') }, cwd: '/tmp' });
const hs = (...args: string[]): Promise<HsResult> => run('entities', ...args);
const seen = (time: string, colours: string[], parts: Partial<ColouredTrack> = {}): Promise<number> =>
  addColouredTrack(db.knex, { folder: folder.path, camera: 'gate', at: new Date(`${DAY}T${time}Z`), colours, ...parts });
const json = async <Item>(...args: string[]): Promise<Item> => {
  const { code, stdout, stderr } = await hs(...args, '--json');
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const { item, items } = JSON.parse(stdout) as { item?: Item; items?: Item };
  return (item ?? items) as Item;
};
type Listed = { id: string; name: string | null; trust_status: string; sightings: number; detection_count: number };
const list = (): Promise<Listed[]> => json<Listed[]>('list', '--sort', 'first_seen_at');
const idOf = async (track: number): Promise<string | null> =>
  (await db.knex('reid_embeddings as r').join('detections as d', 'd.id', 'r.detection_id').where('d.track_id', track).first('r.entity_id'))
    ?.entity_id ?? null;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
});
afterAll(async () => {
  await db.drop();
  await folder.dispose();
});

test('without an embedding model nothing is recognised, and the way out is named', async () => {
  expect(await hs('list')).toMatchObject({ code: 0, stdout: 'no entities\n' });
  expect(await hs('update')).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('no embedding model is installed') });
});

describe('with an embedding model', () => {
  let red: number;
  let blue: number;
  let later: number;

  beforeAll(async () => {
    const weights = join(folder.path, 'pixels.onnx');
    await writeFile(weights, pixelsModel());
    await writeFile(join(folder.path, 'pixels.json'), JSON.stringify(pixelsCardJson(pixelsModel())));
    expect((await run('models', 'install', '--from', weights)).code).toBe(0);
    red = await seen('08:00:00', Array<string>(7).fill(RED));
    blue = await seen('09:00:00', [BLUE]);
    later = await seen('10:00:00', [REDDISH, REDDISH], { camera: 'yard' });
    await seen('11:00:00', [GREEN], { heightPx: 95 });
    await seen('11:30:00', [GREEN], { confirmed: false });
    await seen('11:45:00', [GREEN], { group: 'vehicle' });
  });

  test('an update finds two people, by up to five crops of at least 96 px each; vehicles are not its model’s business (§10.2)', async () => {
    expect(await json('update')).toMatchObject({
      model: 'pixels',
      tracks: 4,
      crops: 8,
      lost: 0,
      sightings: 3,
      members: 0,
      uncertain: 0,
      entities_added: 2,
      entities: 2,
    });
    expect(await list()).toMatchObject([
      {
        entity_type: 'person',
        trust_status: 'unknown',
        detection_count: 7,
        sightings: 2,
        cameras: ['gate', 'yard'],
        first_seen_at: `${DAY}T08:00:00.000Z`,
        last_seen_at: `${DAY}T10:00:01.000Z`,
        model: 'pixels',
      },
      { detection_count: 1, sightings: 1 },
    ]);
    expect(await idOf(later)).toBe(await idOf(red));
    expect(await idOf(blue)).not.toBe(await idOf(red));
    const [run] = await db.knex('runs').orderBy('started_at', 'desc').limit(1);
    expect(run).toMatchObject({ command: 'entities update', exit_code: 0 });
  });

  test('a second update has nothing to do and reads no footage', async () => {
    expect(await json('update')).toMatchObject({ crops: 0, sightings: 0, entities_added: 0, entities: 2 });
  });

  test('footage that comes late joins who was seen after it; a crop a track got later goes with the track', async () => {
    const early = await seen('06:00:00', [RED]);
    await db
      .knex('reid_embeddings')
      .where('detection_id', db.knex('tracks').where({ id: red }).select('first_detection_id'))
      .delete();
    expect(await json('update')).toMatchObject({ crops: 2, sightings: 1, entities_added: 0 });
    expect(await idOf(early)).toBe(await idOf(red));
    const [entity] = await list();
    expect(entity).toMatchObject({ first_seen_at: `${DAY}T06:00:00.000Z`, sightings: 3, detection_count: 8 });
  });

  test('trust and name are kept with who did it (§10.16)', async () => {
    const [first] = await list();
    const id = first!.id;
    expect(await json('trust', 'trusted', id)).toEqual([{ id, from: 'unknown', to: 'trusted' }]);
    expect(await json('name', id, 'Postman')).toEqual([{ column: 'name', from: null, to: 'Postman' }]);
    expect(await json('trust', 'trusted', 'Postman')).toEqual([]);
    expect(await json('list', '--trust', 'trusted')).toMatchObject([{ id, name: 'Postman', trust_status: 'trusted' }]);
    const rows = await db.knex('audit_logs').where({ resource_type: 'entity' }).orderBy('id').select('action', 'actor', 'resource_id');
    expect(rows).toEqual(Array(2).fill({ action: 'entity_updated', actor: 'tester', resource_id: id }));
  });

  test('the parts of a split stay apart and what was merged stays together, also after a rebuild (§10.2)', async () => {
    const split = await json<{ new_id: string }>('split', 'Postman', '--track', String(later));
    const merged = await json<{ id: string }>('merge', (await idOf(blue)) ?? '', '--into', split.new_id);
    expect(merged.id).toBe(split.new_id);
    const before = [await idOf(red), await idOf(blue), await idOf(later)];
    expect(before[1]).toBe(before[2]);
    const { sighting_list: tracks } = await json<{ sighting_list: object[] }>('show', split.new_id);
    expect(tracks).toMatchObject([
      { track_id: blue, manual: true, similarity: null },
      { track_id: later, manual: true, camera_id: 'yard' },
    ]);
    expect(await json('rebuild')).toMatchObject({ crops: 0, sightings: 4, entities: 2, entities_added: 0, entities_removed: 0 });
    expect([await idOf(red), await idOf(blue), await idOf(later)]).toEqual(before);
    expect(await json('show', 'Postman')).toMatchObject({ trust_status: 'trusted', sightings: 2 });
  });

  test('a rebuild gives the same entities whatever the order the footage came in', async () => {
    await db.knex('reid_embeddings').update({ is_manual: false });
    await json('rebuild');
    const before = [await idOf(red), await idOf(blue), await idOf(later)];
    expect(before[0]).toBe(before[2]);
    expect(before[0]).not.toBe(before[1]);
    await db.knex('reid_embeddings').update({ entity_id: null });
    expect(await json('rebuild')).toMatchObject({ entities: 3 });
    expect((await list()).map(({ name, sightings }) => [name, sightings]).sort()).toEqual([
      [null, 1],
      [null, 3],
      ['Postman', 0],
    ]);
  });

  test('vectors of another model are never compared, and are left alone', async () => {
    const detection = await db.knex('detections').where({ object_type: 'car' }).first('id', 'detected_at');
    const other = {
      detection_id: detection.id,
      detected_at: detection.detected_at,
      model_id: 'other',
      dimension: 1,
      embedding: Buffer.alloc(4),
    };
    await db.knex('reid_embeddings').insert(other);
    expect(await json('rebuild')).toMatchObject({ sightings: 4 });
    expect(await db.knex('reid_embeddings').where({ model_id: 'other' }).first('entity_id', 'member_id')).toEqual({
      entity_id: null,
      member_id: null,
    });
  });

  test('an enrolled member is recognised first and never makes an entity (§10.1)', async () => {
    const portrait = join(folder.path, 'anna.png');
    await sharp({ create: { width: 60, height: 150, channels: 3, background: GREEN } })
      .png()
      .toFile(portrait);
    await run('households', 'member', 'add', 'Anna');
    const enrol = (...args: string[]): Promise<HsResult> => run('households', 'member', 'enroll', 'Anna', ...args, '--json');
    expect(JSON.parse((await enrol('--image', portrait)).stdout)).toMatchObject({
      item: { name: 'Anna', model: 'pixels', added: 1, pictures: 1 },
    });
    expect(JSON.parse((await enrol('--image', portrait)).stdout)).toMatchObject({ item: { added: 0, known_before: 1, pictures: 1 } });
    const before = await list();
    const anna = await seen('12:00:00', [GREEN]);
    expect(await json('update')).toMatchObject({ sightings: 1, members: 1, entities_added: 0 });
    expect(await list()).toEqual(before);
    const rows = await db.knex('reid_embeddings').whereNotNull('member_id').select('entity_id', 'similarity');
    expect(rows).toEqual([{ entity_id: null, similarity: expect.closeTo(1, 5) }]);
    expect(await db.knex('audit_logs').where({ resource_type: 'household_member' }).orderBy('id', 'desc').first('details')).toMatchObject({
      details: { enrolled: { model: 'pixels', sources: [portrait] } },
    });
    await run('households', 'member', 'delete', 'Anna', '--yes');
    expect(await json('update')).toMatchObject({ sightings: 1, members: 0, entities_added: 1 });
    expect(await idOf(anna)).not.toBeNull();
  });

  test('a member is enrolled from an event; of several people one must be named', async () => {
    const [event] = await db
      .knex('events')
      .insert({ batch_id: 'b', camera_id: 'gate', started_at: new Date(`${DAY}T13:00:00Z`) })
      .returning<{ id: number }[]>('id');
    const eventId = event!.id;
    await run('households', 'member', 'add', 'Ben');
    const enrol = (...args: string[]): Promise<HsResult> =>
      run('households', 'member', 'enroll', 'Ben', '--from-event', String(eventId), ...args);
    expect(await enrol()).toMatchObject({ code: 2, stderr: expect.stringContaining('has no person') });
    const ben = await seen('13:00:00', ['#c8c814', '#c8c814'], { eventId });
    await seen('13:00:30', [BLUE], { eventId });
    expect(await enrol()).toMatchObject({ code: 2, stderr: expect.stringContaining('several people') });
    expect((await enrol('--track', String(ben))).code).toBe(0);
    expect(await db.knex('person_embeddings').select('source_event_id', 'model_id')).toEqual([
      { source_event_id: eventId, model_id: 'pixels' },
    ]);
  });

  test('footage that is gone is counted, footage that is damaged is a failure that is named (§11)', async () => {
    const gone = await seen('14:00:00', [RED]);
    const damaged = await seen('14:01:00', [RED]);
    const pathOf = async (track: number): Promise<string> =>
      (await db.knex('detections').where({ track_id: track }).first('file_path')).file_path;
    await unlink(await pathOf(gone));
    const { size } = await stat(await pathOf(damaged));
    await truncate(await pathOf(damaged), 0);
    await truncate(await pathOf(damaged), size);
    const result = await hs('update', '--json');
    expect(result.code).toBe(3);
    expect(JSON.parse(result.stdout)).toMatchObject({ item: { lost: 1, failed_files: 1 } });
    expect(result.stderr).toContain(await pathOf(damaged));
  });

  test.each([
    [['show', 'nobody'], 'there is no entity'],
    [['show', '0'.repeat(8)], 'there is no entity'],
    [['trust', 'loved', 'Postman'], 'is not one of trusted'],
    [['merge', 'Postman', '--into', 'Postman'], 'into itself'],
    [['split', 'Postman', '--track', '999999'], 'is not one of the entity'],
    [['list', '--type', 'ghost'], 'is not one of person'],
    [['list', '--camera', 'nowhere'], 'no camera matches'],
    [['update', '--model', 'nothing'], 'no model is called'],
  ])('entities %j is a usage error', async (args, message) => {
    expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});
