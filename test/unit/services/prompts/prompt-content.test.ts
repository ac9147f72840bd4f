import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/errors/hs-error.ts';
import { checkContent, readPromptText } from '../../../../src/services/prompts/prompt-content.ts';

const GOOD = { system_prompt: 'Judge.', temperature: 0, max_tokens: 2048 };

test.each([
  [{ system_prompt: '' }],
  [{ system_prompt: ' \n' }],
  [{ system_prompt: 'x'.repeat(65_537) }],
  [{ system_prompt: 'ü'.repeat(32_769) }],
  [{ system_prompt: 'a\0b' }],
  [{ temperature: -0.1 }],
  [{ temperature: 2.1 }],
  [{ temperature: Number.NaN }],
  [{ temperature: '1' }],
  [{ max_tokens: 99 }],
  [{ max_tokens: 8193 }],
  [{ max_tokens: 200.5 }],
  [{ model: 'x' }],
  [{ queries: ['only of florence-2'] }],
])('a prompt with %j is refused (§10.9)', (more) => {
  expect(() => checkContent('nemotron', { ...GOOD, ...more })).toThrow(UsageError);
});

test.each([[{}], [{ temperature: 2, max_tokens: 8192 }], [{ max_tokens: 100 }], [{ system_prompt: 'x'.repeat(65_536) }]])(
  'one with %j is taken (§10.9)',
  (more) => {
    expect(checkContent('nemotron', { ...GOOD, ...more })).toEqual({ ...GOOD, ...more });
  },
);

test('a model of lists has their canonical JSON for a text (§10.9)', () => {
  const lists = { confidence_threshold: 0.4, classes: ['parcel'], temperature: 0.7, max_tokens: 2048 };
  expect(checkContent('yolo-world', lists)).toEqual({ ...lists, system_prompt: '{"classes":["parcel"],"confidence_threshold":0.4}' });
  expect(() => checkContent('yolo-world', { ...lists, classes: 'parcel' })).toThrow('classes');
});

test('a file holds a text, or an object with keys', () => {
  expect(readPromptText('nemotron', '\ufeffJudge {well}.\n')).toEqual({ system_prompt: 'Judge {well}.' });
  expect(readPromptText('nemotron', '{"temperature": 1}')).toEqual({ temperature: 1 });
  expect(readPromptText('nemotron', '{name} judges.')).toEqual({ system_prompt: '{name} judges.' });
  expect(() => readPromptText('x-clip', 'walking')).toThrow('is a JSON object');
});
