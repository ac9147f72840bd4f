import { createHash } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readDatabaseClock } from '../../../src/db/database-clock.ts';
import { createApiKey, findApiKey, revokeApiKey, touchApiKey } from '../../../src/db/models/api-keys.ts';
import { insertGpuStats, listGpuStats } from '../../../src/db/models/gpu-stats.ts';
import {
  deleteHouseholdMember,
  insertHouseholdMember,
  listHouseholdMembers,
  updateHouseholdMember,
} from '../../../src/db/models/household-members.ts';
import { insertPersonEmbedding, listMemberVectors } from '../../../src/db/models/person-embeddings.ts';
import { listPrometheusAlerts, upsertPrometheusAlert } from '../../../src/db/models/prometheus-alerts.ts';
import * as vehicles from '../../../src/db/models/registered-vehicles.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { isUsable } from '../../../src/domain/api-key.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(async () => {
  await own.drop();
});

async function household(name: string): Promise<number> {
  const [row] = await own.knex('households').insert({ name }).returning<{ id: number }[]>('id');
  return row!.id;
}

const RESIDENT = { role: 'resident', trusted_level: 'full' } as const;

test('members are listed by name within their household', async () => {
  const { knex } = own;
  const [home, cabin] = [await household('Home'), await household('Cabin')];
  expect(await listHouseholdMembers(knex, home)).toEqual([]);
  const zoe = await insertHouseholdMember(knex, { household_id: home, name: 'Zoe', ...RESIDENT });
  const adam = await insertHouseholdMember(knex, {
    household_id: home,
    name: 'Adam',
    role: 'service_worker',
    trusted_level: 'monitor',
    typical_schedule: { monday: '08:00-10:00' },
    notes: 'gardener',
  });
  await insertHouseholdMember(knex, { household_id: cabin, name: 'Eve', ...RESIDENT });
  expect(await listHouseholdMembers(knex, home)).toEqual([adam, zoe]);
  expect(adam.typical_schedule).toEqual({ monday: '08:00-10:00' });
});

test('a change of a member moves updated_at, and a change of nothing does not', async () => {
  const { knex } = own;
  const member = await insertHouseholdMember(knex, { household_id: await household('A'), name: 'Ann', ...RESIDENT });
  expect(await updateHouseholdMember(knex, member.id, {})).toEqual(member);
  expect(await updateHouseholdMember(knex, member.id, { name: 'Ann' })).toEqual(member);
  await knex('household_members')
    .where({ id: member.id })
    .update({ updated_at: new Date(0) }); // the trigger has the last word
  const changed = await updateHouseholdMember(knex, member.id, { typical_schedule: { daily: 'all_day' }, trusted_level: 'partial' });
  expect(changed).toMatchObject({ typical_schedule: { daily: 'all_day' }, trusted_level: 'partial', name: 'Ann' });
  expect(changed!.updated_at.getTime()).toBeGreaterThanOrEqual(member.created_at.getTime());
  expect((await updateHouseholdMember(knex, member.id, { typical_schedule: null }))?.typical_schedule).toBeNull();
  expect(await updateHouseholdMember(knex, 0, { name: 'nobody' })).toBeUndefined();
});

test.each([
  [{ role: 'burglar' }, 'ck_household_members_role'],
  [{ trusted_level: 'none' }, 'ck_household_members_trusted_level'],
  [{ typical_schedule: '[]' }, 'ck_household_members_schedule'],
])('a member with %j is refused by the database', async (columns, constraint) => {
  const row = { household_id: await household('B'), name: 'Bo', ...RESIDENT, ...columns };
  await expect(own.knex('household_members').insert(row)).rejects.toMatchObject({ constraint });
});

test('the gallery of a household holds the vectors of one model, number by number', async () => {
  const { knex } = own;
  const [home, other] = [await household('C'), await household('D')];
  const cem = await insertHouseholdMember(knex, { household_id: home, name: 'Cem', ...RESIDENT });
  const dan = await insertHouseholdMember(knex, { household_id: other, name: 'Dan', ...RESIDENT });
  const first = await insertPersonEmbedding(knex, { member_id: cem.id, vector: [0.5, -1, 0.1], model_id: 'reid-a', confidence: 0.9 });
  const second = await insertPersonEmbedding(knex, { member_id: cem.id, vector: [1], model_id: 'reid-a' });
  await insertPersonEmbedding(knex, { member_id: cem.id, vector: [2], model_id: 'reid-b' });
  await insertPersonEmbedding(knex, { member_id: dan.id, vector: [3], model_id: 'reid-a' });
  expect(await listMemberVectors(knex, { householdId: home, modelId: 'reid-a' })).toEqual([
    { id: first, member_id: cem.id, confidence: 0.9, vector: [0.5, -1, Math.fround(0.1)] },
    { id: second, member_id: cem.id, confidence: 1, vector: [1] },
  ]);
  expect(await listMemberVectors(knex, { householdId: home, modelId: 'reid-c' })).toEqual([]);
});

