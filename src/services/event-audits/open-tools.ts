import { ruleScore } from '../../domain/risk/rule-score.ts';
import { riskFloor } from '../../domain/risk/risk-floor.ts';
import type { ScoringSettings } from '../analysis/scoring.ts';
import { loadCameraOffset } from '../calibration/load-camera-offset.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import { openChat } from '../llm/open-llm.ts';
import type { LlmSettings } from '../llm/open-llm.ts';
import type { AuditTools, ScoreByRules } from './evaluate-event.ts';

/** What there is to evaluate with: the language model where one is set up, and the rules. */
export async function openAuditTools(settings: ScoringSettings & { llm: LlmSettings }): Promise<AuditTools> {
  return { chat: await openChat(settings.llm), scoreByRules: scorer(settings) };
}

function scorer(settings: ScoringSettings): ScoreByRules {
  return async (knex, eventId) => {
    const [facts] = await gatherFacts(knex, [eventId], settings);
    if (facts === undefined) return undefined;
    const offset = await loadCameraOffset(knex, facts.camera.id, settings.calibration);
    const { score } = ruleScore(facts, { points: settings.risk.points, offset });
    return { score, floor: riskFloor(facts)?.score ?? 0 };
  };
}
