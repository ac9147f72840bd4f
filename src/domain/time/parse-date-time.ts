import { isRealDateTime, type LocalDateTime } from './local-time.ts';
import { parseOffset } from './template-time.ts';

/** Wall-clock fields and, where the text says so, their offset (local minus UTC, ms). */
export type ParsedDateTime = { local: LocalDateTime; offsetMs?: number };

const DATE = /^(\d{4})([-:/]?)(\d{2})\2(\d{2})/;
const TIME = /^[T ](\d{2})(:?)(\d{2})(?:\2(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?$/i;

/** Reads ISO 8601 dates (`2026-01-14T08:15:00.5+01:00`, `20260114T081500Z`, `2026-01-14`) and EXIF's `2026:01:14 08:15:00`. */
export function parseDateTime(text: string): ParsedDateTime | undefined {
  const trimmed = text.trim();
  const date = DATE.exec(trimmed);
  if (!date) return undefined;
  const rest = trimmed.slice(date[0].length);
  const time = rest === '' ? ['', '00', '', '00'] : TIME.exec(rest);
  if (!time) return undefined;
  const local: LocalDateTime = {
    year: Number(date[1]),
    month: Number(date[3]),
    day: Number(date[4]),
    hour: Number(time[1]),
    minute: Number(time[3]),
    second: Number(time[4] ?? 0),
    millisecond: fractionMs(time[5]),
  };
  if (!isRealDateTime(local)) return undefined;
  const offsetMs = parseOffset(time[6]);
  return offsetMs === undefined ? { local } : { local, offsetMs };
}

/** Milliseconds of the digits after a decimal point; what is finer is cut. */
export function fractionMs(digits: string | undefined): number {
  return Number((digits ?? '').slice(0, 3).padEnd(3, '0'));
}
