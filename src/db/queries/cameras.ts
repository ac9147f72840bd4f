import type { Knex } from 'knex';
import type { CameraStatus } from '../../domain/enums.ts';
import { orderList, type ListSort } from './list-order.ts';

export type CameraSummaryRow = {
  id: string;
  name: string;
  folder_path: string;
  folders: string[] | null;
  status: CameraStatus;
  property_id: number | null;
  property_name: string | null;
  timezone: string | null;
  property_timezone: string | null;
  enabled: boolean;
  recording: string | null;
  clock_offset_s: number;
  moving: boolean;
  last_seen_at: Date | null;
  created_at: Date;
  files: number;
  failed_files: number;
  events: number;
};

export const CAMERA_SORT_COLUMNS = {
  id: 'c.id',
  name: 'c.name',
  files: 'files',
  failed_files: 'failed_files',
  events: 'events',
  last_seen_at: 'c.last_seen_at',
  created_at: 'c.created_at',
} as const;

export type CameraSortField = keyof typeof CAMERA_SORT_COLUMNS;

type CameraListOptions = { ids?: readonly string[]; sort?: ListSort<CameraSortField> };

/** By id unless sorted otherwise. */
export async function listCameraSummaries(knex: Knex, options: CameraListOptions = {}): Promise<CameraSummaryRow[]> {
  const { ids, sort = { field: 'id', descending: false } } = options;
  const rows: unknown = await knex('cameras as c')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .modify((query) => {
      if (ids) void query.whereIn('c.id', [...ids]);
      orderList(query, { columns: CAMERA_SORT_COLUMNS, sort, tieBreaker: 'c.id' });
    })
    .select('c.id', 'c.name', 'c.folder_path', 'c.folders', 'c.status', 'c.property_id', 'c.timezone')
    .select('c.enabled', 'c.recording', 'c.clock_offset_s', 'c.moving', 'c.last_seen_at', 'c.created_at')
    .select({ property_name: 'p.name', property_timezone: 'p.timezone' })
    .select({
      files: knex('media_files as f').whereRaw('f.camera_id = c.id').count('*'),
      failed_files: knex('media_files as f').whereRaw('f.camera_id = c.id').whereIn('f.status', ['failed', 'partial']).count('*'),
      events: knex('events as e').whereRaw('e.camera_id = c.id').count('*'),
    });
  return rows as CameraSummaryRow[];
}

export type CameraNameRow = { id: string; name: string; timezone: string | null; property_timezone: string | null };

/** Just what `--camera` patterns and times without an offset are read with. */
export async function listCameraNames(knex: Knex): Promise<CameraNameRow[]> {
  return knex('cameras as c')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select<CameraNameRow[]>('c.id', 'c.name', 'c.timezone', { property_timezone: 'p.timezone' })
    .orderBy('c.id');
}

/** End of the newest footage of these cameras (of all cameras when none are named); undefined without footage. */
export async function findNewestFootage(knex: Knex, cameraIds?: readonly string[]): Promise<Date | undefined> {
  const row = await knex('media_files')
    .modify((query) => {
      if (cameraIds) void query.whereIn('camera_id', [...cameraIds]);
    })
    .select({ newest: knex.raw('max(coalesce(ended_at, captured_at))') })
    .first<{ newest: Date | null } | undefined>();
  return row?.newest ?? undefined;
}

export type CameraFootage = { media_type: string; files: number; first_at: Date | null; last_at: Date | null; duration_ms: number };

/** Footage of one camera by kind of media; durations summed in ms. */
export async function findCameraFootage(knex: Knex, cameraId: string): Promise<CameraFootage[]> {
  const rows: unknown = await knex('media_files')
    .where('camera_id', cameraId)
    .groupBy('media_type')
    .select({
      media_type: 'media_type',
      files: knex.raw('count(*)'),
      first_at: knex.raw('min(captured_at)'),
      last_at: knex.raw('max(coalesce(ended_at, captured_at))'),
      duration_ms: knex.raw('coalesce(sum(duration_ms), 0)'),
    })
    .orderBy('media_type');
  return rows as CameraFootage[];
}
