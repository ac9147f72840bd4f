import { anomalyLevel } from '../../domain/baselines/anomaly.ts';
import { counted } from '../../lib/counted.ts';
import { shortened } from '../../lib/svg-text.ts';
import type { Report, ReportCounts, ReportEvent, ReportHole, ReportLevel, ReportSceneChange, UnusualHour } from './report-data.ts';

/** From the most urgent on. */
export const LEVELS: readonly ReportLevel[] = ['critical', 'high', 'medium', 'low', 'unscored'];

export const LEVEL_WORDS: Readonly<Record<ReportLevel, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  unscored: 'Not rated',
};

export const CAUSE_WORDS: Readonly<Record<ReportHole['cause'], string>> = {
  none_recorded: 'nothing was recorded',
  failed_files: 'files could not be read',
  partial_file: 'a file is damaged',
};

export const CHANGE_WORDS: Readonly<Record<ReportSceneChange['change_type'], string>> = {
  view_blocked: 'View blocked',
  angle_changed: 'Camera moved',
  view_tampered: 'View tampered with',
  unknown: 'View changed',
};

const NAME = { daily: 'Daily report', weekly: 'Weekly report', camera: 'Camera report' } as const;
const LONGEST_SUMMARY = 300;
const KEPT_DATE = 10;
const CLOCK = [11, 19] as const;
const OFFSET_FROM = 23;

export function reportName({ kind }: Report): string {
  return NAME[kind];
}

/** `Wednesday 14 January 2026`, or the first and the last day. */
export function reportTitle({ dates, kind, cameras }: Report): string {
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const days = first === last ? dayWords(first, 'long') : spanWords(first, last);
  return kind === 'camera' ? `${cameras[0]?.camera_name ?? ''}, ${days}` : days;
}

export function dayWords(date: string, weekday: 'long' | 'short'): string {
  // The parts in an order of our own: what Intl puts between them differs from version to version.
  return `${part(date, { weekday })} ${part(date, { day: 'numeric' })} ${part(date, { month: 'long' })} ${part(date, { year: 'numeric' })}`;
}

function spanWords(first: string, last: string): string {
  const isSameYear = first.slice(0, 4) === last.slice(0, 4);
  const isSameMonth = first.slice(0, 7) === last.slice(0, 7);
  const day = part(first, { day: 'numeric' });
  const month = isSameMonth ? '' : ` ${part(first, { month: 'long' })}`;
  const year = isSameYear ? '' : ` ${first.slice(0, 4)}`;
  return `${day}${month}${year} – ${part(last, { day: 'numeric' })} ${part(last, { month: 'long' })} ${last.slice(0, 4)}`;
}

function part(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(new Date(date));
}

/** `2026-01-14 08:15:02 +01:00` */
export function localWords(local: string): string {
  return `${local.slice(0, KEPT_DATE)} ${local.slice(...CLOCK)} ${local.slice(OFFSET_FROM)}`;
}

/** Whose footage the report is about, and in which days. */
export function scopeWords({ cameras, timezone }: Report): string {
  const names = cameras.length === 1 ? (cameras[0]?.camera_name ?? '') : counted(cameras.length, 'camera');
  return `${names} · days of ${timezone}`;
}

/** Nothing was recorded then, nothing seen, and nothing failed. */
export function isEmptyReport({ counts, events, alerts, scene_changes }: Report): boolean {
  return counts.files === 0 && counts.footage_s === 0 && events.total === 0 && alerts.total === 0 && scene_changes.total === 0;
}

/** What a reader with one look to spare should know. */
export function verdict(report: Report): string {
  const { counts } = report;
  if (isEmptyReport(report)) return 'No footage of this time, and nothing that happened in it.';
  const serious = counts.events_by_level.critical + counts.events_by_level.high;
  const events = counts.events === 0 ? 'No events' : counted(counts.events, 'event');
  const urgency = counts.events === 0 ? '' : serious === 0 ? ', none of them high or critical' : `, ${serious} of them high or critical`;
  const troubles = troublesOf(counts);
  return `${events}${urgency}. ${troubles.length === 0 ? 'Nothing is missing and nothing failed.' : `${listWords(troubles)}.`}`;
}

function troublesOf(counts: ReportCounts): string[] {
  const { missing_s: missing, open_scene_changes: views, failed_files: failed, partial_files: partial } = counts;
  return [
    ...(counts.alerts > 0 ? [counted(counts.alerts, 'alert')] : []),
    ...(missing > 0 ? [`${durationWords(missing)} without footage`] : []),
    ...(views > 0 ? [`${counted(views, 'changed view')} not yet acknowledged`] : []),
    ...(failed > 0 ? [`${counted(failed, 'file')} not readable`] : []),
    ...(partial > 0 ? [`${counted(partial, 'file')} damaged`] : []),
  ];
}

function listWords(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `2 d 5 h` */
export function durationWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  if (days > 0) return joined(`${days} d`, hours % 24, 'h');
  return joined(`${hours} h`, minutes % 60, 'min');
}

function joined(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${rest} ${unit}`;
}

export function levelOf({ risk_level: level }: Pick<ReportEvent, 'risk_level'>): ReportLevel {
  return level ?? 'unscored';
}

/** What an event is called: what was said of it, else what was seen. */
export function eventWords({ summary, object_types: types, id }: ReportEvent): string {
  const text = summary?.trim() || types.join(', ') || `event ${id}`;
  return shortened(text, LONGEST_SUMMARY);
}

/** Only where it is worth a word. */
export function anomalyWords({ anomaly }: ReportEvent): string | undefined {
  const level = anomalyLevel(anomaly);
  if (level === 'very_unusual') return 'very unusual at this hour';
  return level === 'unusual' ? 'unusual at this hour' : undefined;
}

export function unusualWords({ kind, seen, usual, object_type: type }: UnusualHour): string {
  const what = type ?? 'object';
  const more = kind === 'busy' ? 'more than usual' : 'fewer than usual';
  return `${seen === 0 ? 'no' : String(seen)} ${what}${seen === 1 ? '' : type === null ? 's' : ''}: ${more} (${usual.toFixed(1)} an hour)`;
}

export function undatedWords(files: number): string {
  return `${counted(files, 'file')} that could not be read ${files === 1 ? 'belongs' : 'belong'} to no day: nothing tells when.`;
}

/** What lists the rest: a command for the same span. */
export function listCommand(list: string, { since, until }: Report): string {
  return `hs ${list} --since ${since.toISOString()} --until ${until.toISOString()} --limit 0`;
}
