import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Knex } from 'knex';
import { RUN_ID } from '../answers/seed.ts';
import { CAMERA, sighting, storeFiles } from '../derive/synthetic-footage.ts';
import { createSoundStore, expectNamed, lookAt, namesOf, type BreakCase, type SoundStore } from './sound-store.ts';

let store: SoundStore;

beforeAll(async () => {
  store = await createSoundStore();
});

afterAll(() => store.dispose());

const NEWEST = '(SELECT id FROM detections ORDER BY detected_at DESC LIMIT 1)';
const A_FILE = '(SELECT id FROM media_files ORDER BY captured_at DESC LIMIT 1)';
const OTHER_RUN = '0192f0c0-0000-7000-8000-0000000000ff';

async function addRun(trx: Knex.Transaction, columns: object = {}): Promise<void> {
  await trx('runs').insert({ id: OTHER_RUN, command: 'ingest', hs_version: '0', config_fingerprint: 'x', ...columns });
}

const CASES: BreakCase[] = [
  {
    id: 'M1',
    broken: 'a camera that has another folder and another name',
    by: (trx) => trx('cameras').update({ folder_path: '/footage/yard', name: 'Yard' }),
    says: 'camera gate: has the folder /footage/yard',
  },
  {
    id: 'M2',
    broken: 'a camera that was last seen before its newest footage',
    by: (trx) => trx('cameras').update({ last_seen_at: '2026-01-14T08:00:00Z' }),
    says: 'was last seen 2026-01-14 08:00:00+00, has footage of 2026-01-14 08:25:00+00',
  },
  {
    id: 'M2',
    broken: 'a camera with footage that was never seen',
    by: (trx) => trx('cameras').update({ last_seen_at: null }),
    says: 'last seen never',
  },
  {
    id: 'M3',
    broken: 'detections of a run that is not the one of their file',
    by: async (trx) => {
      await addRun(trx, { ended_at: trx.fn.now(), exit_code: 0 });
      await trx('media_files').whereRaw(`id = ${A_FILE}`).update({ run_id: OTHER_RUN });
    },
    says: /file \d+: 1 of its detections name another run or camera/,
  },
  {
    id: 'M3',
    broken: 'a finished file whose run is gone',
    by: async (trx) => {
      await trx.raw('ALTER TABLE media_files DROP CONSTRAINT fk_media_files_run_id');
      await trx('media_files').whereRaw(`id = ${A_FILE}`).update({ run_id: OTHER_RUN });
    },
    says: `is done, its run ${OTHER_RUN} does not exist`,
    also: ['S1'],
  },
  {
    id: 'M4',
    broken: 'a file claimed by a run that ended',
    by: (trx) => trx.raw(`UPDATE media_files SET status = 'processing' WHERE id = ${A_FILE}`),
    says: new RegExp(`run ${RUN_ID}: is over and still holds 1 files`),
  },
  {
    id: 'M4',
    broken: 'a file claimed by a run whose process died',
    by: async (trx) => {
      await addRun(trx);
      await trx.raw(`UPDATE media_files SET status = 'processing', run_id = '${OTHER_RUN}' WHERE id = ${A_FILE}`);
    },
    says: `run ${OTHER_RUN}`,
    also: ['R1'],
  },
  {
    id: 'M5',
    broken: 'detections of a file that failed',
    by: (trx) => trx.raw(`UPDATE media_files SET status = 'failed', failure_code = 'timeout' WHERE id = ${A_FILE}`),
    says: /file \d+: is failed and has 1 detections/,
  },
  {
    id: 'M5',
    broken: 'detections of a file that was never read',
    by: (trx) => trx.raw(`UPDATE media_files SET status = 'pending', processed_at = NULL WHERE id = ${A_FILE}`),
    says: 'is pending and has 1 detections',
  },
  {
    id: 'M6',
    broken: 'a done file with frames that were not looked at',
    by: (trx) => trx.raw(`UPDATE media_files SET frames_expected = 3 WHERE id = ${A_FILE}`),
    says: 'is done with 1 of 3 frames',
  },
  {
    id: 'M6',
    broken: 'a partial file with all its frames',
    by: (trx) => trx.raw(`UPDATE media_files SET status = 'partial', failure_code = 'truncated' WHERE id = ${A_FILE}`),
    says: 'is partial with 1 of 1 frames',
  },
  {
    id: 'M7',
    broken: 'footage of the day after tomorrow',
    by: (trx) =>
      trx
        .raw(
          `UPDATE media_files SET status = 'skipped', captured_at = now() + interval '2 days', ended_at = NULL
       WHERE id = (SELECT id FROM media_files ORDER BY id LIMIT 1) RETURNING id`,
        )
        .then(() => trx.raw(`DELETE FROM detections d USING media_files f WHERE f.id = d.media_file_id AND f.status = 'skipped'`)),
    says: 'was captured at',
    also: ['M2', 'T2', 'T3', 'V3', 'V5', 'T6'],
  },
  {
    id: 'D1',
    broken: 'a detection 2 ms off',
    by: (trx) => trx.raw(`UPDATE detections SET frame_offset_ms = 2 WHERE id = ${NEWEST}`),
    says: 'its frame 2 ms later',
  },
  {
    id: 'D2',
    broken: 'a box that reaches out of the picture',
    by: (trx) => trx.raw(`UPDATE detections SET bbox_x = 601 WHERE id = ${NEWEST}`),
    says: 'reaches to 641, 200 in a picture of 640 × 480',
  },
  {
    id: 'D3',
    broken: 'a detection that is stored twice',
    by: (trx) =>
      trx.raw(`INSERT INTO detections (camera_id, file_path, detected_at, object_type, bbox_x, bbox_y, bbox_width, bbox_height, media_file_id, frame_index, frame_offset_ms, run_id, model_id)
               SELECT camera_id, file_path, detected_at, object_type, bbox_x, bbox_y, bbox_width, bbox_height, media_file_id, frame_index, frame_offset_ms, run_id, model_id FROM detections WHERE id = ${NEWEST}`),
    says: 'frame 0 has 2 equal boxes of person',
  },
  {
    id: 'D4',
    broken: 'a detection that does not say which model made it',
    by: (trx) => trx.raw(`UPDATE detections SET model_id = NULL, frame_index = NULL WHERE id = ${NEWEST}`),
    says: 'has no model_id, frame_index',
  },
  {
    id: 'D5',
    broken: 'enrichment with a confidence that is none',
    by: (trx) => trx.raw(`UPDATE detections SET enrichment_data = '{"pet": {"confidence": 7}}' WHERE id = ${NEWEST}`),
    says: /detection \d+: .*confidence/,
  },
  {
    id: 'D6',
    broken: 'a plate and a face that are said to be of another camera and another time than their detection',
    by: async (trx) => {
      await trx('cameras').insert({ id: 'far', name: 'far', folder_path: '/footage/far' });
      await trx.raw(`INSERT INTO plate_reads (camera_id, detection_id, detected_at, read_at, bbox, model_id, detection_confidence)
                     SELECT 'far', id, detected_at, detected_at, '[1,2,3,4]', 'm', 0.9 FROM detections WHERE id = ${NEWEST}`);
      await trx.raw(`INSERT INTO face_detection_events (camera_id, detection_id, detected_at, seen_at, bbox, model_id, confidence)
                     SELECT camera_id, id, detected_at, detected_at + interval '1 second', '[1,2,3,4]', 'm', 0.9 FROM detections WHERE id = ${NEWEST}`);
    },
    says: /plate \d+: is of far at .*, its detection of gate/,
  },
  {
    id: 'T1',
    broken: 'a detection of a track that is gone',
    by: (trx) => trx.raw(`UPDATE detections SET track_id = 99999 WHERE id = ${NEWEST}`),
    says: 'belongs to track 99999, which does not exist',
    also: ['T3'],
  },
  {
    id: 'T2',
    broken: 'a track that begins with a detection that is gone',
    by: (trx) => trx.raw('UPDATE tracks SET first_detection_id = 99999 WHERE id = (SELECT max(id) FROM tracks)'),
    says: 'begins with detection 99999',
  },
  {
    id: 'T3',
    broken: 'a track that miscounts',
    by: (trx) => trx.raw('UPDATE tracks SET detection_count = 7 WHERE id = (SELECT max(id) FROM tracks)'),
    says: 'says 7 detections, has 1',
  },
  {
    id: 'T4',
    broken: 'footage that is not derived yet',
    by: (trx) => trx.raw(`UPDATE media_files SET derive_from = captured_at, derive_until = ended_at WHERE id = ${A_FILE}`),
    says: /camera gate: 1 files from 2026-01-14/,
  },
  {
    id: 'T7',
    broken: 'zones of a camera that is gone',
    by: async (trx) => {
      await trx.raw('ALTER TABLE zones DISABLE TRIGGER ALL');
      await trx('zones').update({ camera_id: 'gone' });
      await trx.raw('ALTER TABLE zones ENABLE TRIGGER ALL');
    },
    says: 'table zones: 1 rows name no row of cameras, the first by (camera_id) = (gone)',
  },
];

