import type { Knex } from 'knex';

import type { SceneChangeType } from '../../domain/enums.ts';
import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import type { SceneChangeRow } from '../models/scene-changes.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of scene changes is narrowed to; the span is half-open and of footage time. */
export type SceneChangeFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  types?: readonly SceneChangeType[] | undefined;
  modes?: readonly SceneMode[] | undefined;
  /** Neither acknowledged nor over, or only the others. */
  open?: boolean | undefined;
  id?: number | undefined;
};

export type SceneChangeListRow = SceneChangeRow & { camera_timezone: string | null; property_timezone: string | null };

export const SCENE_CHANGE_SORT_COLUMNS = {
  id: 's.id',
  detected_at: 's.detected_at',
  camera_id: 's.camera_id',
  change_type: 's.change_type',
  similarity_score: 's.similarity_score',
} as const;

export type SceneChangeSortField = keyof typeof SCENE_CHANGE_SORT_COLUMNS;

const NEVER_MISSING = ['id', 'detected_at', 'camera_id', 'change_type', 'similarity_score'] as const;

type StreamOptions = { filter: SceneChangeFilter; sort: ListSort<SceneChangeSortField>; limit?: number | undefined };

export function streamSceneChanges(knex: Knex, { filter, sort, limit }: StreamOptions): AsyncIterable<SceneChangeListRow> {
  const query = knex('scene_changes as s')
    .join('cameras as c', 'c.id', 's.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select('s.*', { camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .modify(narrow, filter);
  orderList(query, { columns: SCENE_CHANGE_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 's.id', limit });
  return streamRows<SceneChangeListRow>(query);
}

function narrow(query: Knex.QueryBuilder, filter: SceneChangeFilter): void {
  if (filter.id !== undefined) void query.where('s.id', filter.id);
  if (filter.since) void query.where('s.detected_at', '>=', filter.since);
  if (filter.until) void query.where('s.detected_at', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('s.camera_id', [...filter.cameraIds]);
  if (filter.types) void query.whereIn('s.change_type', [...filter.types]);
  if (filter.modes) void query.whereIn('s.mode', [...filter.modes]);
  if (filter.open !== undefined) void query.whereRaw('(NOT s.acknowledged AND s.ended_at IS NULL) = ?', [filter.open]);
}
