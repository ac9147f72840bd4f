import { fieldsOfWallClock, localToUtc, type LocalReading, wallClockMs } from './local-time.ts';
import { fractionMs, parseDateTime } from './parse-date-time.ts';

/** A time written into the file itself. `localText` is a wall-clock time without offset. */
export type EmbeddedTime = { utcMs?: number | undefined; localText?: string | undefined; hasOffset: boolean };

/** EXIF as text: `2026:01:14 08:15:00`, `123`, `+01:00`. */
export type ExifTime = { dateTimeOriginal?: string | undefined; subSec?: string | undefined; offset?: string | undefined };

/** `utc` by the standards; `local` for cameras that write their wall clock where UTC belongs. */
export type ContainerTime = 'utc' | 'local';

/** The time of a still; undefined for none, or for the zeroes and blanks of cameras whose clock was never set. */
export function embeddedTimeOfStill(exif: ExifTime): EmbeddedTime | undefined {
  const original = parseDateTime(exif.dateTimeOriginal ?? '');
  if (!original) return undefined;
  const wallMs = wallClockMs(original.local) + subSecondMs(exif.subSec);
  const text = new Date(wallMs).toISOString().slice(0, -1);
  const offsetMs = parseDateTime(text + (exif.offset ?? '').trim())?.offsetMs;
  return offsetMs === undefined ? { localText: text, hasOffset: false } : { utcMs: wallMs - offsetMs, hasOffset: true };
}

function subSecondMs(subSec: string | undefined): number {
  return fractionMs(/^\s*(\d+)/.exec(subSec ?? '')?.[1]);
}

export type ReadEmbeddedOptions = { zone: string; containerTime: ContainerTime };

/** The moment an embedded time means, and whether it is real UTC rather than a wall clock read in the camera's zone. */
export function readEmbedded(
  embedded: EmbeddedTime | undefined,
  { zone, containerTime }: ReadEmbeddedOptions,
): { reading: LocalReading; isUtc: boolean } | undefined {
  if (!embedded) return undefined;
  const { utcMs = Number.NaN, localText = '', hasOffset } = embedded;
  if (Number.isFinite(utcMs)) {
    if (hasOffset || containerTime === 'utc') return { reading: { kind: 'one', utcMs }, isUtc: true };
    return { reading: localToUtc(fieldsOfWallClock(utcMs), zone), isUtc: false };
  }
  const parsed = parseDateTime(localText);
  if (!parsed) return undefined;
  if (parsed.offsetMs === undefined) return { reading: localToUtc(parsed.local, zone), isUtc: false };
  return { reading: { kind: 'one', utcMs: wallClockMs(parsed.local) - parsed.offsetMs }, isUtc: true };
}
