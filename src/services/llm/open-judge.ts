import type { LlmOptions } from '../../llm/llm-client.ts';
import type { DecodeSettings } from '../footage/read-footage-frame.ts';
import { createJudge, type Judge, type JudgeDeps } from './judge-event.ts';
import { openLlm, type LlmSettings } from './open-llm.ts';

export type JudgeSettings = DecodeSettings & { llm: LlmSettings };

type OpenJudgeOptions = Pick<JudgeDeps, 'thresholds' | 'prompt' | 'signal'> & {
  settings: JudgeSettings;
  /** Replaced in tests. */
  policy?: LlmOptions['policy'];
};

/** A judge that asks the model that is set up. Throws a usage error when there is none. Nothing is sent before the first event. */
export async function openJudge(knex: JudgeDeps['knex'], { settings, policy, ...options }: OpenJudgeOptions): Promise<Judge> {
  const { client, model } = await openLlm(settings.llm, policy);
  return createJudge({ ...options, knex, client, model, contextTokens: settings.llm.context, decode: settings });
}
