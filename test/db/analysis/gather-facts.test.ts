import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { encodeVector } from '../../../src/domain/vector.ts';
import { gatherFacts } from '../../../src/services/facts/gather-facts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedRun } from '../answers/seed.ts';
import { seedEventOf, seedVisit, ZONE_FRAME, type SeededVisit } from './seed-visit.ts';

const SETTINGS = { cameras: {}, timezone: 'UTC' };
const NIGHT = '2026-01-14T02:00:00Z';

let db: TestDatabase;
let household: number;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  const [home] = await db.knex('households').insert({ name: 'Home' }).returning('id');
  household = home.id;
  const [property] = await db
    .knex('properties')
    .insert({ household_id: household, name: 'House', timezone: 'Europe/Berlin' })
    .returning('id');
  await seedCamera(db.knex, 'gate', { property_id: property.id, name: 'Gate' });
  await seedCamera(db.knex, 'yard', { property_id: property.id, name: 'Yard' });
  await seedCamera(db.knex, 'far', { timezone: 'Asia/Tokyo' });
});

afterEach(async () => {
  await db.knex.raw(
    `TRUNCATE media_files, detections, tracks, events, event_detections, reid_embeddings, threat_detections, action_results, zones,
              scene_changes, entities, household_members, registered_vehicles RESTART IDENTITY CASCADE`,
  );
});

afterAll(() => db.drop());

async function factsOf(id: number) {
  const [facts] = await gatherFacts(db.knex, [id], SETTINGS);
  return facts!;
}

/** Says of a visit who it is. */
async function link(visit: SeededVisit, who: { entity_id?: string; member_id?: number }, vector = [1, 0]): Promise<void> {
  const [first] = visit.members;
  await db.knex('reid_embeddings').insert({
    detection_id: first!.id,
    detected_at: first!.detected_at,
    embedding: Buffer.from(encodeVector(vector)),
    dimension: vector.length,
    model_id: 'm',
    ...who,
  });
}

test('an id that is no event has no facts, and no ids need no statement', async () => {
  expect(await gatherFacts(db.knex, [], SETTINGS)).toEqual([]);
  expect(await gatherFacts(db.knex, [424242], SETTINGS)).toEqual([]);
});

test('facts come in the order of the ids, with the zone of each camera', async () => {
  const first = await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0] })]);
  const second = await seedEventOf(db.knex, 'far', [await seedVisit(db.knex, { camera: 'far', at: NIGHT, seconds: [0] })]);
  const facts = await gatherFacts(db.knex, [second, 77, first], SETTINGS);
  expect(facts.map(({ event, camera }) => [event.id, camera.timezone])).toEqual([
    [second, 'Asia/Tokyo'],
    [first, 'Europe/Berlin'],
  ]);
});

test('a subject is a confirmed track, with its frames in the event and its time from the first sighting to the end of the event', async () => {
  const visit = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 10, 20, 200] });
  const dog = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [5, 6], label: 'dog', group: 'animal', confirmed: false });
  const id = await seedEventOf(db.knex, 'gate', [{ ...visit, members: visit.members.slice(1, 3) }, dog]);
  const { subjects, hasZones, baseline } = await factsOf(id);
  const startMs = Date.parse(NIGHT);
  expect(subjects).toMatchObject([
    { trackId: visit.trackId, label: 'person', firstSeenMs: startMs, lastSeenMs: startMs + 20_000, frameCount: 2, isStill: false },
  ]);
  expect(subjects[0]).toMatchObject({ identity: { kind: 'not_compared' }, cameWithVehicle: null, zones: [], bestScore: 0.9 });
  expect([hasZones, baseline]).toEqual([false, null]);
});