test.each(CASES)('$id names $broken', (one) => expectNamed(store.knex, one));

test('a file that is read again is allowed to have lost its time: its detections follow the old one until then', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx.raw(
      `UPDATE media_files SET status = 'pending', captured_at = captured_at + interval '1 hour', ended_at = ended_at + interval '1 hour' WHERE id = ${A_FILE}`,
    );
    expect(namesOf(await lookAt(trx)).filter((id) => id.startsWith('D') || id === 'M5')).toEqual([]);
  } finally {
    await trx.rollback();
  }
});

test('between reading files again and deriving them only a note says so', async () => {
  const trx = await store.knex.transaction();
  try {
    await storeFiles(trx, [sighting(20, { offsetMs: 0, x: 300 })]);
    const outcomes = await lookAt(trx);
    expect(namesOf(outcomes)).toEqual(['T4']);
  } finally {
    await trx.rollback();
  }
});

test('a run that is alive may hold files, and a run that gives no sign is named and left to itself', async () => {
  const session = await store.database.connect();
  const { runLockKey } = await import('../../../src/db/lock-keys.ts');
  await session.query('SELECT pg_advisory_lock($1)', [runLockKey(OTHER_RUN)]);
  const trx = await store.knex.transaction();
  try {
    await addRun(trx);
    await trx.raw(`UPDATE media_files SET status = 'processing', run_id = '${OTHER_RUN}' WHERE id = ${A_FILE}`);
    expect(namesOf(await lookAt(trx))).toEqual([]);
    await trx('runs').where({ id: OTHER_RUN }).update({ started_at: '2026-01-01', heartbeat_at: '2026-01-01' });
    const [found] = await lookAt(trx, { ids: ['R1'], fix: true });
    expect(found).toMatchObject({
      count: 1,
      fixed: 0,
      remaining: 1,
      places: [{ text: 'ingest: has given no sign since 2026-01-01T00:00:00.000Z' }],
    });
  } finally {
    await trx.rollback();
    await session.end();
  }
});

