import type { ZonePatch } from '../../db/models/zones.ts';
import type { ZoneAnchor, ZonePurpose, ZoneShape, ZoneType } from '../../domain/enums.ts';
import { parseZoneCoordinates, parseZonePoints, type ParsedCoordinates } from '../../domain/zones/parse-coordinates.ts';
import type { ZonePoint } from '../../domain/zones/zone.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';

/** What can be set on a zone; an absent member stays as it is. */
export type ZoneChanges = {
  name?: string | undefined;
  type?: ZoneType | undefined;
  shape?: ZoneShape | undefined;
  /** `x,y x,y …`, each 0–1 of the picture, or a JSON list of such pairs; two are opposite corners of a rectangle. */
  points?: string | undefined;
  /** `#RRGGBB`. */
  color?: string | undefined;
  priority?: number | undefined;
  enabled?: boolean | undefined;
  purpose?: ZonePurpose | undefined;
  anchor?: ZoneAnchor | undefined;
  /** Labels or class groups; none means all classes. */
  classes?: readonly string[] | undefined;
};

export type Outline = { shape: ZoneShape; coordinates: [number, number][] };

/** The columns these changes mean, checked. `coordinates`: those the zone has, for a change of its shape alone. */
export function toZonePatch(changes: ZoneChanges, coordinates?: readonly ZonePoint[]): ZonePatch {
  const { name, type, color, priority, enabled, purpose, anchor, classes } = changes;
  const given = {
    name: name === undefined ? undefined : checkedName(name, 'a zone'),
    zone_type: type,
    color: color === undefined ? undefined : checkedColor(color),
    priority,
    enabled,
    purpose,
    anchor,
    classes: classes && (classes.length === 0 ? null : [...new Set(classes)]),
    ...outlineOf(changes, coordinates),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Throws a usage error for anything but `#RRGGBB`. */
export function checkedColor(color: string): string {
  if (/^#[0-9a-f]{6}$/i.test(color)) return color.toUpperCase();
  throw new UsageError(`${JSON.stringify(color)} is not a colour`, { hint: 'give one as #RRGGBB, such as #3B82F6' });
}

/** Points with the shape that they are said to be, else with the one that they have. */
export function parseOutline(shape: ZoneShape | undefined, parse: (shape: ZoneShape) => ParsedCoordinates): Outline | { message: string } {
  const asRectangle = shape === 'polygon' ? undefined : parse('rectangle');
  if (asRectangle?.ok === true) return toOutline('rectangle', asRectangle.coordinates);
  if (shape === 'rectangle') return { message: asRectangle?.message ?? '' };
  const asPolygon = parse('polygon');
  if (asPolygon.ok) return toOutline('polygon', asPolygon.coordinates);
  // Two points were meant as a rectangle.
  const isTooFew = asPolygon.message.startsWith('a polygon needs');
  return { message: isTooFew && asRectangle !== undefined ? asRectangle.message : asPolygon.message };
}

function toOutline(shape: ZoneShape, coordinates: readonly ZonePoint[]): Outline {
  return { shape, coordinates: coordinates.map(([x, y]) => [x, y]) };
}

function outlineOf({ shape, points }: ZoneChanges, coordinates: readonly ZonePoint[] | undefined): Outline | object {
  if (points === undefined && (shape === undefined || coordinates === undefined)) return {};
  const outline = parseOutline(shape, (as) => (points === undefined ? parseZoneCoordinates(coordinates, as) : parseZonePoints(points, as)));
  if (!('message' in outline)) return outline;
  throw new UsageError(`--points: ${outline.message}`, {
    hint: 'points are parts of the picture from 0 to 1, such as --points "0.1,0.2 0.5,0.9"; two are opposite corners of a rectangle',
  });
}
