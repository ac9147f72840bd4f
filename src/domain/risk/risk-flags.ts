import { UNUSUAL } from './event-factors.ts';
import type { EventFacts } from './event-facts.ts';
import type { RiskFloor } from './risk-floor.ts';
import { clockWords, durationWords } from './risk-words.ts';
import type { RiskFlag } from './rule-verdict.ts';
import { dayPartOf, type SubjectScore } from './subject-score.ts';

const LOITERING_MS = 180_000;

type Scored = { facts: EventFacts; subjects: readonly SubjectScore[]; floor: RiskFloor | null };

/** What of an event deserves a mark of its own (§9.1). Whoever is known to belong here raises none. */
export function riskFlags({ facts, subjects, floor }: Scored): RiskFlag[] {
  const people = subjects.filter(({ group, isCapped }) => group === 'person' && !isCapped);
  const open = subjects.filter(({ group, isCapped }) => !isCapped && group !== 'animal' && group !== 'motion');
  return [
    threatFlag(floor),
    tamperFlag(facts),
    unknownAtEntryFlag(people),
    nightFlag(people, facts),
    loiteringFlag(people),
    unusualFlag(open, facts),
  ].filter((flag) => flag !== null);
}

function threatFlag(floor: RiskFloor | null): RiskFlag | null {
  return floor && { type: floor.kind, severity: 'critical', description: `${floor.type} seen, ${floor.confidence.toFixed(2)}` };
}

function tamperFlag({ sceneChanges }: EventFacts): RiskFlag | null {
  const change = sceneChanges.find(({ type }) => type !== 'unknown');
  return change ? { type: 'camera_tamper', severity: 'alert', description: `view of the camera: ${change.type}` } : null;
}

function unknownAtEntryFlag(people: readonly SubjectScore[]): RiskFlag | null {
  const one = people.find(({ subject }) => subject.identity.kind === 'unknown' && subject.zones.some(({ type }) => type === 'entry_point'));
  const zone = one?.subject.zones.find(({ type }) => type === 'entry_point');
  return zone ? { type: 'unknown_at_entry', severity: 'alert', description: `nobody known in zone ${zone.name}` } : null;
}

function nightFlag(people: readonly SubjectScore[], { camera: { timezone } }: EventFacts): RiskFlag | null {
  const one = people.find(({ subject }) => dayPartOf(subject.firstSeenMs, timezone) === 'night');
  if (!one) return null;
  return { type: 'night_presence', severity: 'warning', description: `person at ${clockWords(one.subject.firstSeenMs, timezone)}` };
}

/** Where a stay gives points: longer on a sidewalk than elsewhere. */
function loiteringFlag(people: readonly SubjectScore[]): RiskFlag | null {
  const stays = people.filter(({ factors, stayMs }) => stayMs >= LOITERING_MS && factors.some(({ id }) => id === 'dwell'));
  if (stays.length === 0) return null;
  const longestMs = Math.max(...stays.map(({ stayMs }) => stayMs));
  return { type: 'loitering', severity: 'warning', description: `stayed ${durationWords(longestMs)}` };
}

function unusualFlag(open: readonly SubjectScore[], { baseline }: EventFacts): RiskFlag | null {
  if (baseline === null || baseline.anomaly < UNUSUAL || open.length === 0) return null;
  return { type: 'unusual_time', severity: 'warning', description: `unusual for the hour, ${baseline.anomaly.toFixed(4)}` };
}
