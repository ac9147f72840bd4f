import { createHash } from 'node:crypto';

import type { ExperimentArm } from '../../domain/enums.ts';
import type { AnswerFlag, LlmAnswer } from '../../domain/llm/answer.ts';
import { boundScore, type BoundedScore } from '../../domain/llm/bound-score.ts';
import { buildPrompt, promptRoom, type BuiltPrompt } from '../../domain/llm/build-prompt.ts';
import type { SeenText } from '../../domain/llm/prompt-aliases.ts';
import { supportedBy, unverifiedMentions } from '../../domain/llm/violations.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';
import type { ChatClient, ChatMessage, ChatReply, ChatRequest } from '../../llm/chat-client.ts';
import { LlmError } from '../../llm/llm-error.ts';
import { ANSWER_JSON_SCHEMA, parseAnswer } from './answer-schema.ts';
import type { EventPrompt } from './load-event-prompt.ts';
import type { EventPicture } from './read-event-pictures.ts';
import type { ArmVerdict, LlmRecord, RuleJudgement, Validation } from './verdict.ts';

export type AskOptions = {
  client: ChatClient;
  /** As configured. */
  model: string;
  contextTokens: number;
  prompt: EventPrompt;
  texts: readonly SeenText[];
  pictures: readonly EventPicture[];
  thresholds: RiskThresholds | undefined;
  experiment: { id: number; arm: ExperimentArm } | null;
  signal: AbortSignal;
};

/** The same event gets the same answer, as far as the server can. */
const SEED = 7;
/** Of the room that there was; asked for when the server counts more tokens than we do. */
const SHORTER = 0.6;

/** Asks the model about one event with one version of the prompt. Rejects only with the signal's reason. */
export async function askAboutEvent(facts: EventFacts, rule: RuleJudgement, options: AskOptions): Promise<ArmVerdict> {
  const question = writeQuestion(facts, options);
  try {
    const reply = await options.client.chat(question.request, options.signal);
    return toVerdict(reply, { facts, rule, options, question });
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    return toFailure(error, { facts, rule, options, question });
  }
}

type Question = { request: ChatRequest; built: () => BuiltPrompt };

function writeQuestion(facts: EventFacts, { prompt, texts, pictures, contextTokens }: AskOptions): Question {
  const { system_prompt: systemPrompt, temperature, max_tokens: maxTokens } = prompt.content;
  const build = (maxChars: number): BuiltPrompt => buildPrompt({ facts, systemPrompt, texts, pictures, maxChars });
  let built = build(promptRoom(contextTokens, maxTokens));
  const supported = supportedBy(facts);
  const check = (text: string): readonly string[] => {
    const parsed = parseAnswer(text, supported);
    return parsed.ok ? [] : parsed.problems;
  };
  const shorten = (): ChatMessage[] | undefined => {
    const shorter = build(Math.floor((built.system.length + built.user.length) * SHORTER));
    if (shorter.user.length >= built.user.length) return undefined;
    built = shorter;
    return toMessages(built, pictures);
  };
  const messages = toMessages(built, pictures);
  return {
    built: () => built,
    request: { messages, temperature, maxTokens, seed: SEED, schema: ANSWER_JSON_SCHEMA, check, shorten },
  };
}

function toMessages({ system, user }: BuiltPrompt, pictures: readonly EventPicture[]): ChatMessage[] {
  const images = pictures.map(({ jpeg }) => ({ type: 'image' as const, dataUrl: `data:image/jpeg;base64,${jpeg.toString('base64')}` }));
  const content = images.length === 0 ? user : [{ type: 'text' as const, text: user }, ...images];
  return [
    { role: 'system', content: system },
    { role: 'user', content },
  ];
}

type Asked = { facts: EventFacts; rule: RuleJudgement; options: AskOptions; question: Question };

function toVerdict(reply: ChatReply, asked: Asked): ArmVerdict {
  const { facts, rule, options } = asked;
  const supported = supportedBy(facts);
  const parsed = parseAnswer(reply.text, supported);
  // A client that accepts what it was told not to.
  if (!parsed.ok) return toFailure(new LlmError('llm_invalid', parsed.problems.join('; '), { ...reply, problems: parsed.problems }), asked);
  const { answer } = parsed;
  const { score, bounded } = boundScore(answer.risk_score, rule, options.thresholds);
  const unverified = unverifiedMentions(answer, supported);
  return {
    kind: 'answered',
    score,
    summary: answer.summary,
    reasoning: answer.reasoning,
    entities: answer.entities,
    flags: flagsOf(answer, { bounded, score, unverified }),
    recommendedAction: answer.recommended_action,
    confidenceFactors: answer.confidence_factors,
    record: toRecord(asked, { reply, validation: { code: null, message: null, problems: [], bounded, unverified } }),
  };
}

type Remarks = { score: number; bounded: BoundedScore['bounded']; unverified: readonly string[] };

/** The model's own, and what we have to say about its answer. */
function flagsOf({ flags }: LlmAnswer, { score, bounded, unverified }: Remarks): AnswerFlag[] {
  const reason = bounded?.by === 'floor' ? 'a threat was detected' : 'the rules say more than one level more';
  return [
    ...flags,
    ...unverified.map((word) => ({
      type: 'unverified_mention',
      description: `the text says "${word}", and nothing like it was detected`,
      severity: 'warning' as const,
    })),
    ...(bounded === null
      ? []
      : [
          {
            type: 'score_bounded',
            description: `the model said ${String(bounded.said)}; taken as ${String(score)}, because ${reason}`,
            severity: 'warning' as const,
          },
        ]),
  ];
}

function toFailure(error: LlmError, asked: Asked): ArmVerdict {
  const { failure: code, message } = error;
  const { text, attempts = 0, problems = [], stopsRun = false } = error.details;
  const reply = { text: text ?? null, model: asked.options.model, latencyMs: null, promptTokens: null, completionTokens: null, attempts };
  const validation: Validation = { code, message, problems, bounded: null, unverified: [] };
  return { kind: 'failed', code, message, stopsRun, record: toRecord(asked, { reply, validation }) };
}

type Replied = { [Key in keyof ChatReply]: ChatReply[Key] | null } & { model: string; attempts: number };

function toRecord({ facts, rule, options, question }: Asked, { reply, validation }: { reply: Replied; validation: Validation }): LlmRecord {
  const { prompt, pictures, experiment } = options;
  const { system, user, sections, dropped } = question.built();
  const { temperature, maxTokens, seed } = question.request;
  const notes = pictures.map(({ trackId, atMs, jpeg }) => ({ track_id: trackId, at: new Date(atMs).toISOString(), sha256: sha256(jpeg) }));
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  return {
    facts,
    rule,
    promptVersion: prompt.version,
    model: reply.model === '' ? options.model : reply.model,
    promptText: `${system}\n\n${user}`,
    request: { messages, pictures: notes, model: options.model, temperature, max_tokens: maxTokens, seed },
    rawReply: reply.text,
    latencyMs: reply.latencyMs,
    promptTokens: reply.promptTokens,
    completionTokens: reply.completionTokens,
    attempts: reply.attempts,
    sections,
    dropped,
    validation,
    experiment,
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