test('a vector whose bytes do not fit its dimension is refused by the database', async () => {
  const member = await insertHouseholdMember(own.knex, { household_id: await household('E'), name: 'Eli', ...RESIDENT });
  const row = { member_id: member.id, embedding: Buffer.alloc(8), dimension: 3, model_id: 'm' };
  await expect(own.knex('person_embeddings').insert(row)).rejects.toMatchObject({ constraint: 'ck_person_embeddings_embedding' });
  await expect(own.knex('person_embeddings').insert({ ...row, dimension: 2, confidence: 'NaN' })).rejects.toMatchObject({
    constraint: 'ck_person_embeddings_confidence_range',
  });
});

test('a vehicle is found however its plate is written', async () => {
  const { knex } = own;
  const home = await household('F');
  const car = await vehicles.insertRegisteredVehicle(knex, {
    household_id: home,
    description: 'red car',
    license_plate: 'ab-12 3cd',
    vehicle_type: 'car',
  });
  const van = await vehicles.insertRegisteredVehicle(knex, {
    household_id: home,
    description: 'van',
    license_plate: 'AB123CD',
    vehicle_type: 'van',
    trusted: false,
  });
  await vehicles.insertRegisteredVehicle(knex, {
    household_id: home,
    description: 'bike',
    license_plate: ' - ',
    vehicle_type: 'motorcycle',
  });
  expect(car).toMatchObject({ license_plate: 'AB123CD', trusted: true, reid_embedding: null });
  expect(await vehicles.findVehiclesByPlate(knex, 'Ab 123-cD')).toEqual([car, van]);
  expect(await vehicles.findVehiclesByPlate(knex, '')).toEqual([]);
  const listed = await vehicles.listRegisteredVehicles(knex, home);
  expect(listed.map((row) => [row.description, row.license_plate])).toEqual([
    ['bike', null],
    ['red car', 'AB123CD'],
    ['van', 'AB123CD'],
  ]);
});

test('a vector of a vehicle goes with the model that made it', async () => {
  const { knex } = own;
  const car = await vehicles.insertRegisteredVehicle(knex, {
    household_id: await household('G'),
    description: 'car',
    vehicle_type: 'car',
    reid: { vector: [1, 0.5], modelId: 'reid-v' },
  });
  expect([car.reid_model_id, car.reid_embedding?.toString('hex')]).toEqual(['reid-v', '0000803f0000003f']);
  expect(await vehicles.updateRegisteredVehicle(knex, car.id, { license_plate: 'x 1' })).toEqual({ ...car, license_plate: 'X1' });
  const cleared = await vehicles.updateRegisteredVehicle(knex, car.id, { reid: null, license_plate: null });
  expect(cleared).toEqual({ ...car, reid_embedding: null, reid_model_id: null });
  expect(await vehicles.updateRegisteredVehicle(knex, car.id, {})).toEqual(cleared);
  expect(await vehicles.updateRegisteredVehicle(knex, 0, { color: 'red' })).toBeUndefined();
  await expect(knex('registered_vehicles').where({ id: car.id }).update({ reid_model_id: 'alone' })).rejects.toMatchObject({
    constraint: 'ck_registered_vehicles_embedding',
  });
  expect(await vehicles.deleteRegisteredVehicle(knex, car.id)).toBe(true);
  expect(await vehicles.deleteRegisteredVehicle(knex, car.id)).toBe(false);
});

test('deleting a member takes the vectors along and leaves the vehicles without an owner (schema §7)', async () => {
  const { knex } = own;
  const home = await household('H');
  const member = await insertHouseholdMember(knex, { household_id: home, name: 'Hal', ...RESIDENT });
  await insertPersonEmbedding(knex, { member_id: member.id, vector: [1], model_id: 'reid-h' });
  const car = await vehicles.insertRegisteredVehicle(knex, {
    household_id: home,
    description: 'car',
    vehicle_type: 'car',
    owner_id: member.id,
  });
  expect(await deleteHouseholdMember(knex, member.id)).toBe(true);
  expect(await deleteHouseholdMember(knex, member.id)).toBe(false);
  expect(await knex('person_embeddings').where({ model_id: 'reid-h' })).toEqual([]);
  expect(await vehicles.listRegisteredVehicles(knex, home)).toEqual([{ ...car, owner_id: null }]);
});

