import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { findEventAudit, saveEventAudit, type EventAuditRow } from '../../db/models/event-audits.ts';
import { findEventToEvaluate, lockEventScore, type EventToEvaluate } from '../../db/queries/event-audits.ts';
import { overallQuality, type EvaluationMode } from '../../domain/event-audit.ts';
import type { ChatClient } from '../../llm/chat-client.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { askMode, toConsistency, UnusableReplyError, type AuditPatch, type ModeFinding } from './evaluate-mode.ts';

/** An event scored by the rules once more, from what is stored now; `floor` is the least that threats in it allow. */
export type ScoreByRules = (knex: Knex, eventId: number) => Promise<{ score: number; floor: number } | undefined>;

/** What evaluating works with; without one of them its modes are left out. */
export type AuditTools = { chat?: ChatClient | undefined; scoreByRules?: ScoreByRules | undefined };

export type ModeOutcome = {
  event_id: number;
  mode: EvaluationMode;
  outcome: 'done' | 'failed' | 'skipped';
  /** What it came to, or why not. */
  result: string;
  /** Of the event, after all modes. */
  overall_quality_score: number | null;
  /** The model could not be reached: asking more is in vain for now. */
  isDown: boolean;
};

export type EvaluateEventOptions = {
  modes: readonly EvaluationMode[];
  tools: AuditTools;
  actor: string;
  dryRun: boolean;
  signal: AbortSignal;
};

type Outcome = Pick<ModeOutcome, 'mode' | 'outcome' | 'result' | 'isDown'> & { finding?: ModeFinding };

/** Evaluates one event mode by mode; a failed one leaves its columns as they are, and the others go on. */
export async function evaluateEvent(knex: Knex, id: number, options: EvaluateEventOptions): Promise<ModeOutcome[]> {
  const event = await findEventToEvaluate(knex, id);
  if (event === undefined) throw noSuchEvent([id]);
  const outcomes: Outcome[] = [];
  for (const mode of options.modes) outcomes.push(await tryMode(knex, event, { ...options, mode }));
  const overall = options.dryRun ? await storedQuality(knex, id) : await keep(knex, event, { outcomes, actor: options.actor });
  return outcomes.map(({ mode, outcome, result, isDown }) => ({
    event_id: id,
    mode,
    outcome,
    result,
    overall_quality_score: overall,
    isDown,
  }));
}

type Attempt = EvaluateEventOptions & { mode: EvaluationMode };

async function tryMode(knex: Knex, event: EventToEvaluate, attempt: Attempt): Promise<Outcome> {
  const { mode, tools, dryRun, signal } = attempt;
  const obstacle = obstacleOf(event, attempt);
  if (obstacle !== undefined) return { mode, outcome: 'skipped', result: obstacle, isDown: false };
  if (dryRun) return { mode, outcome: 'skipped', result: 'would be evaluated', isDown: false };
  try {
    signal.throwIfAborted();
    const finding = await findOut(knex, event, { mode, tools, signal });
    return { mode, outcome: 'done', result: finding.result, isDown: false, finding };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error) || (error.name !== 'LlmError' && !(error instanceof UnusableReplyError))) throw error;
    const failure = 'failure' in error ? error.failure : undefined;
    return { mode, outcome: 'failed', result: error.message, isDown: failure === 'llm_unreachable' || failure === 'llm_timeout' };
  }
}

/** Why a mode has nothing to look at or to look with. */
function obstacleOf(event: EventToEvaluate, { mode, tools }: Attempt): string | undefined {
  if (event.risk_score === null) return 'the event has no score';
  if (event.risk_source === 'rules') {
    if (mode !== 'consistency') return 'the event was judged by rules';
    return tools.scoreByRules === undefined ? 'the rules cannot be asked again' : undefined;
  }
  if (event.llm_prompt === null) return 'the question to the model was not stored';
  return tools.chat === undefined ? 'no language model is set up' : undefined;
}

type Search = { mode: EvaluationMode; tools: AuditTools; signal: AbortSignal };

async function findOut(knex: Knex, event: EventToEvaluate, { mode, tools, signal }: Search): Promise<ModeFinding> {
  const again = mode === 'consistency' ? await tools.scoreByRules?.(knex, event.id) : undefined;
  if (event.risk_source === 'rules') {
    if (again === undefined) throw new UnusableReplyError('the rules found nothing to score');
    return toConsistency(event, again.score);
  }
  if (tools.chat === undefined) throw new UnusableReplyError('no language model is set up');
  return askMode(mode, event, { chat: tools.chat, signal, floor: again?.floor ?? 0 });
}

type Kept = { outcomes: readonly Outcome[]; actor: string };

/** Stores what was found, unless the event was judged anew meanwhile: then it would be about another answer. */
async function keep(knex: Knex, event: EventToEvaluate, { outcomes, actor }: Kept): Promise<number | null> {
  const findings = outcomes.flatMap(({ mode, finding }) => (finding === undefined ? [] : [{ mode, ...finding }]));
  if (findings.length === 0) return storedQuality(knex, event.id);
  return knex.transaction(async (trx) => {
    const now = await lockEventScore(trx, event.id);
    if (now?.risk_score !== event.risk_score || now.llm_prompt !== event.llm_prompt) return storedQuality(trx, event.id);
    const stored = await findEventAudit(trx, event.id);
    const patch = Object.assign({}, ...findings.map((finding) => finding.patch)) as AuditPatch;
    const overall = overallQuality(fourScores({ ...stored, ...patch }));
    const replies = repliesOf(stored, findings);
    await saveEventAudit(trx, { event_id: event.id, ...patch, overall_quality_score: overall, self_eval_response: replies });
    const details = { modes: findings.map(({ mode }) => mode), overall_quality_score: overall };
    const what = { action: 'ai_reevaluated', resource_type: 'event_audit', resource_id: String(event.id) } as const;
    await insertAuditLog(trx, { ...what, actor, details });
    return overall;
  });
}

type FourScores = Pick<
  EventAuditRow,
  'context_usage_score' | 'reasoning_coherence_score' | 'risk_justification_score' | 'consistency_score'
>;

function fourScores(audit: Partial<FourScores>): (number | null | undefined)[] {
  return [audit.context_usage_score, audit.reasoning_coherence_score, audit.risk_justification_score, audit.consistency_score];
}

/** What the model said, by mode: a JSON object as text. */
function repliesOf(stored: EventAuditRow | undefined, findings: readonly { mode: EvaluationMode; reply?: string }[]): string | null {
  const said = findings.flatMap(({ mode, reply }) => (reply === undefined ? [] : [[mode, reply] as const]));
  const all = { ...earlierReplies(stored?.self_eval_response ?? null), ...Object.fromEntries(said) };
  return Object.keys(all).length === 0 ? null : JSON.stringify(all);
}

function earlierReplies(text: string | null): object {
  try {
    const replies: unknown = JSON.parse(text ?? '{}');
    return typeof replies === 'object' && replies !== null && !Array.isArray(replies) ? replies : {};
  } catch {
    return {};
  }
}

async function storedQuality(knex: Knex, id: number): Promise<number | null> {
  return (await findEventAudit(knex, id))?.overall_quality_score ?? null;
}
