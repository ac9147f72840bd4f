import type { AnswerEntity, AnswerFlag, ConfidenceFactors } from '../../domain/llm/answer.ts';
import type { ExperimentArm, Severity } from '../../domain/enums.ts';
import type { BoundedScore } from '../../domain/llm/bound-score.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { LlmFailure } from '../../llm/chat-client.ts';

/** What the rules say about an event. */
export type RuleJudgement = { score: number; level: Severity; floor: number | null; reasoning: string };

/** What was asked and what came of it; stored as it is in `llm_interactions`. */
export type LlmRecord = {
  facts: EventFacts;
  rule: RuleJudgement;
  promptVersion: number;
  /** As the server names it; as configured when nothing came. */
  model: string;
  /** The text of the prompt, both messages. */
  promptText: string;
  /** Messages with pictures as notes, and parameters. */
  request: Record<string, unknown>;
  /** As it came; null when nothing did. */
  rawReply: string | null;
  latencyMs: number | null;
  promptTokens: number | null;
  completionTokens: number | null;
  attempts: number;
  sections: readonly string[];
  dropped: readonly string[];
  validation: Validation;
  experiment: { id: number; arm: ExperimentArm } | null;
};

export type Validation = {
  /** Null: the answer was accepted. */
  code: LlmFailure | null;
  message: string | null;
  problems: readonly string[];
  bounded: BoundedScore['bounded'];
  /** Words for what no detection supports. */
  unverified: readonly string[];
};

export type AnsweredVerdict = {
  kind: 'answered';
  /** Within the bounds that the rules set. */
  score: number;
  summary: string;
  reasoning: string;
  entities: AnswerEntity[];
  flags: AnswerFlag[];
  recommendedAction: string;
  confidenceFactors: ConfidenceFactors;
  record: LlmRecord;
};

/** `stopsRun`: the server refuses the key; every further event of the run fails the same way, at once. */
export type FailedVerdict = { kind: 'failed'; code: LlmFailure; message: string; stopsRun: boolean; record: LlmRecord };

export type ArmVerdict = AnsweredVerdict | FailedVerdict;

/** `shadow`: what the other version of a shadow experiment said; it counts for nothing but the experiment. */
export type Verdict = ArmVerdict & { shadow: ArmVerdict | null };
