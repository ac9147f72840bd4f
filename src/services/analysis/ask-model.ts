import type { Knex } from 'knex';

import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { ModelVerdict } from '../../domain/risk/model-verdict.ts';
import { riskFloor } from '../../domain/risk/risk-floor.ts';
import type { RuleVerdict } from '../../domain/risk/rule-verdict.ts';
import { loadThresholds } from '../calibration/load-thresholds.ts';
import { openJudge, type JudgeSettings } from '../llm/open-judge.ts';
import { saveVerdict } from '../llm/save-verdict.ts';
import type { AnsweredVerdict } from '../llm/verdict.ts';
import type { EventJudge } from './scoring.ts';

type AskSettings = JudgeSettings & { calibration: { user: string } };

type AskOptions = { settings: AskSettings; signal: AbortSignal; warn: (message: string) => void };

/** The language model that is set up, as a judge of events; each kind of failure is told once. Throws a usage error when there is none. */
export async function openEventJudge(knex: Knex, { settings, signal, warn }: AskOptions): Promise<EventJudge> {
  const told = new Set<string>();
  const thresholds = await loadThresholds(knex, settings.calibration.user);
  const { judge } = await openJudge(knex, { settings, thresholds, signal });
  return async (facts, rule) => {
    const verdict = await judge(facts, ruleJudgement(facts, rule));
    const keepRecord = (trx: Knex.Transaction, runId: string | null): Promise<void> => saveVerdict(trx, { verdict, runId, thresholds });
    if (verdict.kind === 'answered') return { kind: 'judged', verdict: toModelVerdict(verdict), keepRecord };
    const { code, message } = verdict;
    if (!told.has(code)) warn(`no verdict of the language model on event ${String(facts.event.id)} (${code}): ${message}`);
    told.add(code);
    return { kind: 'failed', code, keepRecord };
  };
}

function ruleJudgement(facts: EventFacts, { score, level, reasoning }: RuleVerdict) {
  return { score, level, reasoning, floor: riskFloor(facts)?.score ?? null };
}

/** The built-in prompt is version 0 and none of the stored ones. */
function toModelVerdict({ record, ...verdict }: AnsweredVerdict): ModelVerdict {
  return {
    score: verdict.score,
    summary: verdict.summary,
    reasoning: verdict.reasoning,
    entities: verdict.entities,
    flags: verdict.flags,
    recommendedAction: verdict.recommendedAction,
    confidenceFactors: verdict.confidenceFactors,
    prompt: record.promptText,
    promptVersion: record.promptVersion === 0 ? null : record.promptVersion,
  };
}
