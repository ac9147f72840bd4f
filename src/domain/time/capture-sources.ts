import type { CapturedAtSource, TimeConfidence } from '../enums.ts';
import { type ContainerTime, type EmbeddedTime, readEmbedded } from './embedded-time.ts';
import type { FlagTime } from './flag-time.ts';
import { localToUtc, type LocalReading } from './local-time.ts';
import { shiftReading } from './reading.ts';
import { matchTemplate, type TemplateMatch, type TimeTemplate } from './template.ts';
import type { NamedTime } from './template-time.ts';

/** What is known about a file before its capture time is decided. All instants and durations in ms. */
export type FileTimes = {
  /** '/' separated, relative to the given root. */
  relativePath: string;
  mediaType: 'image' | 'video';
  modifiedAtMs: number;
  durationMs?: number | undefined;
  embedded?: EmbeddedTime | undefined;
  /** `--time`. */
  flag?: FlagTime | undefined;
  /** The camera's IANA zone. */
  zone: string;
  /** Added to what was read; a camera clock 240 s fast has -240. */
  clockOffsetS?: number | undefined;
  containerTime?: ContainerTime | undefined;
  /** In the order they are tried. */
  templates: readonly TimeTemplate[];
};

/** A source that gave a time: the start of the recording, clock offset included. */
export type SourceReading = {
  source: CapturedAtSource;
  reading: LocalReading;
  /** Zone the wall clock was read in; `UTC` where none was needed. */
  zone: string;
  confidence: TimeConfidence;
  match?: TemplateMatch;
};

/** A source that gave none, and why. */
type SourceAbsence = { source: CapturedAtSource; absent: string; match?: TemplateMatch };

export type SourceOutcome = SourceReading | SourceAbsence;

/** The sources of §1.1 in the order in which they are asked. */
export const CAPTURE_SOURCES: readonly ((file: FileTimes) => SourceOutcome)[] = [
  readFlagSource,
  readNameSource,
  readEmbeddedSource,
  readModifiedSource,
];

function readFlagSource(file: FileTimes): SourceOutcome {
  if (!file.flag) return { source: 'flag', absent: 'not given' };
  const { reading, zone } = file.flag;
  return { source: 'flag', reading: shiftReading(reading, clockOffsetMs(file)), zone, confidence: 'exact' };
}

export function readNameSource(file: FileTimes): SourceOutcome {
  const match = firstMatch(file);
  const source = 'filename';
  if (!match) return { source, absent: 'no template matches' };
  const named = match.start ?? match.end;
  if (!named) return { source, absent: `${match.template.layout} names of this kind tell no time`, match };
  const durationMs = match.start ? 0 : knownDurationMs(file);
  if (durationMs === undefined) return { source, absent: 'the name tells the end, but the duration is unknown', match };
  const { reading, zone } = readNamed(named, match.template, file.zone);
  const confidence = confidenceOfTemplate(match.template);
  return { source, reading: shiftReading(reading, clockOffsetMs(file) - durationMs), zone, confidence, match };
}

export function readEmbeddedSource(file: FileTimes): SourceOutcome {
  const source = file.mediaType === 'image' ? 'exif' : 'container';
  const found = readEmbedded(file.embedded, { zone: file.zone, containerTime: file.containerTime ?? 'utc' });
  if (!found) return { source, absent: 'the file carries no time' };
  const reading = shiftReading(found.reading, clockOffsetMs(file));
  return { source, reading, zone: found.isUtc ? 'UTC' : file.zone, confidence: 'exact' };
}

/** A video's modification time is its end. Where its length is unknown the end is the best there is, at low confidence anyway. */
export function readModifiedSource(file: FileTimes): SourceOutcome {
  const utcMs = file.modifiedAtMs - (knownDurationMs(file) ?? 0) + clockOffsetMs(file);
  return { source: 'mtime', reading: { kind: 'one', utcMs }, zone: 'UTC', confidence: 'low' };
}

/** When the name says the recording ended, in ms; undefined when it does not, or says an end before `startMs`. */
export function namedEndMs(found: SourceReading, file: FileTimes, startMs: number): number | undefined {
  if (!found.match?.start || !found.match.end) return undefined;
  const { reading } = readNamed(found.match.end, found.match.template, file.zone);
  const shifted = shiftReading(reading, clockOffsetMs(file));
  const candidates = shifted.kind === 'fold' ? [shifted.earlyMs, shifted.lateMs] : [shifted.utcMs];
  return candidates.find((endMs) => endMs >= startMs);
}

/** Length in ms, 0 for a still, undefined when nobody knows. */
export function knownDurationMs(file: Pick<FileTimes, 'mediaType' | 'durationMs'>): number | undefined {
  if (file.mediaType === 'image') return 0;
  const { durationMs } = file;
  return durationMs !== undefined && Number.isFinite(durationMs) && durationMs >= 0 ? durationMs : undefined;
}

function firstMatch(file: FileTimes): TemplateMatch | undefined {
  for (const template of file.templates) {
    const match = matchTemplate(template, file.relativePath);
    if (match) return match;
  }
  return undefined;
}

function readNamed(named: NamedTime, template: TimeTemplate, cameraZone: string): { reading: LocalReading; zone: string } {
  if (named.kind === 'instant') return { reading: { kind: 'one', utcMs: named.utcMs }, zone: 'UTC' };
  const zone = template.zone === 'local' ? cameraZone : template.zone === 'utc' ? 'UTC' : template.zone;
  return { reading: localToUtc(named.local, zone), zone };
}

function confidenceOfTemplate(template: TimeTemplate): TimeConfidence {
  if (template.confidence === 'low') return 'low';
  return template.hasSeconds ? 'exact' : 'minute';
}

function clockOffsetMs(file: FileTimes): number {
  return Math.round((file.clockOffsetS ?? 0) * 1000);
}