test('a camera named by the user or by a template belongs to a folder of any name', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx('cameras').insert([
      { id: 'porch', name: 'Porch', folder_path: '/footage' },
      { id: 'cellar', name: 'The cellar', folder_path: '/footage#cellar' },
    ]);
    expect(namesOf(await lookAt(trx, { ids: ['M1'] }))).toEqual([]);
    expect(await trx('cameras').where({ id: CAMERA }).first()).toMatchObject({ folder_path: '/footage/gate' });
  } finally {
    await trx.rollback();
  }
});

test('files that retention removed are not taken for lost', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx('media_files').update({ original_removed_at: new Date() });
    expect(await lookAt(trx, { ids: ['M8'] })).toMatchObject([{ count: 0 }]);
  } finally {
    await trx.rollback();
  }
});

test('files that are gone are named only when the disk is looked at', async () => {
  const [found] = await lookAt(store.knex, { ids: [], files: true }).then((all) => all.filter(({ rule }) => rule.id === 'M8'));
  expect(found).toMatchObject({
    count: 6,
    places: expect.arrayContaining([
      { where: expect.stringMatching(/^file \d+$/), text: expect.stringMatching(/^\/footage\/gate\/.* is not there$/) },
    ]),
  });
});

test('thumbnails and clips are looked for, too', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx('media_files').update({ path: store.folder });
    await trx.raw(`UPDATE detections SET thumbnail_path = '${store.folder}/none.jpg' WHERE id = ${NEWEST}`);
    await trx.raw(`UPDATE events SET clip_path = '${store.folder}/none.mp4' WHERE id = (SELECT max(id) FROM events)`);
    const [found] = await lookAt(trx, { ids: ['M8'] });
    expect(found!.places.map(({ where }) => where.split(' ')[0]).sort()).toEqual(['detection', 'event']);
  } finally {
    await trx.rollback();
  }
});

test('a quick look sees the newest month, a deep one all', async () => {
  const trx = await store.knex.transaction();
  try {
    await trx.raw('UPDATE detections SET bbox_x = 601');
    const count = async (deep: boolean): Promise<number> => (await lookAt(trx, { ids: ['D2'], deep }))[0]!.count;
    expect([await count(false), await count(true)]).toEqual([4, 6]);
  } finally {
    await trx.rollback();
  }
});
