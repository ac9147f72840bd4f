import { describe, expect, test } from 'vitest';
import {
  calibrate,
  calibrationSteps,
  moveThresholds,
  thresholdChange,
  type LearntFeedback,
} from '../../../../src/domain/calibration/calibrate.ts';
import { FEEDBACK_TYPES, SEVERITIES, type FeedbackType, type Severity } from '../../../../src/domain/enums.ts';
import { DEFAULT_RISK_THRESHOLDS } from '../../../../src/domain/risk-level.ts';

const word = (type: FeedbackType, score: number | null, expected: Severity | null = null): LearntFeedback => ({ type, score, expected });

describe('one word (§10.7)', () => {
  test.each<[FeedbackType, number | null, number, Severity | null, number]>([
    ['false_positive', null, 1, null, 0],
    ['severity_wrong', null, 1, 'high', 0],
    ['false_positive', 100, 0, null, 0],
    ['missed_threat', 0, 0, null, 0],
    ['severity_wrong', 75, 0, null, 0],
    ['correct', 75, 1, null, 0],
    ['false_positive', 30, 0.1, null, 1],
    ['false_positive', 30, 0.05, null, 1],
    ['false_positive', 30, 0.19, null, 1],
    ['false_positive', 55, 1, null, 11],
    ['false_positive', 75, 0.7, null, 10],
    ['false_positive', 100, 1, null, 20],
    ['missed_threat', 45, 1, null, -11],
    ['missed_threat', 1, 1, null, -19],
    ['missed_threat', 50, 1, null, -10],
    ['severity_wrong', 75, 1, null, 5],
    ['severity_wrong', 75, 0.5, null, 2],
    ['severity_wrong', 50, 0.5, null, 2],
    ['severity_wrong', 49, 0.5, null, -2],
    ['severity_wrong', 75, 1, 'critical', -5],
    ['severity_wrong', 75, 1, 'high', 0],
    ['severity_wrong', 75, 1, 'medium', 5],
    ['severity_wrong', 20, 1, 'high', -5],
  ])('%s of an event with score %s, decay %s, expected %s, moves the thresholds by %s', (type, score, decay, expected, change) => {
    expect(thresholdChange(word(type, score, expected), { thresholds: DEFAULT_RISK_THRESHOLDS, decay })).toBe(change);
  });

  test('the level an event has is that of the thresholds before the word', () => {
    const thresholds = { low: 70, medium: 80, high: 90 };
    expect(thresholdChange(word('severity_wrong', 75, 'medium'), { thresholds, decay: 1 })).toBe(0);
    expect(thresholdChange(word('severity_wrong', 75, 'low'), { thresholds, decay: 1 })).toBe(5);
  });
});

describe('limits (§10.7)', () => {
  test.each([
    [[10, 40, 70], -50, [0, 5, 20]],
    [[95, 100, 100], 0, [90, 95, 100]],
    [[90, 95, 100], 0, [90, 95, 100]],
    [[0, 5, 12], 0, [0, 5, 12]],
    [[30, 60, 85], 1, [31, 61, 86]],
    [[30, 60, 85], 20, [50, 80, 100]],
    [[30, 60, 85], -40, [0, 20, 45]],
    [[85, 90, 97], 11, [90, 95, 100]],
    [[30, 60, 85], 90, [90, 95, 100]],
    [[30, 60, 85], -100, [0, 5, 10]],
    [[0, 0, 0], 0, [0, 5, 10]],
  ])('%j moved by %s is %j', ([low = 0, medium = 0, high = 0], change, [lowAfter, mediumAfter, highAfter]) => {
    expect(moveThresholds({ low, medium, high }, change)).toEqual({ low: lowAfter, medium: mediumAfter, high: highAfter });
  });

  test('hold for every start and every change', () => {
    for (let low = 0; low <= 100; low += 5) {
      for (let medium = low; medium <= 100; medium += 5) {
        for (let high = medium; high <= 100; high += 5) {
          for (const change of [-100, -21, -1, 0, 1, 21, 100]) {
            const after = moveThresholds({ low, medium, high }, change);
            expect(after.low >= 0 && after.medium >= after.low + 5 && after.high >= after.medium + 5 && after.high <= 100).toBe(true);
          }
        }
      }
    }
  });
});

describe('the fold (§10.7)', () => {
  const WORDS = [word('false_positive', 55), word('false_positive', 72), word('severity_wrong', 75, 'critical'), word('missed_threat', 20)];

  test('without feedback gives the thresholds it starts with', () => {
    const none = { correct_count: 0, false_positive_count: 0, missed_threat_count: 0, severity_wrong_count: 0 };
    expect(calibrate([], { decay: 0.1 })).toEqual({ thresholds: DEFAULT_RISK_THRESHOLDS, counts: none });
    expect(calibrate([word('false_positive', null)], { decay: 0.1 })).toEqual({ thresholds: DEFAULT_RISK_THRESHOLDS, counts: none });
    expect(calibrate([], { start: { low: 1, medium: 2, high: 3 }, decay: 0.1 }).thresholds).toEqual({ low: 1, medium: 2, high: 3 });
  });

  test('goes word by word', () => {
    const steps = [...calibrationSteps(WORDS, { decay: 0.1 })];
    expect(steps.map(({ change, thresholds: { low, medium, high } }) => [change, low, medium, high])).toEqual([
      [1, 31, 61, 86],
      [1, 32, 62, 87],
      [-1, 31, 61, 86],
      [-1, 30, 60, 85],
    ]);
    expect(steps.map(({ feedback }) => feedback)).toEqual(WORDS);
  });

  test('counts each type on its own, words without a score not at all', () => {
    expect(calibrate([...WORDS, word('correct', 10), word('correct', null)], { decay: 0.1 }).counts).toEqual({
      correct_count: 1,
      false_positive_count: 2,
      missed_threat_count: 1,
      severity_wrong_count: 1,
    });
  });

  test('word after word is the same as all at once', () => {
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const words = Array.from({ length: 300 }, () =>
      word(FEEDBACK_TYPES[next(4)]!, next(10) === 0 ? null : next(101), next(2) === 0 ? null : SEVERITIES[next(4)]!),
    );
    for (const decay of [0, 0.1, 0.35, 1]) {
      let thresholds = DEFAULT_RISK_THRESHOLDS;
      for (const one of words) thresholds = calibrate([one], { start: thresholds, decay }).thresholds;
      expect(calibrate(words, { decay }).thresholds).toEqual(thresholds);
    }
  });

  test('with decay 0 learns nothing', () => {
    expect(calibrate(WORDS, { decay: 0 }).thresholds).toEqual(DEFAULT_RISK_THRESHOLDS);
  });
});
