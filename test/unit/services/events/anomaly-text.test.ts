import { expect, test } from 'vitest';
import { anomalyText } from '../../../../src/services/events/anomaly-text.ts';

const NUMBERS = { score: 0, k: 1, a: 0.5, b: 12.6911 };

test('without a score there is not enough history', () => {
  expect(anomalyText(null, null)).toBe('not enough history');
});

test.each([
  [0.2, 'usual'],
  [0.5, 'usual'],
  [0.7, 'neither usual nor unusual'],
  [0.95, 'unusual'],
  [0.99, 'very unusual'],
])('%d is %s (§8.4)', (score, word) => {
  const basis = { samples: 30, activity: { ...NUMBERS, k: 2 }, classes: { person: NUMBERS } };
  expect(anomalyText(score, basis)).toBe(
    `${score.toFixed(4)} ${word}: 1 person, 0.04 expected · 2 in all, 0.04 expected (30 such hours known)`,
  );
});
