import type { EventToEvaluate } from '../../db/queries/event-audits.ts';
import { EVALUATION_SYSTEM, evaluationQuestion } from '../../domain/evaluation-prompt.ts';
import {
  ADVICE_SCHEMA,
  CRITIQUE_SCHEMA,
  readAdvice,
  readCritique,
  readRubric,
  readScore,
  RUBRIC_SCHEMA,
  SCORE_SCHEMA,
} from '../../domain/evaluation-reply.ts';
import { readReply, storable } from '../../domain/llm/read-reply.ts';
import { consistency, type EvaluationMode } from '../../domain/event-audit.ts';
import type { NewEventAudit } from '../../db/models/event-audits.ts';
import type { ChatClient } from '../../llm/chat-client.ts';

/** Columns of an audit that a mode writes. */
export type AuditPatch = Omit<NewEventAudit, 'event_id'>;

/** What a mode found; `reply` is what the model said, `result` a few words for people. */
export type ModeFinding = { patch: AuditPatch; result: string; reply?: string };

export type AskOptions = { chat: ChatClient; signal: AbortSignal };

/** A model that answered, but not with what was asked for. */
export class UnusableReplyError extends Error {
  override readonly name = 'UnusableReplyError';
}

const TEMPERATURE = 0.3;
const MAX_TOKENS = 1_024;
const SEED = 7;

type Spec<Answer> = {
  schema: Readonly<Record<string, unknown>>;
  read: (candidate: Readonly<Record<string, unknown>>) => Answer | undefined;
};

/** Asks the model about the answer that is stored. Throws what the client throws, and UnusableReplyError. */
export async function askMode(mode: EvaluationMode, event: EventToEvaluate, options: AskOptions & { floor: number }): Promise<ModeFinding> {
  switch (mode) {
    case 'critique': {
      const { answer, reply, question } = await ask(event, { mode, schema: CRITIQUE_SCHEMA, read: readCritique }, options);
      return {
        patch: { self_eval_critique: answer, self_eval_prompt: storable(question) },
        result: `${String(answer.length)} characters`,
        reply,
      };
    }
    case 'rubric': {
      const { answer, reply } = await ask(event, { mode, schema: RUBRIC_SCHEMA, read: readRubric }, options);
      const { context_usage, reasoning_coherence, risk_justification } = answer;
      const patch = {
        context_usage_score: context_usage,
        reasoning_coherence_score: reasoning_coherence,
        risk_justification_score: risk_justification,
      };
      return { patch, result: [context_usage, reasoning_coherence, risk_justification].join(' · '), reply };
    }
    case 'consistency': {
      const { answer, reply } = await ask(event, { mode, schema: SCORE_SCHEMA, read: readScore }, options);
      return { ...toConsistency(event, Math.max(answer, options.floor)), reply };
    }
    case 'advice': {
      const { answer, reply } = await ask(event, { mode, schema: ADVICE_SCHEMA, read: readAdvice }, options);
      return { patch: answer, result: `${String(Object.values(answer).flat().length)} hints`, reply };
    }
  }
}

/** What a second score says of the first. */
export function toConsistency({ risk_score: first }: EventToEvaluate, second: number): ModeFinding {
  const { diff, score } = consistency(first ?? second, second);
  const patch = { consistency_risk_score: second, consistency_diff: diff, consistency_score: score };
  return { patch, result: `${score.toFixed(1)} (${String(first)} then ${String(second)})` };
}

type Asked<Answer> = { answer: Answer; reply: string; question: string };

async function ask<Answer>(
  event: EventToEvaluate,
  { mode, schema, read }: Spec<Answer> & { mode: EvaluationMode },
  { chat, signal }: AskOptions,
): Promise<Asked<Answer>> {
  const { risk_score, summary, reasoning, recommended_action, entities, flags } = event;
  const answer = { risk_score, summary, reasoning, recommended_action, entities, flags };
  const question = evaluationQuestion(mode, { prompt: event.llm_prompt ?? '', answer });
  const { text } = await chat.chat(
    {
      messages: [
        { role: 'system', content: EVALUATION_SYSTEM },
        { role: 'user', content: question },
      ],
      temperature: TEMPERATURE,
      maxTokens: MAX_TOKENS,
      schema: { name: `event_audit_${mode}`, jsonSchema: schema },
      seed: SEED,
    },
    signal,
  );
  const found = readReply(text, read);
  if (found === undefined) throw new UnusableReplyError('the reply is not what was asked for');
  return { answer: found, reply: storable(text), question };
}