test('dwell runs on over the events of one track, up to the end of each (§7)', async () => {
  await db.knex('zones').insert({ id: 'z', camera_id: 'gate', name: 'Door', zone_type: 'entry_point', ...ZONE_FRAME });
  const visit = await seedVisit(db.knex, {
    camera: 'gate',
    at: NIGHT,
    seconds: Array.from({ length: 13 }, (_, n) => n * 10),
    boxOf: (second) => ({ bbox_x: second < 20 ? 500 : 100 }),
  });
  const early = await seedEventOf(db.knex, 'gate', [{ ...visit, members: visit.members.slice(0, 6) }]);
  const late = await seedEventOf(db.knex, 'gate', [{ ...visit, members: visit.members.slice(6) }]);
  const facts = await gatherFacts(db.knex, [early, late], SETTINGS);
  expect(facts.map(({ subjects }) => subjects[0]!.zones)).toMatchObject([
    [{ name: 'Door', type: 'entry_point', dwellMs: 30_000, entries: 1, suspect: false }],
    [{ name: 'Door', dwellMs: 100_000, entries: 1 }],
  ]);
});

test('zones are in doubt when the view has changed; a change near the event is a fact until somebody acknowledges it (§9.1)', async () => {
  await db.knex('zones').insert({ id: 'z', camera_id: 'gate', name: 'Door', zone_type: 'entry_point', ...ZONE_FRAME });
  const id = await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1] })]);
  const change = (seconds: number, more: object = {}) => ({
    camera_id: 'gate',
    detected_at: new Date(Date.parse(NIGHT) + seconds * 1000),
    change_type: 'view_tampered',
    similarity_score: 0.2,
    ...more,
  });
  await db.knex('scene_changes').insert([change(-120), change(121), change(122), change(5, { acknowledged: true })]);
  const facts = await factsOf(id);
  expect(facts.sceneChanges.map(({ detectedAtMs }) => detectedAtMs - Date.parse(NIGHT))).toEqual([-120_000, 121_000]);
  expect(facts.subjects[0]!.zones[0]!.suspect).toBe(true);
});

async function addMember(more: object): Promise<number> {
  const [member] = await db
    .knex('household_members')
    .insert({ household_id: household, name: 'Anna', role: 'resident', trusted_level: 'full', ...more })
    .returning('id');
  return member.id;
}

test.each([
  [{ daily: '03:00-04:00' }, 'inside'],
  [{ daily: '02:00-03:00' }, 'outside'],
  [null, 'none'],
  [{ nonsense: true }, 'none'],
])('a member with the schedule %j is %s at 03:00 local time (§10.1)', async (schedule, expected) => {
  const visit = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1] });
  await link(visit, { member_id: await addMember({ typical_schedule: schedule === null ? null : JSON.stringify(schedule) }) });
  const { subjects } = await factsOf(await seedEventOf(db.knex, 'gate', [visit]));
  expect(subjects[0]!.identity).toMatchObject({ kind: 'member', name: 'Anna', role: 'resident', trust: 'full', schedule: expected });
});

test('an entity is told with its trust, or with how often it was seen before on local days (§9.1 familiar)', async () => {
  const entity = uuidV7();
  await db.knex('entities').insert({ id: entity, entity_type: 'person', entity_metadata: JSON.stringify({ name: 'Postman' }) });
  for (const at of ['2026-01-10T12:00:00Z', '2026-01-10T22:30:00Z', '2026-01-10T23:30:00Z', '2026-01-20T12:00:00Z']) {
    await link(await seedVisit(db.knex, { camera: 'yard', at, seconds: [0, 1] }), { entity_id: entity });
  }
  const visit = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1] });
  await link(visit, { entity_id: entity });
  const id = await seedEventOf(db.knex, 'gate', [visit]);
  const identity = async () => (await factsOf(id)).subjects[0]!.identity;
  expect(await identity()).toEqual({ kind: 'unknown', entityId: entity, name: 'Postman', sightings: 3, days: 2 });
  await db.knex('entities').update({ trust_status: 'trusted' });
  expect(await identity()).toEqual({ kind: 'entity', entityId: entity, name: 'Postman', trust: 'trusted' });
});

