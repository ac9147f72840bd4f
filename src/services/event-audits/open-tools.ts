import { ruleScore } from '../../domain/risk/rule-score.ts';
import { riskFloor } from '../../domain/risk/risk-floor.ts';
import { openScoring, toRuleOptions, type Scoring, type ScoringSettings } from '../analysis/scoring.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import { openChat, type LlmSettings } from '../llm/open-llm.ts';
import type { AuditTools, ScoreByRules } from './evaluate-event.ts';

/** What there is to evaluate with: the language model where one is set up, and the rules. */
export async function openAuditTools(settings: ScoringSettings & { llm: LlmSettings }): Promise<AuditTools> {
  return { chat: await openChat(settings.llm), scoreByRules: scorer(settings) };
}

function scorer(settings: ScoringSettings): ScoreByRules {
  let scoring: Promise<Scoring> | undefined;
  return async (knex, eventId) => {
    const [facts] = await gatherFacts(knex, [eventId], settings);
    if (facts === undefined) return undefined;
    const { score } = ruleScore(facts, toRuleOptions(await (scoring ??= openScoring(knex, { settings, runId: null })), facts.camera.id));
    return { score, floor: riskFloor(facts)?.score ?? 0 };
  };
}
