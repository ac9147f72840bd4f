import { isRealDateTime, localToUtc, wallClockMs, fieldsOfWallClock, type LocalDateTime } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';

type ParseInstantOptions = {
  /** What the text is for, e.g. `--since`; named in the error. */
  name: string;
  /** Zone of times without an offset. */
  zone: string;
  /** End of the newest footage: what `7d` counts back from. */
  asOf: Date | undefined;
  /** The text ends a span: a date alone then means the end of that day, and of a repeated hour the later reading is taken. */
  endsSpan?: boolean;
};

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const RELATIVE = /^(\d+(?:\.\d+)?)([smhdw])$/;
/** What is further back no database can compare with. */
const EARLIEST_MS = Date.UTC(-4000, 0);
const ISO =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?<offset>Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * An instant given as ISO 8601 (`2026-01-14`, `2026-01-14T08:15`, with or without offset) or relative to the newest footage
 * (`7d`, `90m`); undefined for a relative one when there is no footage. Throws a usage error for anything else.
 */
export function parseInstant(text: string, options: ParseInstantOptions): Date | undefined {
  const relative = RELATIVE.exec(text.trim());
  if (relative) {
    const instant = relativeInstant(relative, options.asOf);
    if (instant !== undefined && !(instant.getTime() >= EARLIEST_MS)) throw notATime(text, options.name);
    return instant;
  }
  const groups = ISO.exec(text.trim())?.groups;
  const local = groups && toLocalDateTime(groups);
  if (!local) throw notATime(text, options.name);
  const offset = groups['offset'];
  if (offset !== undefined) return new Date(wallClockMs(local) - offsetMsOf(offset));
  const endsDay = options.endsSpan === true && groups['hour'] === undefined;
  return inZone(endsDay ? nextDay(local) : local, options);
}

function relativeInstant(found: RegExpExecArray, asOf: Date | undefined): Date | undefined {
  const unitMs = UNIT_MS[found[2] as keyof typeof UNIT_MS];
  return asOf && new Date(asOf.getTime() - Number(found[1]) * unitMs);
}

function toLocalDateTime(groups: Record<string, string | undefined>): LocalDateTime | undefined {
  const number = (name: string): number => Number(groups[name] ?? 0);
  const local: LocalDateTime = {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    millisecond: Number((groups['fraction'] ?? '').padEnd(3, '0').slice(0, 3)),
  };
  return isRealDateTime(local) ? local : undefined;
}

function offsetMsOf(offset: string): number {
  if (/^z$/i.test(offset)) return 0;
  const [hours = 0, minutes = 0] = [offset.slice(1, 3), offset.slice(-2)].map(Number);
  const sizeMs = hours * UNIT_MS.h + minutes * UNIT_MS.m;
  return offset.startsWith('-') ? -sizeMs : sizeMs;
}

/** On the wall clock, not 24 hours later: the days of a clock change have 23 or 25. */
function nextDay(local: LocalDateTime): LocalDateTime {
  return fieldsOfWallClock(wallClockMs(local) + UNIT_MS.d);
}

function inZone(local: LocalDateTime, { zone, endsSpan }: ParseInstantOptions): Date {
  const reading = localToUtc(local, zone);
  if (reading.kind === 'fold') return new Date(endsSpan === true ? reading.lateMs : reading.earlyMs);
  return new Date(reading.utcMs);
}

function notATime(text: string, name: string): UsageError {
  return new UsageError(`${name} ${JSON.stringify(text)} is not a time`, {
    hint: 'give ISO 8601 such as 2026-01-14 or 2026-01-14T08:15:00Z, or a span back such as 7d, 12h or 30m',
  });
}
