import { z } from 'zod';
import type { ZonePatch, ZoneRow } from '../../db/models/zones.ts';
import { ZONE_ANCHORS, ZONE_PURPOSES, ZONE_SHAPES, ZONE_TYPES } from '../../domain/enums.ts';
import { parseZoneCoordinates } from '../../domain/zones/parse-coordinates.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import { parseOutline } from './zone-changes.ts';

/** Form of the file: `{"schema": "hs-zones", "schema_version": 1, "zones": [{camera_id, name, coordinates, …}]}`. */
const SCHEMA = 'hs-zones';
const SCHEMA_VERSION = 1;

const entrySchema = z.strictObject({
  id: z.string().regex(/^\S+$/, 'must have no blanks and not be empty').optional(),
  camera_id: z.string(),
  name: z.string(),
  zone_type: z.enum(ZONE_TYPES).default('other'),
  purpose: z.enum(ZONE_PURPOSES).default('detect'),
  priority: z.int().min(0).max(1_000_000).default(0),
  enabled: z.boolean().default(true),
  shape: z.enum(ZONE_SHAPES).optional(),
  anchor: z.enum(ZONE_ANCHORS).default('bottom_centre'),
  classes: z.array(z.string().min(1)).min(1).max(100).nullable().default(null),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #3B82F6')
    .default('#3B82F6'),
  coordinates: z.unknown(),
});

const fileSchema = z.object({ schema: z.literal(SCHEMA), schema_version: z.literal(SCHEMA_VERSION), zones: z.array(z.unknown()) });

/** One zone of a file, checked as far as that goes without the database. `place`: how errors name it. */
export type ZoneEntry = { place: string; id: string | undefined; camera_id: string; name: string; patch: ZonePatch };

/** What `parseZoneFile` reads back as it was. Times are left out: they are of this database. */
export function toZoneFile(rows: readonly ZoneRow[]): string {
  const zones = rows.map((row) => ({
    id: row.id,
    camera_id: row.camera_id,
    name: row.name,
    zone_type: row.zone_type,
    purpose: row.purpose,
    priority: row.priority,
    enabled: row.enabled,
    shape: row.shape,
    anchor: row.anchor,
    classes: row.classes,
    color: row.color,
    coordinates: row.coordinates,
  }));
  const lines = zones.map((zone) => `    ${JSON.stringify(zone)}`).join(',\n');
  const head = `  "schema": "${SCHEMA}",\n  "schema_version": ${String(SCHEMA_VERSION)},\n`;
  return `{\n${head}  "zones": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

/** Throws a usage error that names the first entry that is wrong and what about it. */
export function parseZoneFile(text: string): ZoneEntry[] {
  const file = fileSchema.safeParse(parseJson(text));
  if (!file.success) {
    throw new UsageError(`this is no file of zones: ${issueText(file.error)}`, {
      hint: '`hs zones export` writes one; {"schema": "hs-zones", "schema_version": 1, "zones": [{"camera_id": …, "name": …, "coordinates": …}]}',
    });
  }
  const entries = file.data.zones.map(parseEntry);
  refuseTwins(entries);
  return entries;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseEntry(value: unknown, index: number): ZoneEntry {
  const place = placeOf(value, index);
  const entry = entrySchema.safeParse(value);
  if (!entry.success) throw new UsageError(`${place}: ${issueText(entry.error)}`);
  const { id, camera_id, name, shape, coordinates, color, ...rules } = entry.data;
  const outline = parseOutline(shape, (as) => parseZoneCoordinates(coordinates, as));
  if ('message' in outline) throw new UsageError(`${place}: ${outline.message}`);
  return { place, id, camera_id, name: checkedName(name, place), patch: { ...rules, color: color.toUpperCase(), ...outline } };
}

function placeOf(value: unknown, index: number): string {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  return `zone ${String(index + 1)}${typeof name === 'string' ? ` (${JSON.stringify(name)})` : ''} of the file`;
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'is not as it should be'}`;
}

/** Two entries of one id, or of one name on one camera. */
function refuseTwins(entries: readonly ZoneEntry[]): void {
  const seen = new Map<string, ZoneEntry>();
  for (const entry of entries) {
    const keys = [`name ${JSON.stringify(entry.name)} on camera ${entry.camera_id}`, ...(entry.id === undefined ? [] : [`id ${entry.id}`])];
    for (const key of keys) {
      const twin = seen.get(key);
      if (twin !== undefined) throw new UsageError(`${entry.place}: ${twin.place} has the same ${key}`);
      seen.set(key, entry);
    }
  }
}