test('a registered vehicle is known by its plate, and whoever appears beside it soon after came with it (§9.1 companion)', async () => {
  const vehicle = { household_id: household, description: 'Red Volvo', license_plate: 'AB123CD', vehicle_type: 'car' };
  await db.knex('registered_vehicles').insert({ ...vehicle, trusted: true });
  const plates = { enrichment_data: JSON.stringify({ license_plates: [{ text: 'ab-12 3cd' }] }) };
  const car = await seedVisit(db.knex, {
    camera: 'gate',
    at: NIGHT,
    seconds: [0, 1, 2],
    label: 'car',
    group: 'vehicle',
    more: { bbox_x: 100, bbox_y: 100, bbox_width: 200, bbox_height: 100, ...plates },
  });
  const person = (second: number, x: number) =>
    seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [second, second + 1], more: { bbox_x: x, bbox_width: 20 } });
  const [driver, passer, later] = [await person(60, 320), await person(30, 640 - 20), await person(61, 320)];
  const { subjects } = await factsOf(await seedEventOf(db.knex, 'gate', [car, driver, passer, later]));
  const of = (visit: SeededVisit) => subjects.find(({ trackId }) => trackId === visit.trackId)!;
  expect(of(car).identity).toEqual({ kind: 'vehicle', vehicleId: 1, description: 'Red Volvo', trusted: true });
  expect([driver, passer, later].map((visit) => of(visit).cameWithVehicle?.description)).toEqual(['Red Volvo', 'Red Volvo', undefined]);
  await db.knex('registered_vehicles').update({ trusted: false });
  const again = await factsOf(1);
  expect(again.subjects.every(({ cameWithVehicle }) => cameWithVehicle === null)).toBe(true);
});

test('a vehicle is known by its look, too', async () => {
  const look = { reid_embedding: Buffer.from(encodeVector([1, 0])), reid_model_id: 'm' };
  await db.knex('registered_vehicles').insert({ household_id: household, description: 'Van', vehicle_type: 'van', ...look });
  const like = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1], label: 'car', group: 'vehicle' });
  const unlike = await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1], label: 'truck', group: 'vehicle' });
  await link(like, {}, [0.99, 0.1]);
  await link(unlike, {}, [0, 1]);
  const { subjects } = await factsOf(await seedEventOf(db.knex, 'gate', [like, unlike]));
  expect(subjects.map(({ label, identity }) => [label, identity.kind])).toEqual([
    ['car', 'vehicle'],
    ['truck', 'not_compared'],
  ]);
});

test('other cameras of the property tell of whom they saw within 300 s, once each; cameras elsewhere do not (§9.1 cameras)', async () => {
  const entity = uuidV7();
  await db.knex('entities').insert({ id: entity, entity_type: 'person' });
  const at = (seconds: number) => new Date(Date.parse(NIGHT) + seconds * 1000).toISOString();
  for (const seconds of [-310, -300, 0, 301, 302]) {
    const visit = await seedVisit(db.knex, { camera: 'yard', at: at(seconds), seconds: [0] });
    if (seconds === 301) await link(visit, { entity_id: entity });
  }
  await seedVisit(db.knex, { camera: 'far', at: NIGHT, seconds: [0] });
  const trusted = await seedVisit(db.knex, { camera: 'yard', at: NIGHT, seconds: [1] });
  await link(trusted, { member_id: await addMember({}) });
  const id = await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0, 1] })]);
  const { otherCameras } = await factsOf(id);
  const sighting = { cameraId: 'yard', cameraName: 'Yard', label: 'person', entityId: null, isTrusted: false };
  expect(otherCameras).toEqual({
    hasCoverage: true,
    sightings: [
      { ...sighting, atMs: Date.parse(at(-300)) },
      { ...sighting, atMs: Date.parse(at(1)), isTrusted: true },
      { ...sighting, atMs: Date.parse(at(301)), entityId: entity },
    ],
  });
});

