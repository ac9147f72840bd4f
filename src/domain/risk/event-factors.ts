import type { SceneChangeType } from '../enums.ts';
import type { EventFacts, SceneChangeFacts } from './event-facts.ts';
import type { RiskFactor } from './risk-factor.ts';
import type { RiskPoints } from './risk-points.ts';
import { signed } from './risk-words.ts';
import { hourWords, type SubjectScore } from './subject-score.ts';

const WEAK_SCORE = 0.6;
export const UNUSUAL = 0.95;
const VERY_UNUSUAL = 0.99;
const USUAL = 0.5;

type Around = { facts: EventFacts; all: readonly SubjectScore[]; points: RiskPoints };

/** Whether what goes on around a subject says something about it: not about those who belong here, nor animals and bare motion. */
export function isOpen({ isCapped, group }: SubjectScore): boolean {
  return !isCapped && group !== 'animal' && group !== 'motion';
}

/** What an event adds to one of its subjects (§9.1). */
export function eventFactors(subject: SubjectScore, around: Around): RiskFactor[] {
  if (!isOpen(subject)) return [];
  return [groupFactor(subject, around), baselineFactor(around), camerasFactor(subject, around), evidenceFactor(subject, around)].filter(
    (factor) => factor !== null,
  );
}

/** Most strangers visible at once, the subject among them if it is a person. */
function groupFactor(subject: SubjectScore, { facts, all, points }: Around): RiskFactor | null {
  const people = all.filter((one) => one.group === 'person' && !one.isCapped && (one === subject || one.subject.cameWithVehicle === null));
  const count = mostAtOnce(
    people.map(({ subject: { firstSeenMs, lastSeenMs } }) => ({
      fromMs: Math.max(firstSeenMs, facts.event.startedAtMs),
      untilMs: lastSeenMs,
    })),
  );
  const worth = Math.min(points.group.most, points.group.each * Math.max(0, count - 1));
  return worth === 0 ? null : { id: 'group', points: worth, sentence: `${String(count)} people at once (${signed(worth)}).` };
}

/** Both ends belong to a span: people in one still picture are there at once. */
function mostAtOnce(spans: readonly { fromMs: number; untilMs: number }[]): number {
  const counts = spans.map(({ fromMs }) => spans.filter((other) => other.fromMs <= fromMs && other.untilMs >= fromMs).length);
  return Math.max(0, ...counts);
}

function baselineFactor({ facts, points }: Around): RiskFactor | null {
  const { baseline, event, camera } = facts;
  if (baseline === null) return null;
  const worth = baselinePoints(baseline.anomaly, points);
  if (worth === 0) return null;
  const word = baseline.anomaly >= UNUSUAL ? 'Unusual' : 'Usual';
  const { expectedPerHour, seen } = baseline;
  return {
    id: 'baseline',
    points: worth,
    sentence: `${word} for ${hourWords(event.startedAtMs, camera.timezone)}: expected ${expectedPerHour.toFixed(2)}, seen ${String(seen)} (${signed(worth)}).`,
  };
}

function baselinePoints(anomaly: number, { baseline }: RiskPoints): number {
  if (anomaly >= VERY_UNUSUAL) return baseline.veryUnusual;
  if (anomaly >= UNUSUAL) return baseline.unusual;
  return anomaly <= USUAL ? baseline.usual : 0;
}

function camerasFactor({ subject }: SubjectScore, { facts, points }: Around): RiskFactor | null {
  const { identity } = subject;
  const entityId = 'entityId' in identity ? identity.entityId : null;
  const found = facts.otherCameras.sightings.filter((sighting) =>
    identity.kind === 'not_compared'
      ? sighting.label === 'person' && sighting.isTrusted !== true
      : entityId !== null && sighting.entityId === entityId,
  );
  const names = [...new Map(found.map(({ cameraId, cameraName }) => [cameraId, cameraName])).values()];
  const worth = Math.min(points.otherCameras.most, points.otherCameras.each * names.length);
  return worth === 0 ? null : { id: 'cameras', points: worth, sentence: `Also seen at ${names.join(', ')} (${signed(worth)}).` };
}

function evidenceFactor({ subject }: SubjectScore, { points }: Around): RiskFactor | null {
  const isWeak = subject.bestScore < WEAK_SCORE || (subject.frameCount === 1 && !subject.isStill);
  const worth = points.weakEvidence;
  return isWeak && worth !== 0 ? { id: 'evidence', points: worth, sentence: `Weak detection (${signed(worth)}).` } : null;
}

const SCENE_KEYS = {
  view_blocked: 'viewBlocked',
  view_tampered: 'viewTampered',
  angle_changed: 'angleChanged',
  unknown: 'unknown',
} as const satisfies Record<SceneChangeType, string>;

/** The change of the view that weighs most; it counts whoever was seen. */
export function sceneFactor(changes: readonly SceneChangeFacts[], { scene }: RiskPoints): RiskFactor | null {
  let best: RiskFactor | null = null;
  for (const { type } of changes) {
    const worth = scene[SCENE_KEYS[type]];
    if (worth === 0 || (best !== null && best.points >= worth)) continue;
    best = { id: 'scene', points: worth, sentence: `Camera view changed: ${type} (${signed(worth)}).` };
  }
  return best;
}
