import type { Knex } from 'knex';

import type { ZoneAnchor, ZonePurpose, ZoneShape, ZoneType } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `zones`, as stored. */
export type ZoneRow = {
  id: string;
  camera_id: string;
  name: string;
  zone_type: ZoneType;
  /** Corners, each 0–1 of the picture; a rectangle lists its four in order. */
  coordinates: [x: number, y: number][];
  shape: ZoneShape;
  /** #RRGGBB. */
  color: string;
  enabled: boolean;
  /** Higher wins on overlap. */
  priority: number;
  purpose: ZonePurpose;
  /** Which part of a box has to be in the zone. */
  anchor: ZoneAnchor;
  /** Labels or class groups it holds for; null: all. */
  classes: string[] | null;
  created_at: Date;
  updated_at: Date;
};

/** The same table: there are no other zones. */
export type CameraZone = ZoneRow;

export type ZonePatch = Partial<Omit<ZoneRow, 'id' | 'camera_id' | 'created_at' | 'updated_at'>>;

export type NewZone = Pick<ZoneRow, 'camera_id' | 'name' | 'coordinates'> & ZonePatch & { id?: string };

/** The new zone, or undefined when its id is taken: nothing is changed then. */
export async function insertZone(knex: Knex, zone: NewZone): Promise<ZoneRow | undefined> {
  const [row] = await knex('zones')
    .insert({ id: uuidV7(), ...toColumns(zone) })
    .onConflict('id')
    .ignore()
    .returning<ZoneRow[]>('*');
  return row;
}

export async function findZone(knex: Knex, id: string): Promise<ZoneRow | undefined> {
  return knex<ZoneRow>('zones').where({ id }).first();
}

/** Locks the row until the transaction ends. */
export async function findZoneForUpdate(trx: Knex.Transaction, id: string): Promise<ZoneRow | undefined> {
  return trx<ZoneRow>('zones').where({ id }).forUpdate().first();
}

/** By camera; of one camera the one that wins on overlap comes first. */
export async function listZones(knex: Knex, filters: { cameraIds?: readonly string[]; enabled?: boolean } = {}): Promise<ZoneRow[]> {
  const query = knex<ZoneRow>('zones').select('*').orderBy('camera_id').orderBy('priority', 'desc').orderBy('id');
  if (filters.cameraIds !== undefined) void query.whereIn('camera_id', [...filters.cameraIds]);
  if (filters.enabled !== undefined) void query.where({ enabled: filters.enabled });
  return query;
}

/** The changed row, or undefined when there is no such zone. */
export async function updateZone(knex: Knex, id: string, patch: ZonePatch): Promise<ZoneRow | undefined> {
  if (Object.keys(patch).length === 0) return findZone(knex, id);
  const [row] = await knex('zones').where({ id }).update(toColumns(patch)).returning<ZoneRow[]>('*');
  return row;
}

/** Whether there was such a zone. */
export async function deleteZone(knex: Knex, id: string): Promise<boolean> {
  return (await knex('zones').where({ id }).delete()) > 0;
}

function toColumns(zone: ZonePatch): Record<string, unknown> {
  const { coordinates, classes, ...columns } = zone;
  return {
    ...columns,
    ...(coordinates === undefined ? {} : { coordinates: JSON.stringify(coordinates) }),
    ...(classes === undefined ? {} : { classes: classes === null ? null : JSON.stringify(classes) }),
  };
}
