import type { AnalysisAudit } from '../../db/models/event-audits.ts';
import type { RuleScorePatch, VerdictPatch } from '../../db/models/event-scores.ts';
import type { AnalysisStatus } from '../../domain/enums.ts';
import { auditFlags, enrichmentUtilization } from '../../domain/risk/audit-flags.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { ModelVerdict } from '../../domain/risk/model-verdict.ts';
import { riskFloor } from '../../domain/risk/risk-floor.ts';
import type { RuleVerdict } from '../../domain/risk/rule-verdict.ts';
import { riskLevel, type RiskThresholds } from '../../domain/risk-level.ts';

type Ruled = { facts: EventFacts; rule: RuleVerdict; fingerprint: string };

const CHARACTERS_PER_TOKEN = 4;

export function toRuleScorePatch({ facts, rule, fingerprint }: Ruled): RuleScorePatch {
  return { id: facts.event.id, rule_score: rule.score, factors: rule.factors, rules_fingerprint: fingerprint };
}

/** The verdict by rules, as it is stored. `code`: why no model gave one. */
export function toRulesPatch({ status, code, ...ruled }: Ruled & { status: AnalysisStatus; code: string | null }): VerdictPatch {
  const { rule } = ruled;
  return {
    ...toRuleScorePatch(ruled),
    ...textsOf(rule),
    risk_score: rule.score,
    risk_level: rule.level,
    risk_source: 'rules',
    analysis_status: status,
    analysis_code: code,
    llm_prompt: null,
    prompt_version: null,
  };
}

/** The verdict of a model, never below the floor that threats ask for (§9.3). */
export function toModelPatch({
  verdict,
  thresholds,
  ...ruled
}: Ruled & { verdict: ModelVerdict; thresholds: RiskThresholds }): VerdictPatch {
  const score = Math.max(verdict.score, riskFloor(ruled.facts)?.score ?? 0);
  return {
    ...toRuleScorePatch(ruled),
    ...textsOf(verdict),
    risk_score: score,
    risk_level: riskLevel(score, thresholds),
    risk_source: 'llm',
    analysis_status: 'analyzed',
    analysis_code: null,
    llm_prompt: verdict.prompt,
    prompt_version: verdict.promptVersion,
  };
}

function textsOf(verdict: Omit<RuleVerdict, 'score' | 'level' | 'factors'>) {
  return {
    summary: verdict.summary,
    reasoning: verdict.reasoning,
    recommended_action: verdict.recommendedAction,
    flags: verdict.flags,
    entities: verdict.entities,
    confidence_factors: verdict.confidenceFactors,
  };
}

/** What the analysis of an event had to go by (§10.8). */
export function toAudit(facts: EventFacts, prompt: string | null): AnalysisAudit {
  const flags = auditFlags(facts);
  const length = prompt?.length ?? 0;
  return {
    event_id: facts.event.id,
    ...flags,
    enrichment_utilization: enrichmentUtilization(flags),
    prompt_length: length,
    prompt_token_estimate: Math.floor(length / CHARACTERS_PER_TOKEN),
  };
}
