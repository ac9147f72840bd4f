import { DAY_MS } from '../coverage/local-hours.ts';
import { totalCount } from './activity-hours.ts';
import type { ActivityHour } from './activity-hours.ts';
import { weighSlot } from './weigh-slot.ts';
import type { Occurrence } from './weigh-slot.ts';

/** Usual tracks per covered hour at one hour of one weekday (0 = monday). `lastUpdatedMs`: start of the newest covered hour in it. */
export type ActivityBaseline = { weekday: number; hour: number; avgCount: number; sampleCount: number; lastUpdatedMs: number };

/** The same for one class at one hour of any day. A class without a row at an hour was not seen then. */
export type ClassBaseline = { label: string; hour: number; frequency: number; sampleCount: number; lastUpdatedMs: number };

/** Rows of one camera, by weekday and hour, by class and hour. */
export type Baselines = { activity: ActivityBaseline[]; classes: ClassBaseline[] };

/** `countsMotion`: the camera has no other detector than motion. */
export type BaselineOptions = { asOfMs: number; countsMotion: boolean };

/** What a slot's numbers are made of. */
export type SlotHour = Pick<ActivityHour, 'dayNumber' | 'weekday' | 'hour' | 'startMs' | 'exposure' | 'counts'>;

/** How far baselines and histories reach back. */
export const WINDOW_MS = 30 * DAY_MS;
const STORED_DECIMALS = 1e6;

/** Whether an hour that starts then counts: within the 30 × 24 h before `asOfMs`. */
export function isInWindow(startMs: number, asOfMs: number): boolean {
  return startMs >= asOfMs - WINDOW_MS && startMs < asOfMs;
}

/** Both tables from all hours of a camera, in any order. */
export function buildBaselines(hours: readonly SlotHour[], options: BaselineOptions): Baselines {
  const activity = new Map<string, SlotHour[]>();
  const classes = new Map<string, SlotHour[]>();
  for (const hour of hours) {
    if (!isInWindow(hour.startMs, options.asOfMs) || hour.exposure <= 0) continue;
    addTo(activity, `${hour.weekday} ${hour.hour}`, hour);
    addTo(classes, String(hour.hour), hour);
  }
  return {
    activity: sortActivity([...activity.values()].flatMap((slot) => activityRow(slot, options.countsMotion))),
    classes: sortClasses([...classes.values()].flatMap(classRows)),
  };
}

/** The covered hours of an activity slot as the baseline weighs them; for `weighSlot`, which explains a row. */
export function activityOccurrences(slot: readonly SlotHour[], countsMotion: boolean): Occurrence[] {
  return slot.map((hour) => toOccurrence(hour, totalCount(hour.counts, countsMotion)));
}

/** The same for a class. */
export function classOccurrences(slot: readonly SlotHour[], label: string): Occurrence[] {
  return slot.map((hour) => toOccurrence(hour, countOf(hour, label)));
}

export function sortActivity(rows: readonly ActivityBaseline[]): ActivityBaseline[] {
  return rows.toSorted((a, b) => a.weekday - b.weekday || a.hour - b.hour);
}

export function sortClasses(rows: readonly ClassBaseline[]): ClassBaseline[] {
  return rows.toSorted((a, b) => (a.label === b.label ? a.hour - b.hour : a.label < b.label ? -1 : 1));
}

function addTo(slots: Map<string, SlotHour[]>, key: string, hour: SlotHour): void {
  const slot = slots.get(key);
  if (slot) slot.push(hour);
  else slots.set(key, [hour]);
}

function activityRow(slot: readonly SlotHour[], countsMotion: boolean): ActivityBaseline[] {
  const weighed = weighSlot(activityOccurrences(slot, countsMotion));
  const [first] = slot;
  if (!weighed || !first) return [];
  const { weekday, hour } = first;
  return [{ weekday, hour, avgCount: toStored(weighed.average), sampleCount: slot.length, lastUpdatedMs: weighed.newestMs }];
}

function classRows(slot: readonly SlotHour[]): ClassBaseline[] {
  const labels = new Set(slot.flatMap(({ counts }) => Object.keys(counts).filter((label) => (counts[label] ?? 0) > 0)));
  return [...labels].flatMap((label) => {
    const weighed = weighSlot(classOccurrences(slot, label));
    const hour = slot[0]?.hour ?? 0;
    return weighed
      ? [{ label, hour, frequency: toStored(weighed.average), sampleCount: slot.length, lastUpdatedMs: weighed.newestMs }]
      : [];
  });
}

function toOccurrence({ dayNumber, startMs, exposure }: SlotHour, count: number): Occurrence {
  return { dayNumber, startMs, count, exposure };
}

function countOf({ counts }: SlotHour, label: string): number {
  return Object.hasOwn(counts, label) ? (counts[label] ?? 0) : 0;
}

function toStored(value: number): number {
  return Math.round(value * STORED_DECIMALS) / STORED_DECIMALS;
}
