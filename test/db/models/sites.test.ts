import { afterAll, beforeAll, expect, test } from 'vitest';

import { deleteArea, findAreaForUpdate, findAreaOfProperty, insertArea, updateArea } from '../../../src/db/models/areas.ts';
import { assignCameras, unassignCameras } from '../../../src/db/models/camera-areas.ts';
import { findCamera } from '../../../src/db/models/cameras.ts';
import { firstHousehold, insertHousehold, listHouseholds } from '../../../src/db/models/households.ts';
import {
  deleteProperty,
  findPropertyForUpdate,
  insertProperty,
  listProperties,
  updateProperty,
} from '../../../src/db/models/properties.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera } from '../answers/seed.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  for (const id of ['a', 'b', 'c']) await seedCamera(own.knex, id);
});

afterAll(() => own.drop());

test('the first household is made once, as Home, and is the oldest from then on', async () => {
  const { knex } = own;
  expect(await listHouseholds(knex)).toEqual([]);
  const [one, two] = await Promise.all([knex.transaction(firstHousehold), knex.transaction(firstHousehold)]);
  expect(one).toEqual(two);
  await insertHousehold(knex, 'Neighbours');
  expect((await listHouseholds(knex)).map(({ name }) => name)).toEqual(['Home', 'Neighbours']);
  expect(await knex.transaction(firstHousehold)).toEqual(one);
});

test('a property goes to the household it names and can be changed and locked', async () => {
  const { knex } = own;
  const [, neighbours] = await listHouseholds(knex);
  const property = await insertProperty(knex, { name: 'Cabin', household_id: neighbours!.id, timezone: 'Europe/Oslo' });
  expect(property).toMatchObject({ household_id: neighbours!.id, address: null });
  await updateProperty(knex, property.id, { address: 'Lake 1' });
  expect(await knex.transaction((trx) => findPropertyForUpdate(trx, property.id))).toEqual({ ...property, address: 'Lake 1' });
  expect(await knex.transaction((trx) => findPropertyForUpdate(trx, -1))).toBeUndefined();
  await insertProperty(knex, { name: 'Attic' });
  expect((await listProperties(knex)).map(({ name }) => name)).toEqual(['Attic', 'Cabin']);
});

test('an area has the documented colour until it gets one; other than #RRGGBB is refused by the database', async () => {
  const { knex } = own;
  const [attic, cabin] = await listProperties(knex);
  const area = await insertArea(knex, { property_id: cabin!.id, name: 'Shed' });
  expect(area).toMatchObject({ color: '#76B900', description: null });
  await updateArea(knex, area.id, { color: '#00ff00', description: 'left of the door' });
  expect(await findAreaOfProperty(knex, cabin!.id, 'Shed')).toMatchObject({ color: '#00ff00', description: 'left of the door' });
  expect(await findAreaOfProperty(knex, attic!.id, 'Shed')).toBeUndefined();
  expect(await knex.transaction((trx) => findAreaForUpdate(trx, area.id))).toMatchObject({ name: 'Shed' });
  for (const color of ['', 'green', '#0f0', '#00ff0g', '#00ff001']) {
    await expect(updateArea(knex, area.id, { color })).rejects.toMatchObject({ code: expect.stringMatching(/^(23514|22001)$/) });
  }
});

test('cameras come into an area and go out of it once each', async () => {
  const { knex } = own;
  const area = await insertArea(knex, { property_id: (await listProperties(knex))[0]!.id, name: 'Yard' });
  expect(await assignCameras(knex, area.id, [])).toEqual([]);
  expect(await assignCameras(knex, area.id, ['b', 'a'])).toEqual(['a', 'b']);
  expect(await assignCameras(knex, area.id, ['a', 'c'])).toEqual(['c']);
  expect(await unassignCameras(knex, area.id, ['a', 'nobody'])).toEqual(['a']);
  expect(await unassignCameras(knex, area.id, ['a'])).toEqual([]);
  await expect(assignCameras(knex, area.id, ['nobody'])).rejects.toMatchObject({ constraint: 'fk_camera_areas_camera_id' });
});

test('deleting a property takes its areas and leaves its cameras; deleting an area leaves them too (schema §7)', async () => {
  const { knex } = own;
  const property = await insertProperty(knex, { name: 'Doomed' });
  const area = await insertArea(knex, { property_id: property.id, name: 'Part' });
  const other = await insertArea(knex, { property_id: property.id, name: 'Other part' });
  await knex('cameras').where({ id: 'a' }).update({ property_id: property.id });
  await assignCameras(knex, area.id, ['a']);
  await assignCameras(knex, other.id, ['a']);
  expect(await deleteArea(knex, other.id)).toBe(true);
  expect(await deleteArea(knex, other.id)).toBe(false);
  expect(await deleteProperty(knex, property.id)).toBe(true);
  expect(await deleteProperty(knex, property.id)).toBe(false);
  expect(await knex('areas').where({ property_id: property.id })).toEqual([]);
  expect(await knex('camera_areas').where({ camera_id: 'a' })).toEqual([]);
  expect(await findCamera(knex, 'a')).toMatchObject({ property_id: null });
});

test('a deleted camera leaves its areas behind', async () => {
  const { knex } = own;
  const area = await findAreaOfProperty(knex, (await listProperties(knex))[0]!.id, 'Yard');
  await assignCameras(knex, area!.id, ['c']);
  await knex('cameras').where({ id: 'c' }).delete();
  expect(await knex('camera_areas').where({ area_id: area!.id }).pluck('camera_id')).toEqual(['b']);
});
