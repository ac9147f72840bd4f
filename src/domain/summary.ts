import type { Severity, SummaryType } from './enums.ts';
import { localDayAt } from './time/local-day.ts';

/** Footage time in ms. Of an hourly summary the end belongs to it and the start does not, of a daily one the other way round. */
export type SummaryWindow = { startMs: number; endMs: number };

const HOUR_MS = 3_600_000;

/** The hour up to a moment, or the local calendar day that contains it: 23 to 25 hours (§10.11). */
export function summaryWindow(type: SummaryType, { asOfMs, zone }: { asOfMs: number; zone: string }): SummaryWindow {
  if (type === 'hourly') return { startMs: asOfMs - HOUR_MS, endMs: asOfMs };
  const { startMs, endMs } = localDayAt(asOfMs, zone);
  return { startMs, endMs };
}

/** The same as a half-open span: instants are whole milliseconds. */
export function summarySpan(type: SummaryType, { startMs, endMs }: SummaryWindow): { since: Date; until: Date } {
  const shiftMs = type === 'hourly' ? 1 : 0;
  return { since: new Date(startMs + shiftMs), until: new Date(endMs + shiftMs) };
}

/** An event of level high or critical. */
export type SeriousEvent = {
  id: number;
  cameraId: string;
  cameraName: string;
  startedAtMs: number;
  /** `HH:MM` as the camera's clock showed. */
  clock: string;
  score: number;
  level: Severity;
  /** Null: nobody described it. */
  summary: string | null;
  objectTypes: string | null;
};

/** The highest score first, then whichever came first. */
export function bySeriousness(a: SeriousEvent, b: SeriousEvent): number {
  return b.score - a.score || a.startedAtMs - b.startedAtMs || a.id - b.id;
}

/** The text without a language model (§10.11). */
export function summaryText(events: readonly SeriousEvent[]): string {
  const [worst] = events.toSorted(bySeriousness);
  if (worst === undefined) return 'No high or critical events.';
  const cameras = new Set(events.map((event) => event.cameraId)).size;
  const what = (worst.summary ?? worst.objectTypes ?? `event ${worst.id}`).trim().replace(/\.$/, '');
  const facts = `${worst.score}, ${worst.cameraName}, ${worst.clock}`;
  return (
    `${events.length} high or critical events on ${cameras} cameras; most serious: ${what} (${facts}). ` + `${events.length - 1} others.`
  );
}

const LONGEST_TEXT = 2_000;
const NAMED_EVENT = /(?:\bevents?\s*(?:id|no\.?|number)?\s*[#:]?\s*|#\s*)(\d+(?:\s*(?:,|and|&)\s*#?\d+)*)/gi;

/** The text of a model's reply, if it names no event but those it was told of; undefined otherwise. */
export function acceptedText(candidate: Readonly<Record<string, unknown>>, known: ReadonlySet<number>): string | undefined {
  const { text, event_ids: ids } = candidate;
  if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST_TEXT || text.includes('\0')) return undefined;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'number' && known.has(id))) return undefined;
  return namedEvents(text).every((id) => known.has(id)) ? text.trim() : undefined;
}

/** Numbers that a text calls events. */
function namedEvents(text: string): number[] {
  return [...text.matchAll(NAMED_EVENT)].flatMap(([, list = '']) => (list.match(/\d+/g) ?? []).map(Number));
}
