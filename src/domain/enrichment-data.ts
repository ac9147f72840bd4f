import { cutOctets } from './cut-octets.ts';

type EnrichmentData = Record<string, unknown>;

/** One message per value that was read as another one; a clean value has none. */
export type EnrichmentCheck = { ok: boolean; messages: string[]; coerced: EnrichmentData | null };

type Note = (path: string, change: { from: unknown; to: unknown }) => void;
type Coercion = (value: unknown) => unknown;
type Place = { path: string; depth: number; note: Note };

const PLURALS: ReadonlyMap<string, string> = new Map([
  ['vehicle', 'vehicles'],
  ['pet', 'pets'],
  ['license_plate', 'license_plates'],
]);

const TRUE_WORDS: readonly unknown[] = [true, 1, 'true', '1', 'yes'];
const FALSE_WORDS: readonly unknown[] = [false, 0, 'false', '0', 'no'];
const MAX_DEPTH = 64; // no stage nests deeper; what lies below is kept unread
const MAX_SHOWN_OCTETS = 80;

/**
 * Reads `detections.enrichment_data`, which stages of any version and other programs wrote. Null is valid; anything but an
 * object is not. In an object unreadable values become null and others are brought into their range, at every depth;
 * unknown keys stay.
 */
export function validateEnrichmentData(value: unknown): EnrichmentCheck {
  if (value === null) return { ok: true, messages: [], coerced: null };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return {
      ok: false,
      messages: [`enrichment data is ${Array.isArray(value) ? 'an array' : typeof value}, not an object`],
      coerced: null,
    };
  }
  const messages: string[] = [];
  const note: Note = (path, { from, to }) => messages.push(`${path}: ${shown(from)} read as ${shown(to)}`);
  const data = listErrors(foldSingulars(value as EnrichmentData, note), note);
  return { ok: true, messages, coerced: coerceMembers(data, { path: '', depth: 0, note }) };
}

/** `vehicle: {…}` becomes `vehicles: [{…}]`, unless there are vehicles. */
function foldSingulars(data: EnrichmentData, note: Note): EnrichmentData {
  let folded = data;
  for (const [singular, plural] of PLURALS) {
    const { [singular]: value, ...rest } = folded;
    if (!isGiven(value) || isGiven(rest[plural])) continue;
    note(singular, { from: singular, to: plural });
    folded = { ...rest, [plural]: Array.isArray(value) ? value : [value] };
  }
  return folded;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function listErrors(data: EnrichmentData, note: Note): EnrichmentData {
  const { errors } = data;
  if (!isGiven(errors) || Array.isArray(errors)) return data;
  note('errors', { from: errors, to: [errors] });
  return { ...data, errors: [errors] };
}

function coerceMembers(object: object, place: Place): EnrichmentData {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]: [string, unknown]) => {
      const path = place.path === '' ? key : `${place.path}.${key}`;
      const coerce = coercionOf(key);
      if (coerce === undefined) return [key, coerceNested(value, { ...place, path })];
      const coerced = coerce(value);
      if (coerced !== value) place.note(path, { from: value, to: coerced });
      return [key, coerced];
    }),
  );
}

function coerceNested(value: unknown, place: Place): unknown {
  if (typeof value !== 'object' || value === null || place.depth === MAX_DEPTH) return value;
  const depth = place.depth + 1;
  if (!Array.isArray(value)) return coerceMembers(value, { ...place, depth });
  return value.map((member: unknown, index) => coerceNested(member, { ...place, depth, path: `${place.path}[${index}]` }));
}

function coercionOf(key: string): Coercion | undefined {
  if (key === 'confidence' || key.endsWith('_confidence')) return (value) => toNumberWithin(value, 0, 1);
  if (key === 'quality_score') return (value) => toNumberWithin(value, 0, 100);
  if (key === 'processing_time_ms') return (value) => toNumberWithin(value, 0, Number.MAX_VALUE);
  return /^(is|has)_/.test(key) ? toBoolean : undefined;
}

/** Null when it is neither a number nor text of one. */
function toNumberWithin(value: unknown, min: number, max: number): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? Math.min(max, Math.max(min, number)) : null;
}

function toBoolean(value: unknown): boolean | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (TRUE_WORDS.includes(word)) return true;
  return FALSE_WORDS.includes(word) ? false : null;
}

function shown(value: unknown): string {
  const text = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  return cutOctets(text, MAX_SHOWN_OCTETS, '…');
}
