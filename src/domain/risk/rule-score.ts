import { DEFAULT_RISK_THRESHOLDS, riskLevel, type RiskThresholds } from '../risk-level.ts';
import { eventFactors, sceneFactor } from './event-factors.ts';
import type { EventFacts } from './event-facts.ts';
import { sumOf, type RiskFactor } from './risk-factor.ts';
import { riskFlags } from './risk-flags.ts';
import { riskFloor, type RiskFloor } from './risk-floor.ts';
import { DEFAULT_RISK_POINTS, type RiskPoints } from './risk-points.ts';
import { confidenceOf, entitiesOf, RECOMMENDED_ACTIONS, summaryOf } from './risk-texts.ts';
import { signed } from './risk-words.ts';
import type { RuleVerdict } from './rule-verdict.ts';
import { scoreSubject, type SubjectScore } from './subject-score.ts';

/** `offset`: what feedback on the camera has taught to add to its scores (§9.2), before floors. */
export type RuleOptions = { points?: RiskPoints; thresholds?: RiskThresholds; offset?: number };

/** Part of what scores are compared by: another number says that the rules themselves have changed. */
export const RULES_VERSION = 1;

const HIGHEST = 100;

/**
 * Scores an event by its facts alone (§9.1). Each subject is scored with what the event adds to it, and the highest counts: whoever
 * else was there never makes a stranger look harmless.
 */
export function ruleScore(facts: EventFacts, options: RuleOptions = {}): RuleVerdict {
  const { points = DEFAULT_RISK_POINTS, thresholds = DEFAULT_RISK_THRESHOLDS, offset = 0 } = options;
  const subjects = facts.subjects.map((subject) => scoreSubject(subject, { points, timezone: facts.camera.timezone }));
  const [lead] = subjects
    .map((score) => ({ score, factors: [...score.factors, ...eventFactors(score, { facts, all: subjects, points })] }))
    .toSorted(compareCandidates);
  const floor = riskFloor(facts);
  const ofCamera = [...toList(sceneFactor(facts.sceneChanges, points)), ...toList(calibrationFactor(offset))];
  const factors = bounded([...(lead?.factors ?? []), ...ofCamera], floor);
  const score = sumOf(factors);
  const level = riskLevel(score, thresholds);
  return {
    score,
    level,
    factors,
    reasoning: factors.map(({ sentence }) => sentence).join(' '),
    summary: summaryOf(facts, lead?.score),
    flags: riskFlags({ facts, subjects, floor }),
    recommendedAction: RECOMMENDED_ACTIONS[level],
    confidenceFactors: confidenceOf(facts),
    entities: entitiesOf(subjects, thresholds),
  };
}

type Candidate = { score: SubjectScore; factors: readonly RiskFactor[] };

/** The highest first; of equal ones whoever is not known, then whoever came first. */
function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    sumOf(b.factors) - sumOf(a.factors) ||
    Number(a.score.isCapped) - Number(b.score.isCapped) ||
    a.score.subject.firstSeenMs - b.score.subject.firstSeenMs ||
    a.score.subject.trackId - b.score.subject.trackId
  );
}

/** Brings the sum into 0–100 and up to the floor; what that takes is a factor of its own. */
function bounded(factors: readonly RiskFactor[], floor: RiskFloor | null): RiskFactor[] {
  const sum = sumOf(factors);
  const score = Math.min(HIGHEST, Math.max(0, sum));
  const result = [...factors];
  if (score !== sum) {
    const limit = score === 0 ? 'Not below 0' : `At most ${String(HIGHEST)}`;
    result.push({ id: 'limit', points: score - sum, sentence: `${limit} (${signed(score - sum)}).` });
  }
  if (floor) {
    const sentence = `Threat: ${floor.type} ${floor.confidence.toFixed(2)} (at least ${String(floor.score)}).`;
    result.push({ id: 'threat', points: Math.max(0, floor.score - score), sentence });
  }
  return result;
}

function calibrationFactor(offset: number): RiskFactor | null {
  return offset === 0 ? null : { id: 'calibration', points: offset, sentence: `Learned from feedback on this camera (${signed(offset)}).` };
}

function toList(factor: RiskFactor | null): RiskFactor[] {
  return factor === null ? [] : [factor];
}
