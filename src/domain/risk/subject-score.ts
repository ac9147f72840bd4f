import type { ZoneType } from '../enums.ts';
import { utcToLocal } from '../time/local-time.ts';
import type { SubjectFacts, SubjectZone } from './event-facts.ts';
import { scoreIdentity } from './identity-score.ts';
import { sumOf, type RiskFactor } from './risk-factor.ts';
import type { RiskPoints, ScoredGroup } from './risk-points.ts';
import { capitalised, clockWords, durationWords, signed, twoDigits } from './risk-words.ts';

/** What one subject is worth on its own. The factors add up to `total`. */
export type SubjectScore = {
  subject: SubjectFacts;
  group: ScoredGroup;
  factors: RiskFactor[];
  /** Known to belong here, so that it can have no more than a few points. */
  isCapped: boolean;
  total: number;
  /** The zone that counts for it; null where none does. */
  zone: SubjectZone | null;
  /** Longest stay that counts. */
  stayMs: number;
};

type DayPart = 'night' | 'early or late' | 'day';
type Context = { points: RiskPoints; timezone: string };
type Scored = Pick<SubjectScore, 'subject' | 'group'> & Context;

const GROUPS: readonly string[] = ['person', 'vehicle', 'bicycle', 'animal', 'motion'] satisfies ScoredGroup[];

const ZONE_KEYS = {
  entry_point: 'entryPoint',
  yard: 'yard',
  driveway: 'driveway',
  sidewalk: 'sidewalk',
  other: 'other',
} as const satisfies Record<ZoneType, string>;

/** Scores a subject by class, time, zone, stay and identity (§9.1). */
export function scoreSubject(subject: SubjectFacts, { points, timezone }: Context): SubjectScore {
  const group = GROUPS.includes(subject.classGroup) ? (subject.classGroup as ScoredGroup) : 'other';
  const scored = { subject, group, points, timezone };
  const zone = strongestZone(scored);
  const stay = group === 'person' ? stayOf(subject, points) : { stayMs: 0, points: 0 };
  const identity = scoreIdentity(subject, { group, points });
  const factors = [classFactor(scored), timeFactor(scored), zoneFactor(zone), stayFactor(stay), ...identity.factors].filter(
    (factor) => factor !== null,
  );
  const sum = sumOf(factors);
  if (sum < 0) factors.push({ id: 'limit', points: -sum, sentence: `Not below 0 (${signed(-sum)}).` });
  const capped = identity.cap?.(Math.max(0, sum));
  if (capped) factors.push(capped);
  return { subject, group, factors, isCapped: capped !== undefined, total: sumOf(factors), zone: zone?.zone ?? null, stayMs: stay.stayMs };
}

/** By the clock on the wall at the camera. */
export function dayPartOf(atMs: number, timezone: string): DayPart {
  const { hour } = utcToLocal(atMs, timezone);
  if (hour >= 22 || hour < 6) return 'night';
  return hour === 6 || hour >= 20 ? 'early or late' : 'day';
}

function classFactor({ subject, group, points }: Scored): RiskFactor | null {
  const worth = points.class[group];
  return worth === 0 ? null : { id: 'class', points: worth, sentence: `${capitalised(subject.label)} seen (${signed(worth)}).` };
}

function timeFactor({ subject, group, points, timezone }: Scored): RiskFactor | null {
  const part = dayPartOf(subject.firstSeenMs, timezone);
  const worth = timePoints(part, group, points);
  if (worth === 0) return null;
  return {
    id: 'time',
    points: worth,
    sentence: `At ${clockWords(subject.firstSeenMs, timezone)} local time, ${part} (${signed(worth)}).`,
  };
}

function timePoints(part: DayPart, group: ScoredGroup, points: RiskPoints): number {
  if (part === 'night') return group === 'animal' ? 0 : points.night[group];
  if (group !== 'person') return 0;
  return part === 'day' ? points.day.person : points.earlyOrLate.person;
}

type ZoneWorth = { zone: SubjectZone; points: number };

/** A sidewalk counts only where nothing else was touched. */
function strongestZone({ subject, group, points }: Scored): ZoneWorth | null {
  const table = zoneTable(group, points);
  const beyond = subject.zones.filter(({ type }) => type !== 'sidewalk');
  let best: ZoneWorth | null = null;
  for (const zone of beyond.length > 0 ? beyond : subject.zones) {
    const worth = table?.[ZONE_KEYS[zone.type]] ?? 0;
    if (best === null || worth > best.points) best = { zone, points: worth };
  }
  return best;
}

function zoneTable(group: ScoredGroup, points: RiskPoints): RiskPoints['zonePerson'] | undefined {
  if (group === 'person') return points.zonePerson;
  return group === 'vehicle' || group === 'bicycle' ? points.zoneVehicle : undefined;
}

function zoneFactor(worth: ZoneWorth | null): RiskFactor | null {
  if (worth === null || worth.points === 0) return null;
  const { zone, points } = worth;
  return { id: 'zone', points, sentence: `In zone ${zone.name} (${zone.type}) (${signed(points)}).` };
}

type Stay = { stayMs: number; points: number };

function stayOf(subject: SubjectFacts, { stay }: RiskPoints): Stay {
  const near = subject.zones.filter(({ type }) => type === 'entry_point' || type === 'driveway' || type === 'yard');
  if (near.length > 0) {
    const { halfMinute, minute, threeMinutes, tenMinutes } = stay;
    return longest(near, [tenMinutes, 600], [threeMinutes, 180], [minute, 60], [halfMinute, 30]);
  }
  if (subject.zones.length === 0) {
    const inView = [{ dwellMs: subject.lastSeenMs - subject.firstSeenMs }];
    return longest(inView, [stay.inViewTenMinutes, 600], [stay.inViewThreeMinutes, 180]);
  }
  const onSidewalk = subject.zones.every(({ type }) => type === 'sidewalk');
  return onSidewalk ? longest(subject.zones, [stay.sidewalkFiveMinutes, 300]) : { stayMs: 0, points: 0 };
}

/** `steps`: points from so many seconds on, the longest first. */
function longest(stays: readonly { dwellMs: number }[], ...steps: readonly [points: number, seconds: number][]): Stay {
  const stayMs = Math.max(0, ...stays.map(({ dwellMs }) => dwellMs));
  const [points = 0] = steps.find(([, seconds]) => stayMs >= seconds * 1000) ?? [];
  return { stayMs, points };
}

function stayFactor({ stayMs, points }: Stay): RiskFactor | null {
  return points === 0 ? null : { id: 'dwell', points, sentence: `Stayed ${durationWords(stayMs)} (${signed(points)}).` };
}

/** `Wednesday 03:00–04:00`, as baselines count hours. */
export function hourWords(atMs: number, timezone: string): string {
  const { hour, year, month, day } = utcToLocal(atMs, timezone);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
  return `${weekday} ${twoDigits(hour)}:00–${twoDigits(hour + 1)}:00`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
