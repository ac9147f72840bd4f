import { afterAll, beforeAll, expect, test } from 'vitest';

import { insertEntity, saveFoundEntities } from '../../../src/db/models/entities.ts';
import {
  clearIdentityLinks,
  deleteUnseenEntities,
  pinSightings,
  refreshEntityCounts,
  saveIdentityLinks,
  type IdentityLink,
} from '../../../src/db/models/identity-links.ts';
import { upsertReidEmbeddings } from '../../../src/db/models/reid-embeddings.ts';
import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { entityFromDetection } from '../../../src/domain/entity.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const AT = new Date('2026-01-10T10:00:00Z');

let own: TestDatabase;
let memberId: number;

beforeAll(async () => {
  own = await createTestDatabase();
  const { knex } = own;
  await knex('cameras').insert({ id: 'gate', name: 'gate', folder_path: '/footage/gate' });
  await ensureDetectionPartitions(knex, [AT]);
  const box = { bbox_x: 0, bbox_y: 0, bbox_width: 10, bbox_height: 20 };
  for (const [id, confidence] of [
    [1, 0.5],
    [2, 0.9],
    [3, 0.7],
  ] as const) {
    await knex('detections').insert({ id, camera_id: 'gate', file_path: '/f', detected_at: AT, object_type: 'person', confidence, ...box });
  }
  await upsertReidEmbeddings(
    knex,
    [1, 2, 3].map((id) => ({ detection_id: id, detected_at: AT, model_id: id === 3 ? 'other' : 'm', vector: [1, 0] })),
  );
  const [home] = await knex('households').insert({ name: 'Home' }).returning<{ id: number }[]>('id');
  const member = { household_id: home!.id, name: 'Anna', role: 'resident', trusted_level: 'full' };
  const [row] = await knex('household_members').insert(member).returning<{ id: number }[]>('id');
  memberId = row!.id;
});

afterAll(() => own.drop());

const link = (parts: Partial<IdentityLink>): IdentityLink => ({
  detectionIds: [1],
  entityId: null,
  memberId: null,
  similarity: null,
  uncertain: false,
  manual: false,
  ...parts,
});
const stored = (): Promise<object[]> =>
  own.knex('reid_embeddings').orderBy('detection_id').select('entity_id', 'member_id', 'similarity', 'is_uncertain', 'is_manual');

test('no links change nothing', async () => {
  const before = await stored();
  await own.knex.transaction((trx) => saveIdentityLinks(trx, []));
  expect(await stored()).toEqual(before);
});

test('links are saved and forgotten, but for what a user said and for other models', async () => {
  const { id: entityId } = await insertEntity(own.knex, entityFromDetection({ type: 'person', at: AT }));
  await own.knex.transaction(async (trx) => {
    await saveIdentityLinks(trx, [
      link({ entityId, similarity: 0.9, uncertain: true }),
      link({ detectionIds: [2], memberId, similarity: 1 }),
      link({ detectionIds: [3], entityId }),
    ]);
    await refreshEntityCounts(trx, [entityId]);
  });
  expect(await stored()).toMatchObject([
    { entity_id: entityId, member_id: null, similarity: 0.9, is_uncertain: true },
    { entity_id: null, member_id: memberId, similarity: 1 },
    { entity_id: entityId },
  ]);
  const counted = await own.knex('entities').where({ id: entityId }).first();
  expect(counted).toMatchObject({ detection_count: 2, first_seen_at: AT, last_seen_at: AT, primary_detection_id: 3 });
  await own.knex.transaction(async (trx) => {
    await clearIdentityLinks(trx, 'm');
  });
  expect(await stored()).toMatchObject([{ entity_id: null, is_uncertain: false }, { member_id: null }, { entity_id: entityId }]);
  await own.knex.transaction(async (trx) => {
    await pinSightings(trx, entityId);
    await clearIdentityLinks(trx, 'other');
  });
  expect((await stored())[2]).toMatchObject({ entity_id: entityId, is_manual: true });
});

test('only entities that nobody was recognised as and no user said anything of are deleted', async () => {
  const { knex } = own;
  const add = async (parts: object): Promise<string> => {
    const { id } = await insertEntity(knex, entityFromDetection({ type: 'person', at: AT }));
    await knex('entities').where({ id }).update(parts);
    return id;
  };
  const kept = [
    await add({ trust_status: 'untrusted' }),
    await add({ entity_metadata: '{"name":"Postman"}' }),
    await add({ entity_type: 'vehicle' }),
  ];
  const gone = [await add({ trust_status: 'unknown' }), await add({ entity_metadata: '{"name":null,"sightings":3}' })];
  expect(await knex.transaction((trx) => deleteUnseenEntities(trx, ['person']))).toBe(gone.length);
  expect(
    await knex('entities')
      .whereIn('id', [...kept, ...gone])
      .pluck('id'),
  ).toEqual(expect.arrayContaining(kept));
  expect(await knex('entities').whereIn('id', gone)).toEqual([]);
});

test('what is found of an entity leaves its name and trust', async () => {
  const { id } = await insertEntity(
    own.knex,
    entityFromDetection({ type: 'person', at: AT, trust: 'trusted', metadata: { name: 'Postman' } }),
  );
  const embedding = { vector: [0, 1], model: 'm', dimension: 2 };
  const found = { id, entity_type: 'person', first_seen_at: AT, last_seen_at: AT, embedding, sightings: 4 } as const;
  await own.knex.transaction((trx) => saveFoundEntities(trx, [found]));
  expect(await own.knex('entities').where({ id }).first()).toMatchObject({
    trust_status: 'trusted',
    embedding_vector: embedding,
    entity_metadata: { name: 'Postman', sightings: 4 },
  });
});

test.each([
  [{ similarity: 1.5 }, 'ck_reid_embeddings_similarity'],
  [{ similarity: 'NaN' }, 'ck_reid_embeddings_similarity'],
  [{ member_id: 999 }, 'fk_reid_embeddings_member_id'],
])('a link with %j is refused by the database', async (columns, constraint) => {
  const update = own.knex('reid_embeddings').where({ detection_id: 1 }).update(columns);
  await expect(update).rejects.toMatchObject({ constraint });
});

test('a sighting is of a member or of an entity, and of nobody when the member is deleted', async () => {
  const { id: entityId } = await insertEntity(own.knex, entityFromDetection({ type: 'person', at: AT }));
  const of = own.knex('reid_embeddings').where({ detection_id: 1 });
  await expect(of.clone().update({ entity_id: entityId, member_id: memberId })).rejects.toMatchObject({
    constraint: 'ck_reid_embeddings_one_identity',
  });
  await of.clone().update({ entity_id: null, member_id: memberId });
  await own.knex('household_members').where({ id: memberId }).delete();
  expect(await of.first('member_id')).toEqual({ member_id: null });
});
