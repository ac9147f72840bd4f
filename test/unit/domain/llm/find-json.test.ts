import { expect, test } from 'vitest';
import { findJsonObjects, withoutThinking } from '../../../../src/domain/llm/find-json.ts';

test.each([
  ['', ''],
  ['plain', 'plain'],
  ['<think>{"a": 1}</think>{"b": 2}', '{"b": 2}'],
  ['{"b": 2}<think>it goes on {"a": 1}', '{"b": 2}'],
  ['it was opened by the prompt {"a": 1}</think> {"b": 2}', ' {"b": 2}'],
  ['<THINKING>x</THINKING>y<thought>z', 'y'],
  ['```think\n{"a": 1}\n```\n{"b": 2}', '\n{"b": 2}'],
  ['```thinking\n{"a": 1}', ''],
])('%j without thoughts is %j (§9.3)', (text, expected) => {
  expect(withoutThinking(text)).toBe(expected);
});

test.each([
  ['', []],
  ['{', []],
  ['}{', []],
  ['[1]', []],
  ['{"a": 1', []],
  ['{"a": 1}', [{ a: 1 }]],
  ['so: {"a": {"b": "}"}} and {"c": 2}.', [{ a: { b: '}' } }, { c: 2 }]],
  ['{not json} {"a": 1}', [{ a: 1 }]],
  ['{"a": "\\"}{"}', [{ a: '"}{' }]],
  ['{ {"a": 1}', [{ a: 1 }]],
  ['```json\n{"a": 1}\n```', [{ a: 1 }]],
])('in %j the objects %j are found', (text, expected) => {
  expect([...findJsonObjects(text)]).toEqual(expected);
});

test('a text of nothing but braces does not outlast a test', () => {
  expect([...findJsonObjects('{"'.repeat(2_000_000))]).toEqual([]);
  expect(withoutThinking('<think>'.repeat(500_000))).toBe('');
  withoutThinking('```think '.repeat(400_000));
  withoutThinking('</think'.repeat(500_000));
});
