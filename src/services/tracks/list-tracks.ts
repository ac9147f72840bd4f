import type { Knex } from 'knex';
import type { ListSort } from '../../db/queries/list-order.ts';
import { TRACK_SORT_COLUMNS, streamTracks, type TrackFilter, type TrackListRow, type TrackSortField } from '../../db/queries/tracks.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { spanSeconds } from '../lists/text-list.ts';
import { matchZones } from '../zones/match-zones.ts';

/** Columns of `hs tracks list` in their order; new ones are only ever added at the end. */
export const TRACK_COLUMNS = [
  'id',
  'first_seen_at',
  'last_seen_at',
  'camera_id',
  'object_type',
  'duration_s',
  'detections',
  'max_confidence',
  'confirmed',
  'end_reason',
  'timezone',
  'first_seen_at_local',
  'last_seen_at_local',
] as const;

export const TRACK_LIST_COLUMNS = TRACK_COLUMNS.filter((column) => column !== 'timezone' && !column.endsWith('_local'));

/** What `--sort` takes. */
export const TRACK_SORT_FIELDS = Object.keys(TRACK_SORT_COLUMNS) as TrackSortField[];

export type TrackRecord = Readonly<Record<(typeof TRACK_COLUMNS)[number], ExportValue>>;

export type ListTracksOptions = {
  scope: ListScope;
  filter: Pick<TrackFilter, 'types' | 'minDurationMs'>;
  /** Names or ids of zones they were in, `*` and `?` allowed. */
  inZones?: readonly string[] | undefined;
  sort: ListSort<TrackSortField>;
  limit: number;
  zones: ZoneSettings;
};

/** Objects followed over the frames of a camera, still to come; a wrong camera or time is told before the first of them. */
export async function listTracks(knex: Knex, options: ListTracksOptions): Promise<AsyncIterable<TrackRecord>> {
  const scope = await resolveScope(knex, options.scope, options.zones);
  const inZones = await matchZones(knex, { patterns: options.inZones, cameraIds: scope.cameraIds });
  const filter = { ...options.filter, ...scope, zones: inZones };
  return mapRows(streamTracks(knex, { filter, sort: options.sort, limit: options.limit }), (row) => toTrackRecord(row, options.zones));
}

function toTrackRecord(row: TrackListRow, settings: ZoneSettings): TrackRecord {
  const timezone = cameraZone(row, settings);
  return {
    id: row.id,
    first_seen_at: row.first_seen,
    last_seen_at: row.last_seen,
    camera_id: row.camera_id,
    object_type: row.object_class,
    duration_s: spanSeconds(row.first_seen, row.last_seen),
    detections: row.detection_count,
    max_confidence: row.max_score,
    confirmed: row.confirmed,
    end_reason: row.end_reason,
    timezone,
    first_seen_at_local: formatLocal(row.first_seen.getTime(), timezone),
    last_seen_at_local: formatLocal(row.last_seen.getTime(), timezone),
  };
}
