import type { LocalHour } from '../coverage/local-hours.ts';
import { totalCount } from './activity-hours.ts';
import { anomaly } from './anomaly.ts';
import { activityOccurrences, classOccurrences, WINDOW_MS } from './baselines.ts';
import type { SlotHour } from './baselines.ts';
import { ageWeight, sumWeighed } from './weigh-slot.ts';
import type { Occurrence } from './weigh-slot.ts';

/** `counts`: tracks of each class in the event's local hour up to its end. `labels`: classes of the event. */
export type EventActivity = {
  hour: Pick<LocalHour, 'dayNumber' | 'weekday' | 'hour' | 'startMs'>;
  counts: Readonly<Record<string, number>>;
  labels: readonly string[];
  countsMotion: boolean;
};

/** One score with the numbers behind it: `k` tracks against `a` weighted tracks in `b` weighted hours. */
export type AnomalyScore = { score: number; k: number; a: number; b: number };

/** `score` is the largest of all. `sampleCount`: covered hours it was judged by. */
export type EventAnomaly = { score: number; activity: AnomalyScore; classes: Record<string, AnomalyScore>; sampleCount: number };

const MIN_SAMPLES = 10;
/** Half a track in half an hour: the prior keeps one quiet week from making anything a sensation. */
const PRIOR = 0.5;
const OTHER_WEEKDAYS = 0.25;

/** How unusual an event is against what was known when its hour began; null when that is not enough. `history`: hours of the camera. */
export function eventAnomaly(event: EventActivity, history: readonly SlotHour[]): EventAnomaly | null {
  const known = knownBefore(event.hour, history);
  if (known.length < MIN_SAMPLES) return null;
  const classes = Object.fromEntries(
    [...new Set(event.labels)].map((label) => {
      const k = Object.hasOwn(event.counts, label) ? (event.counts[label] ?? 0) : 0;
      return [label, scoreOf(k, weigh(classOccurrences(known, label), event))] as const;
    }),
  );
  const activity = activityScore(event, known);
  const score = Math.max(activity.score, ...Object.values(classes).map((one) => one.score));
  return { score, activity, classes, sampleCount: known.length };
}

/** Covered occurrences of that hour on the wall in the 30 × 24 h before the event's own began, ascending. */
function knownBefore({ hour, startMs }: EventActivity['hour'], history: readonly SlotHour[]): SlotHour[] {
  return history
    .filter((known) => known.hour === hour && known.exposure > 0 && known.startMs < startMs && known.startMs >= startMs - WINDOW_MS)
    .sort((a, b) => a.startMs - b.startMs);
}

function activityScore(event: EventActivity, known: readonly SlotHour[]): AnomalyScore {
  const isSameWeekday = ({ weekday }: SlotHour) => weekday === event.hour.weekday;
  const own = weigh(activityOccurrences(known.filter(isSameWeekday), event.countsMotion), event);
  const others = weigh(
    activityOccurrences(
      known.filter((hour) => !isSameWeekday(hour)),
      event.countsMotion,
    ),
    event,
  );
  return scoreOf(totalCount(event.counts, event.countsMotion), {
    weightedCount: own.weightedCount + OTHER_WEEKDAYS * others.weightedCount,
    weightedExposure: own.weightedExposure + OTHER_WEEKDAYS * others.weightedExposure,
  });
}

function weigh(occurrences: readonly Occurrence[], { hour }: EventActivity): { weightedCount: number; weightedExposure: number } {
  return sumWeighed(occurrences.map((known) => ({ ...known, weight: ageWeight(hour.dayNumber - known.dayNumber) })));
}

function scoreOf(k: number, sums: { weightedCount: number; weightedExposure: number }): AnomalyScore {
  const a = PRIOR + sums.weightedCount;
  const b = PRIOR + sums.weightedExposure;
  return { score: anomaly(k, a, b), k, a, b };
}
