import type { Knex } from 'knex';

import { decodeVector } from '../../domain/vector.ts';
import { streamRows } from './stream-rows.ts';

/** One crop with its vector, and the track it is of. */
type SightingCropRow = {
  track_id: number;
  camera_id: string;
  class_group: string;
  first_seen: Date;
  last_seen: Date;
  detection_id: number;
  embedding: Buffer;
  bbox_height: number;
  quality: number;
  confidence: number;
  entity_id: string | null;
  member_id: number | null;
  similarity: number | null;
  is_uncertain: boolean;
  is_manual: boolean;
};

export type SightingCrop = Pick<
  SightingCropRow,
  'detection_id' | 'bbox_height' | 'quality' | 'confidence' | 'entity_id' | 'member_id' | 'is_manual'
> & {
  vector: number[];
};

/** A track with its crops, and whom its sighting was taken for. */
export type StoredSighting = Pick<SightingCropRow, 'track_id' | 'camera_id' | 'class_group' | 'first_seen' | 'last_seen'> & {
  similarity: number | null;
  is_uncertain: boolean;
  crops: SightingCrop[];
};

export type SightingFilter = {
  modelId?: string;
  entityIds?: readonly string[];
  trackIds?: readonly number[];
  /** Only tracks with a crop that belongs to nobody yet. */
  isOpen?: boolean;
};

/** Sightings in the order of footage, each with all its crops. */
export async function* streamSightings(knex: Knex, filter: SightingFilter): AsyncIterable<StoredSighting> {
  let sighting: StoredSighting | undefined;
  for await (const row of streamRows<SightingCropRow>(selectCrops(knex, filter))) {
    if (sighting?.track_id !== row.track_id) {
      if (sighting) yield sighting;
      const { track_id, camera_id, class_group, first_seen, last_seen, similarity, is_uncertain } = row;
      sighting = { track_id, camera_id, class_group, first_seen, last_seen, similarity, is_uncertain, crops: [] };
    }
    const { detection_id, bbox_height, quality, confidence, entity_id, member_id, is_manual } = row;
    const vector = decodeVector(row.embedding);
    sighting.crops.push({ detection_id, bbox_height, quality, confidence, entity_id, member_id, is_manual, vector });
  }
  if (sighting) yield sighting;
}

function selectCrops(knex: Knex, filter: SightingFilter): Knex.QueryBuilder {
  const query = cropsOfTracks(knex)
    .select('t.id as track_id', 't.camera_id', 't.class_group', 't.first_seen', 't.last_seen')
    .select('r.detection_id', 'r.embedding', 'r.entity_id', 'r.member_id', 'r.similarity', 'r.is_uncertain', 'r.is_manual')
    .select('d.bbox_height', 'd.confidence', knex.raw('d.confidence * d.bbox_width * d.bbox_height AS quality'))
    .orderBy(['t.first_seen', 't.id', 'r.detection_id']);
  if (filter.modelId !== undefined) void query.where('r.model_id', filter.modelId);
  if (filter.trackIds) void query.whereIn('t.id', [...filter.trackIds]);
  if (filter.entityIds) void query.whereIn('r.entity_id', [...filter.entityIds]);
  if (filter.isOpen === true) {
    const open = cropsOfTracks(knex).whereNull('r.entity_id').whereNull('r.member_id').select('t.id');
    if (filter.modelId !== undefined) void open.where('r.model_id', filter.modelId);
    void query.whereIn('t.id', open);
  }
  return query;
}

function cropsOfTracks(knex: Knex): Knex.QueryBuilder {
  return knex('reid_embeddings as r')
    .join('detections as d', (on) => on.on('d.id', 'r.detection_id').andOn('d.detected_at', 'r.detected_at'))
    .join('tracks as t', 't.id', 'd.track_id');
}
