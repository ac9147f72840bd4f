import type { Knex } from 'knex';

import type { EntityRow } from './entities.ts';

/** `message` says why not; null when ok. */
export type PrimaryDetectionCheck = { ok: boolean; message: string | null };

type Primary = Pick<EntityRow, 'primary_detection_id'>;

const OK: PrimaryDetectionCheck = { ok: true, message: null };

/**
 * Whether the best detection of an entity exists. There is no foreign key: an entity does not know the month, and it outlives
 * its detections. Looks into every month.
 */
export async function validatePrimaryDetection(knex: Knex, entity: Primary): Promise<PrimaryDetectionCheck> {
  const id = entity.primary_detection_id;
  return id === null || (await detectionExists(knex, id)) ? OK : noDetection(id);
}

/** Stores the best detection if it exists, else leaves the old one; null clears it. */
export async function setPrimaryDetectionValidated(
  knex: Knex,
  entity: Pick<EntityRow, 'id'>,
  detectionId: number | null,
): Promise<PrimaryDetectionCheck> {
  if (detectionId !== null && !(await detectionExists(knex, detectionId))) return noDetection(detectionId);
  const changed = await knex('entities').where({ id: entity.id }).update({ primary_detection_id: detectionId });
  return changed === 0 ? { ok: false, message: `there is no entity ${entity.id}` } : OK;
}

async function detectionExists(knex: Knex, id: number): Promise<boolean> {
  if (!Number.isSafeInteger(id)) return false;
  return (await knex('detections').where({ id }).first('id')) !== undefined;
}

function noDetection(id: number): PrimaryDetectionCheck {
  return { ok: false, message: `there is no detection ${id}` };
}
