import { PROMPT_CONFIG_MODELS, type AIModel, type PromptConfigModel } from './enums.ts';

/** What a version holds, so that a roll-back restores the whole config; further keys belong to the model. */
export type PromptContent = { system_prompt: string; temperature: number; max_tokens: number; [key: string]: unknown };

type PromptModel = { versionModel: AIModel; keys: readonly string[] };

/** Both spellings of each model and the keys its configuration has beside those of `PromptContent`. */
const PROMPT_MODELS: Readonly<Record<PromptConfigModel, PromptModel>> = {
  nemotron: { versionModel: 'nemotron', keys: [] },
  'florence-2': { versionModel: 'florence2', keys: ['queries'] },
  'yolo-world': { versionModel: 'yolo_world', keys: ['classes', 'confidence_threshold'] },
  'x-clip': { versionModel: 'xclip', keys: ['action_classes'] },
  'fashion-clip': { versionModel: 'fashion_clip', keys: ['clothing_categories'] },
};

/** As `prompt_versions` spells the model of a `prompt_configs` row. */
export function toVersionModel(model: PromptConfigModel): AIModel {
  return PROMPT_MODELS[model].versionModel;
}

/** As `prompt_configs` spells a model that is written either way; undefined when it is none. */
export function toPromptConfigModel(name: string): PromptConfigModel | undefined {
  return PROMPT_CONFIG_MODELS.find((model) => model === name || toVersionModel(model) === name);
}

/** Keys a configuration of the model may have. */
export function promptConfigKeys(model: PromptConfigModel): string[] {
  return ['system_prompt', ...PROMPT_MODELS[model].keys, 'temperature', 'max_tokens'];
}

/** The configuration of a version; empty when its text is not a JSON object. */
export function versionConfig(version: { config_json: string }): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(version.config_json);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Whether a configuration has all that is asked with. */
export function isPromptContent(content: Record<string, unknown>): content is PromptContent {
  return (
    typeof content['system_prompt'] === 'string' && typeof content['temperature'] === 'number' && typeof content['max_tokens'] === 'number'
  );
}

export function setVersionConfig(config: Readonly<Record<string, unknown>>): { config_json: string } {
  return { config_json: JSON.stringify(config, null, 2) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
