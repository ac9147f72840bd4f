import type { Knex } from 'knex';
import { DETECTION_SORT_COLUMNS, streamDetections, type DetectionFilter, type DetectionSortField } from '../../db/queries/detections.ts';
import { findFootageSpan } from '../../db/queries/footage-span.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { findFileIds } from '../files/find-file-ids.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { findCameraZones } from '../zones/camera-zones.ts';
import { matchZones } from '../zones/match-zones.ts';
import { toDetectionView, type DetectionView } from './detection-record.ts';

/** What `--sort` takes. */
export const DETECTION_SORT_FIELDS = Object.keys(DETECTION_SORT_COLUMNS) as DetectionSortField[];

export type DetectionChoice = {
  scope: ListScope;
  filter: Pick<DetectionFilter, 'types' | 'minConfidence' | 'trackId' | 'isStatic' | 'ids'>;
  /** Ledger ids or paths of files. */
  files?: readonly string[] | undefined;
  /** Names or ids of zones they were in, `*` and `?` allowed. */
  inZones?: readonly string[] | undefined;
};

export type ListDetectionsOptions = DetectionChoice & {
  sort: ListSort<DetectionSortField>;
  limit: number;
  zones: ZoneSettings;
};

/** Resolves with the rows still to come; a wrong camera or time is told before the first of them. */
export async function listDetections(knex: Knex, options: ListDetectionsOptions): Promise<AsyncIterable<DetectionView>> {
  const filter = await resolveDetectionFilter(knex, options, options.zones);
  const zones = await findCameraZones(knex, filter.cameraIds);
  const { sort, limit } = options;
  return mapRows(streamDetections(knex, { filter, sort, limit, withEnrichment: true }), (row) =>
    toDetectionView(row, options.zones, zones),
  );
}

/** Adds the span of the footage meant where it is known, as a query with a time range reads only those months. */
export async function resolveDetectionFilter(knex: Knex, choice: DetectionChoice, zones: ZoneSettings): Promise<DetectionFilter> {
  const scope = await resolveScope(knex, choice.scope, zones);
  const mediaFileIds = choice.files && (await findFileIds(knex, choice.files));
  const inZones = await matchZones(knex, { patterns: choice.inZones, cameraIds: scope.cameraIds });
  const { trackId } = choice.filter;
  const fileSpan = mediaFileIds && (await findFootageSpan(knex, { mediaFileIds }));
  const trackSpan = trackId === undefined ? undefined : await findFootageSpan(knex, { trackId });
  return {
    ...choice.filter,
    ...scope,
    ...(mediaFileIds ? { mediaFileIds } : {}),
    ...(inZones ? { zones: inZones } : {}),
    since: latest(scope.since, fileSpan?.since, trackSpan?.since),
    until: earliest(scope.until, fileSpan?.until, trackSpan?.until),
  };
}

function latest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.reduce((a, b) => (a && b ? (a > b ? a : b) : (a ?? b)), undefined);
}

function earliest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.reduce((a, b) => (a && b ? (a < b ? a : b) : (a ?? b)), undefined);
}
