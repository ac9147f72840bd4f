import type { Knex } from 'knex';

import { openJudge } from '../../../src/services/llm/open-judge.ts';
import type { Judge } from '../../../src/services/llm/judge-event.ts';
import type { RuleJudgement } from '../../../src/services/llm/verdict.ts';
import type { EventFacts } from '../../../src/domain/risk/event-facts.ts';
import type { LlmPolicy } from '../../../src/llm/llm-policy.ts';
import { makeFacts } from '../../helpers/event-facts.ts';
import { seedEvent } from '../answers/seed.ts';

export const FAST: Partial<LlmPolicy> = { answerTimeoutMs: 500, backoffMs: 5, backoffCapMs: 40, breakerOpenMs: 40 };

export const RULE: RuleJudgement = { score: 32, level: 'medium', floor: null, reasoning: 'Person seen (+20).' };

type JudgeOptions = {
  baseUrl: string;
  llm?: object;
  policy?: Partial<LlmPolicy>;
  prompt?: Parameters<typeof openJudge>[1]['prompt'];
  signal?: AbortSignal;
};

export async function judgeAt(knex: Knex, { baseUrl, llm = {}, policy = {}, prompt, signal }: JudgeOptions): Promise<Judge> {
  const settings = { baseUrl, model: 'm', concurrency: 2, vision: 'auto' as const, context: 8192, deadlineS: 30, ...llm };
  return openJudge(knex, {
    settings: { home: '/nonexistent', llm: settings },
    policy: { ...FAST, ...policy },
    prompt,
    signal: signal ?? new AbortController().signal,
  });
}

/** An event of the camera `front_door` without detections, and facts that say otherwise. */
export async function seedJudged(knex: Knex, number = 0, more: Partial<EventFacts> = {}): Promise<EventFacts> {
  const facts = makeFacts(more);
  const startedAtMs = facts.event.startedAtMs + number * 60_000;
  const at = new Date(startedAtMs).toISOString();
  const id = await seedEvent(knex, { camera: 'front_door', members: [], at });
  return { ...facts, event: { ...facts.event, id, startedAtMs, batchId: `front_door-${at}` } };
}
