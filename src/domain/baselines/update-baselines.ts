import type { Interval } from '../coverage/interval.ts';
import { buildBaselines, sortActivity, sortClasses, WINDOW_MS } from './baselines.ts';
import type { BaselineOptions, Baselines, SlotHour } from './baselines.ts';

/** Slots to compute anew: activity by weekday and hour, classes by hour. */
export type TouchedSlots = { activity: { weekday: number; hour: number }[]; hours: number[] };

/**
 * The slots that hours belong to which were added, removed or changed, or which enter or leave the window; in order and without
 * repeats. An hour also changes when footage that came later decides whether it counts as covered.
 */
export function touchedSlots(hours: Iterable<{ weekday: number; hour: number }>): TouchedSlots {
  const slots = new Map<number, { weekday: number; hour: number }>();
  for (const { weekday, hour } of hours) slots.set(weekday * 24 + hour, { weekday, hour });
  const activity = [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot);
  return { activity, hours: [...new Set(activity.map(({ hour }) => hour))].sort((a, b) => a - b) };
}

/** When hours must have started to enter or leave the window as it moves. At most two parts. */
export function windowMoves(fromAsOfMs: number, toAsOfMs: number): Interval[] {
  if (fromAsOfMs === toAsOfMs) return [];
  const startMs = Math.min(fromAsOfMs, toAsOfMs);
  const endMs = Math.max(fromAsOfMs, toAsOfMs);
  return [
    { startMs: startMs - WINDOW_MS, endMs: endMs - WINDOW_MS },
    { startMs, endMs },
  ];
}

/**
 * The rows after a change, equal to a rebuild to the last bit: touched slots are computed by the same function from the same hours, the
 * others have the same hours as before. `hours` must hold all hours of the day that are touched, on all days of the window.
 */
export function updateBaselines(
  old: Baselines,
  { touched, hours }: { touched: TouchedSlots; hours: readonly SlotHour[] },
  options: BaselineOptions,
): Baselines {
  const slots = new Set(touched.activity.map(({ weekday, hour }) => weekday * 24 + hour));
  const isTouchedSlot = (slot: { weekday: number; hour: number }) => slots.has(slot.weekday * 24 + slot.hour);
  const isTouchedHour = ({ hour }: { hour: number }) => touched.hours.includes(hour);
  const fresh = buildBaselines(hours.filter(isTouchedHour), options);
  return {
    activity: sortActivity([...old.activity.filter((row) => !isTouchedSlot(row)), ...fresh.activity.filter(isTouchedSlot)]),
    classes: sortClasses([...old.classes.filter((row) => !isTouchedHour(row)), ...fresh.classes]),
  };
}
