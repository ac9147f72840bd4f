import type { EntityListRow } from '../../db/queries/entities.ts';
import { getEmbeddingModel } from '../../domain/entity.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { entityNameOf } from './entity-name.ts';

/** Columns of an entity in their order; new ones are only ever added at the end. */
export const ENTITY_COLUMNS = [
  'id',
  'entity_type',
  'trust_status',
  'name',
  'detection_count',
  'first_seen_at',
  'last_seen_at',
  'cameras',
  'sightings',
  'uncertain',
  'model',
  'primary_detection_id',
  'first_seen_at_local',
  'last_seen_at_local',
] as const;

export const ENTITY_LIST_COLUMNS = ENTITY_COLUMNS.slice(0, 8);

export type EntityRecord = Readonly<Record<(typeof ENTITY_COLUMNS)[number], ExportValue>>;

/** `zoneOf`: the zone all these cameras live in. */
export function toEntityRecord(row: EntityListRow, zoneOf: (cameraIds: readonly string[]) => string): EntityRecord {
  const zone = zoneOf(row.cameras);
  return {
    id: row.id,
    entity_type: row.entity_type,
    trust_status: row.trust_status,
    name: entityNameOf(row),
    detection_count: row.detection_count,
    first_seen_at: row.first_seen_at,
    last_seen_at: row.last_seen_at,
    cameras: row.cameras,
    sightings: row.sightings,
    uncertain: row.uncertain,
    model: getEmbeddingModel(row),
    primary_detection_id: row.primary_detection_id,
    first_seen_at_local: formatLocal(row.first_seen_at.getTime(), zone),
    last_seen_at_local: formatLocal(row.last_seen_at.getTime(), zone),
  };
}