test('GPU samples come back by time and device, the end of the range left out', async () => {
  const { knex } = own;
  await insertGpuStats(knex, []);
  const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const runId = uuidV7(); // of no run
  await insertGpuStats(knex, [
    { recorded_at: at(5), device_index: 1, gpu_name: 'B', run_id: runId },
    {
      recorded_at: at(5),
      device_index: 0,
      gpu_name: 'A',
      gpu_utilization: 99.5,
      memory_used: 10,
      memory_total: 80000,
      inference_fps: 12.5,
    },
    { recorded_at: at(0), gpu_name: 'A' },
    { recorded_at: at(10), gpu_name: 'A' },
  ]);
  const rows = await listGpuStats(knex, { from: at(0), until: at(10) });
  expect(rows.map((row) => [row.recorded_at, row.device_index, row.gpu_name])).toEqual([
    [at(0), 0, 'A'],
    [at(5), 0, 'A'],
    [at(5), 1, 'B'],
  ]);
  expect(rows[1]).toMatchObject({ gpu_utilization: 99.5, memory_total: 80000, temperature: null, inference_fps: 12.5 });
  expect(await listGpuStats(knex, { from: at(0), until: at(10), deviceIndex: 1 })).toMatchObject([{ gpu_name: 'B', run_id: runId }]);
  expect(await listGpuStats(knex, { from: at(10), until: at(0) })).toEqual([]);
});

test.each([
  [{ gpu_utilization: 100.1 }, 'ck_gpu_stats_utilization'],
  [{ gpu_utilization: NaN }, 'ck_gpu_stats_utilization'],
  [{ memory_used: -1 }, 'ck_gpu_stats_memory'],
  [{ device_index: -1 }, 'ck_gpu_stats_device_index'],
])('a GPU sample with %o is refused by the database', async (sample, constraint) => {
  await expect(insertGpuStats(own.knex, [sample])).rejects.toMatchObject({ constraint });
});

test('an alert that fires, repeats and is resolved is one row; a late firing does not open it again', async () => {
  const { knex } = own;
  const startsAt = new Date('2026-02-01T00:00:00Z');
  const endsAt = new Date('2026-02-01T01:00:00Z');
  const firing = {
    fingerprint: 'f1',
    status: 'firing',
    labels: { alertname: 'DiskFull', '?': 'x' },
    annotations: { summary: 'first' },
    starts_at: startsAt,
    ends_at: null,
  } as const;
  await upsertPrometheusAlert(knex, firing);
  const [first] = await listPrometheusAlerts(knex);
  await upsertPrometheusAlert(knex, { ...firing, annotations: { summary: 'second' } });
  expect(await listPrometheusAlerts(knex)).toEqual([{ ...first, annotations: { summary: 'second' } }]);
  await upsertPrometheusAlert(knex, { ...firing, status: 'resolved', ends_at: endsAt });
  await upsertPrometheusAlert(knex, firing);
  expect(await listPrometheusAlerts(knex)).toEqual([{ ...first, status: 'resolved', ends_at: endsAt }]);
  await upsertPrometheusAlert(knex, { ...firing, starts_at: endsAt });
  expect((await listPrometheusAlerts(knex)).map((row) => row.status)).toEqual(['firing', 'resolved']);
  expect(await listPrometheusAlerts(knex, { status: 'resolved', limit: 5 })).toHaveLength(1);
  expect(await listPrometheusAlerts(knex, { limit: 1 })).toMatchObject([{ starts_at: endsAt }]);
});

test('a key is found by itself and by nothing that is stored', async () => {
  const { knex } = own;
  const { row, key } = await createApiKey(knex, { name: 'viewer' });
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(row).toMatchObject({ name: 'viewer', prefix: key.slice(0, 8), scopes: ['read'], last_used_at: null, expires_at: null });
  expect(row.key_hash).toBe(createHash('sha256').update(key).digest('hex'));
  expect(JSON.stringify(await knex('api_keys'))).not.toContain(key);
  expect(await findApiKey(knex, key)).toEqual(row);
  for (const wrong of ['', row.key_hash, row.prefix, `${key} `]) expect(await findApiKey(knex, wrong)).toBeUndefined();
});

test('using a key notes when, and revoking it works once', async () => {
  const { knex } = own;
  const { row, key } = await createApiKey(knex, { name: 'writer', scopes: ['read', 'write'], expires_at: new Date('2099-01-01') });
  await touchApiKey(knex, row.id);
  const used = (await findApiKey(knex, key))!;
  expect(used.last_used_at!.getTime()).toBeGreaterThanOrEqual(row.created_at.getTime());
  const now = await readDatabaseClock(knex);
  expect(isUsable(used, now)).toBe(true);
  expect(await revokeApiKey(knex, row.id)).toBe(true);
  expect(await revokeApiKey(knex, row.id)).toBe(false);
  expect(await revokeApiKey(knex, uuidV7())).toBe(false);
  expect(isUsable((await findApiKey(knex, key))!, now)).toBe(false);
});

test('a key without scopes or with a past end is refused by the database', async () => {
  await expect(createApiKey(own.knex, { name: 'x', scopes: [] })).rejects.toMatchObject({ constraint: 'ck_api_keys_scopes' });
  await expect(createApiKey(own.knex, { name: 'x', expires_at: new Date(0) })).rejects.toMatchObject({ constraint: 'ck_api_keys_expiry' });
});
