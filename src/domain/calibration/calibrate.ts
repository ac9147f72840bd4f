import { SEVERITIES, type FeedbackType, type Severity } from '../enums.ts';
import { DEFAULT_RISK_THRESHOLDS, riskLevel, type RiskThresholds } from '../risk-level.ts';
import { countFeedback, type FeedbackCounts } from './feedback-counts.ts';

/** What somebody said about an event, as far as thresholds learn from it. */
export type LearntFeedback = {
  type: FeedbackType;
  /** Of the event when it was said; null: it had none, and nothing is learnt. */
  score: number | null;
  /** Level that the event should have had; null where it was not recorded. */
  expected: Severity | null;
};

export type CalibrationOptions = {
  start?: RiskThresholds;
  /** 0–1: how far one word moves the thresholds; 0: not at all. */
  decay: number;
};

export type CalibrationStep<Feedback> = {
  feedback: Feedback;
  /** What all three thresholds were moved by, before their limits. */
  change: number;
  /** After it. */
  thresholds: RiskThresholds;
};

const MIDDLE_SCORE = 50;
const HIGHEST_SCORE = 100;

/** Decays such as 0.7 have no exact binary form: 10 × 0.7 must not end just below 7. */
const EPSILON = 1e-9;

/** Thresholds learnt from feedback in the order it was given, and how often each type was given (§10.7). */
export function calibrate(
  feedback: Iterable<LearntFeedback>,
  options: CalibrationOptions,
): { thresholds: RiskThresholds; counts: FeedbackCounts } {
  let thresholds = options.start ?? DEFAULT_RISK_THRESHOLDS;
  const types: FeedbackType[] = [];
  for (const step of calibrationSteps(feedback, options)) {
    thresholds = step.thresholds;
    if (step.feedback.score !== null) types.push(step.feedback.type);
  }
  return { thresholds, counts: countFeedback(types) };
}

/** The same, word by word. */
export function* calibrationSteps<Feedback extends LearntFeedback>(
  feedback: Iterable<Feedback>,
  { start = DEFAULT_RISK_THRESHOLDS, decay }: CalibrationOptions,
): Generator<CalibrationStep<Feedback>> {
  let thresholds = start;
  for (const one of feedback) {
    const change = thresholdChange(one, { thresholds, decay });
    if (one.score !== null) thresholds = moveThresholds(thresholds, change);
    yield { feedback: one, change, thresholds };
  }
}

/** What one word moves all three thresholds by. All arithmetic is of whole numbers. */
export function thresholdChange(
  { type, score, expected }: LearntFeedback,
  { thresholds, decay }: { thresholds: RiskThresholds; decay: number },
): number {
  const base = decay === 0 ? 0 : Math.max(1, Math.floor(10 * decay + EPSILON));
  if (score === null || base === 0) return 0;
  switch (type) {
    case 'correct':
      return 0;
    case 'false_positive':
      return Math.floor((base * Math.max(MIDDLE_SCORE, score)) / MIDDLE_SCORE);
    case 'missed_threat':
      return -Math.floor((base * Math.max(MIDDLE_SCORE, HIGHEST_SCORE - score)) / MIDDLE_SCORE);
    case 'severity_wrong':
      return Math.max(1, Math.floor(base / 2)) * severityDirection(score, expected, thresholds);
  }
}

/** Up where the event should have been milder, down where it should have been more severe. */
function severityDirection(score: number, expected: Severity | null, thresholds: RiskThresholds): -1 | 0 | 1 {
  if (expected === null) return score >= MIDDLE_SCORE ? 1 : -1;
  const excess = SEVERITIES.indexOf(riskLevel(score, thresholds)) - SEVERITIES.indexOf(expected);
  if (excess === 0) return 0;
  return excess > 0 ? 1 : -1;
}

/** Bands between thresholds stay at least this wide. */
const BAND = 5;

/** Moves all thresholds and brings them back within their limits, which are applied in this order. */
export function moveThresholds({ low, medium, high }: RiskThresholds, change: number): RiskThresholds {
  const moved = { low: toScore(low + change), medium: toScore(medium + change), high: toScore(high + change) };
  const apart = { ...moved, medium: Math.max(moved.medium, moved.low + BAND) };
  const spread = pushBack({ ...apart, high: Math.max(apart.high, apart.medium + BAND) });
  return {
    low: clamp(spread.low, { least: 0, most: HIGHEST_SCORE - 2 * BAND }),
    medium: clamp(spread.medium, { least: BAND, most: HIGHEST_SCORE - BAND }),
    high: clamp(spread.high, { least: 2 * BAND, most: HIGHEST_SCORE }),
  };
}

/** Keeping the bands apart may have pushed the highest threshold out of the scores: the others make room. */
function pushBack(thresholds: RiskThresholds): RiskThresholds {
  const over = thresholds.high - HIGHEST_SCORE;
  if (over <= 0) return thresholds;
  const medium = clamp(thresholds.medium - over, { least: BAND, most: HIGHEST_SCORE - BAND });
  return { low: Math.min(thresholds.low, medium - BAND), medium, high: HIGHEST_SCORE };
}

function toScore(value: number): number {
  return clamp(value, { least: 0, most: HIGHEST_SCORE });
}

function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, value));
}
