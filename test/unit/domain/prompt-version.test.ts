import { expect, test } from 'vitest';
import { AI_MODELS, PROMPT_CONFIG_MODELS } from '../../../src/domain/enums.ts';
import {
  promptConfigKeys,
  setVersionConfig,
  toPromptConfigModel,
  toVersionModel,
  versionConfig,
} from '../../../src/domain/prompt-version.ts';

test('every model of one spelling has exactly one of the other (schema §2)', () => {
  expect(PROMPT_CONFIG_MODELS.map(toVersionModel)).toEqual([...AI_MODELS]);
});

test.each([
  ['', undefined],
  ['gpt', undefined],
  ['Florence-2', undefined],
  ['toString', undefined],
  ['nemotron', 'nemotron'],
  ['florence-2', 'florence-2'],
  ['florence2', 'florence-2'],
  ['yolo_world', 'yolo-world'],
  ['xclip', 'x-clip'],
  ['fashion_clip', 'fashion-clip'],
])('%j names the model %s', (name, model) => {
  expect(toPromptConfigModel(name)).toBe(model);
});

test.each([
  ['nemotron', []],
  ['florence-2', ['queries']],
  ['yolo-world', ['classes', 'confidence_threshold']],
  ['x-clip', ['action_classes']],
  ['fashion-clip', ['clothing_categories']],
] as const)('%s may be configured with %j beside what all have (schema §2)', (model, keys) => {
  expect(promptConfigKeys(model)).toEqual(['system_prompt', ...keys, 'temperature', 'max_tokens']);
});

test.each([
  ['', {}],
  ['nonsense', {}],
  ['null', {}],
  ['[1]', {}],
  ['"text"', {}],
  ['7', {}],
  ['{"a":', {}],
  ['{}', {}],
  [' {"a": [1], "b": {"c": null}} ', { a: [1], b: { c: null } }],
])('the configuration in %j is %j (schema §9)', (text, config) => {
  expect(versionConfig({ config_json: text })).toEqual(config);
});

test('a configuration is written as JSON with an indent of two and read back the same (schema §9)', () => {
  const config = { system_prompt: 'Look.\n"é"', queries: ['a', 'b'] };
  const patch = setVersionConfig(config);
  expect(patch.config_json).toBe('{\n  "system_prompt": "Look.\\n\\"é\\"",\n  "queries": [\n    "a",\n    "b"\n  ]\n}');
  expect(versionConfig(patch)).toEqual(config);
  expect(setVersionConfig({})).toEqual({ config_json: '{}' });
});
