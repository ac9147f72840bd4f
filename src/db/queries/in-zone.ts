import type { Knex } from 'knex';
import { labelsOf } from '../../domain/classes.ts';
import type { ZoneAnchor } from '../../domain/enums.ts';
import { BORDER } from '../../domain/zones/polygon.ts';
import type { Zone } from '../../domain/zones/zone.ts';

/** A zone that rows are narrowed to. */
export type ZoneToSearch = Pick<Zone, 'id' | 'coordinates' | 'anchor' | 'classes'> & { camera_id: string };

const LEFT = '(d.bbox_x::float8 / d.video_width)';
const RIGHT = '((d.bbox_x + d.bbox_width)::float8 / d.video_width)';
const TOP = '(d.bbox_y::float8 / d.video_height)';
const LOWEST = '((d.bbox_y + d.bbox_height)::float8 / d.video_height)';
const MIDDLE_X = '((d.bbox_x + d.bbox_width / 2::float8) / d.video_width)';
const MIDDLE_Y = '((d.bbox_y + d.bbox_height / 2::float8) / d.video_height)';
const BOTTOM = `least(1, ${LOWEST})`;

/** What of a box has to be in the zone, as a box: a point is one without extent. */
const PLACES: Readonly<Record<ZoneAnchor, readonly [x1: string, y1: string, x2: string, y2: string]>> = {
  bottom_centre: [MIDDLE_X, BOTTOM, MIDDLE_X, BOTTOM],
  centre: [MIDDLE_X, MIDDLE_Y, MIDDLE_X, MIDDLE_Y],
  overlap: [LEFT, TOP, RIGHT, LOWEST],
};

/**
 * Keeps detections (`d`) that are in one of the zones, as `isInZone` decides it (§7). Camera, class and the zone's bounds come first: they
 * are cheap, and most rows go no further.
 */
export function narrowToZones(query: Knex.QueryBuilder, zones: readonly ZoneToSearch[]): void {
  void query.whereIn('d.camera_id', [...new Set(zones.map((zone) => zone.camera_id))]).where((any) => {
    for (const zone of zones) {
      void any.orWhere((one) => {
        narrowToZone(one, zone);
      });
    }
    if (zones.length === 0) void any.whereRaw('false');
  });
}

function narrowToZone(query: Knex.QueryBuilder, zone: ZoneToSearch): void {
  const [x1, y1, x2, y2] = PLACES[zone.anchor];
  const xs = zone.coordinates.map(([x]) => x);
  const ys = zone.coordinates.map(([, y]) => y);
  void query.where('d.camera_id', zone.camera_id);
  if (zone.classes !== null) narrowToClasses(query, zone.classes);
  void query
    .whereRaw('d.video_width is not null and d.video_height is not null and d.bbox_width is not null')
    .whereRaw(`${x2} >= ? and ${x1} <= ?`, [Math.min(...xs) - BORDER, Math.max(...xs) + BORDER])
    .whereRaw(`${y2} >= ? and ${y1} <= ?`, [Math.min(...ys) - BORDER, Math.max(...ys) + BORDER])
    .whereRaw(inOutline(PLACES[zone.anchor]), [xs, ys, [...xs.slice(1), ...xs.slice(0, 1)], [...ys.slice(1), ...ys.slice(0, 1)]]);
}

function narrowToClasses(query: Knex.QueryBuilder, classes: readonly string[]): void {
  const { labels, exceptLabels } = labelsOf(classes);
  const label = "coalesce(d.object_type, '')";
  if (exceptLabels === undefined) void query.whereRaw(`${label} = any(?::text[])`, [labels]);
  else void query.whereRaw(`(${label} = any(?::text[]) or ${label} <> all(?::text[]))`, [labels, exceptLabels]);
}

/**
 * A side of the outline meets the place when their bounds do and the place does not lie wholly on one side of its line; else all of the
 * place is inside or none, and a ray from one corner to the right tells which (even–odd).
 */
function inOutline([x1, y1, x2, y2]: (typeof PLACES)[ZoneAnchor]): string {
  const border = String(BORDER);
  const halfWidth = `(${x2} - ${x1}) / 2`;
  const halfHeight = `(${y2} - ${y1}) / 2`;
  const cross = `(bx - ax) * ((${y1} + ${y2}) / 2 - ay) - (by - ay) * ((${x1} + ${x2}) / 2 - ax)`;
  const meets = [
    `greatest(ax, bx) >= ${x1} - ${border} and least(ax, bx) <= ${x2} + ${border}`,
    `greatest(ay, by) >= ${y1} - ${border} and least(ay, by) <= ${y2} + ${border}`,
    `abs(${cross}) <= abs(bx - ax) * ${halfHeight} + abs(by - ay) * ${halfWidth} + ${border} * sqrt((bx - ax) ^ 2 + (by - ay) ^ 2)`,
  ].join(' and ');
  const crosses = `(ay > ${y1}) <> (by > ${y1}) and ${x1} < ax + (${y1} - ay) * (bx - ax) / nullif(by - ay, 0)`;
  return `(select bool_or(${meets}) or count(*) filter (where ${crosses}) % 2 = 1
    from unnest(?::float8[], ?::float8[], ?::float8[], ?::float8[]) as side (ax, ay, bx, by))`;
}