test('coverage elsewhere is footage that was read within 300 s, also of a camera that saw nothing (§10.8)', async () => {
  const id = await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0] })]);
  const isCovered = async () => (await factsOf(id)).otherCameras.hasCoverage;
  expect(await isCovered()).toBe(false);
  const visit = await seedVisit(db.knex, { camera: 'yard', at: '2026-01-14T01:00:00Z', seconds: [0, 3000] });
  await db.knex('tracks').where({ id: visit.trackId }).delete();
  expect(await isCovered(), 'ended ten minutes before').toBe(false);
  await db.knex('media_files').where({ camera_id: 'yard' }).update({ ended_at: '2026-01-14T01:55:00Z' });
  expect(await isCovered()).toBe(true);
});

test('threats, actions, picture quality and damaged files belong to the events they were found in', async () => {
  const visit = await seedVisit(db.knex, {
    camera: 'gate',
    at: NIGHT,
    seconds: [0, 1, 2],
    boxOf: (second) => ({
      enrichment_data: JSON.stringify({
        image_quality: { sharpness: [0.2, 0.4, 0.9][second], exposure: 'dark', noise: second === 0 ? 7 : null },
      }),
    }),
  });
  const key = { detection_id: visit.members[1]!.id, detected_at: visit.members[1]!.detected_at };
  await db.knex('threat_detections').insert({ ...key, threat_type: 'knife', confidence: 0.8, severity: 'high' });
  await db.knex('action_results').insert({ ...key, action: 'running', confidence: 0.7, is_suspicious: true });
  await db.knex('media_files').update({ status: 'partial', readable_fraction: 0.5, failure_code: 'truncated' });
  const plain = await seedVisit(db.knex, { camera: 'far', at: NIGHT, seconds: [0] });
  const other = await seedEventOf(db.knex, 'far', [plain]);
  const { threats, actions, pictureQuality, damagedFiles } = await factsOf(await seedEventOf(db.knex, 'gate', [visit]));
  expect(threats).toEqual([{ type: 'knife', confidence: 0.8, trackId: visit.trackId }]);
  expect(actions).toEqual([{ action: 'running', confidence: 0.7, isSuspicious: true, trackId: visit.trackId }]);
  expect(pictureQuality).toEqual({ sharpness: 0.4, exposure: null, noise: null });
  expect(damagedFiles).toMatchObject([{ fraction: 0.5, code: 'truncated' }]);
  expect(await factsOf(other)).toMatchObject({ threats: [], actions: [], pictureQuality: null, damagedFiles: [] });
});

test('the baseline gives the numbers of what is the most unusual', async () => {
  const basis = { samples: 14, activity: { score: 0.6, k: 3, a: 2, b: 4 }, classes: { person: { score: 0.97, k: 1, a: 0.5, b: 5 } } };
  const id = await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at: NIGHT, seconds: [0] })], {
    anomaly: 0.97,
    anomaly_basis: JSON.stringify(basis),
  });
  expect((await factsOf(id)).baseline).toEqual({ anomaly: 0.97, samples: 14, expectedPerHour: 0.1, seen: 1, label: 'person' });
});

test('several hundred events take as many statements as one', async () => {
  const ids: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const at = new Date(Date.parse(NIGHT) + n * 600_000).toISOString();
    ids.push(await seedEventOf(db.knex, 'gate', [await seedVisit(db.knex, { camera: 'gate', at, seconds: [0] })]));
  }
  let statements = 0;
  const count = (): void => void (statements += 1);
  db.knex.on('query', count);
  try {
    await gatherFacts(db.knex, ids.slice(0, 1), SETTINGS);
    const forOne = statements;
    expect(await gatherFacts(db.knex, ids, SETTINGS)).toHaveLength(40);
    expect(statements - forOne).toBe(forOne);
  } finally {
    db.knex.removeListener('query', count);
  }
});
