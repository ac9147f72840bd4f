import type { Knex } from 'knex';

import type { ListSort } from '../../db/queries/list-order.ts';
import {
  SCENE_CHANGE_SORT_COLUMNS,
  streamSceneChanges,
  type SceneChangeFilter,
  type SceneChangeSortField,
} from '../../db/queries/scene-changes.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { toSceneChangeRecord, type SceneChangeRecord } from './scene-change-record.ts';

/** What `--sort` takes. */
export const SCENE_CHANGE_SORT_FIELDS = Object.keys(SCENE_CHANGE_SORT_COLUMNS) as SceneChangeSortField[];

export type ListSceneChangesOptions = {
  scope: ListScope;
  filter: Pick<SceneChangeFilter, 'types' | 'modes' | 'open'>;
  sort: ListSort<SceneChangeSortField>;
  limit: number;
  zones: ZoneSettings;
};

/** Changes of cameras' views, still to come; a wrong camera or time is told before the first of them. */
export async function listSceneChanges(knex: Knex, options: ListSceneChangesOptions): Promise<AsyncIterable<SceneChangeRecord>> {
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, options.zones)) };
  const rows = streamSceneChanges(knex, { filter, sort: options.sort, limit: options.limit });
  return mapRows(rows, (row) => toSceneChangeRecord(row, options.zones));
}
