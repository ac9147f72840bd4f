import type { Knex } from 'knex';

import { insertExperimentResult } from '../../db/models/experiment-results.ts';
import { findRunningExperiment } from '../../db/models/experiments.ts';
import { insertLlmInteraction } from '../../db/models/llm-interactions.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import { riskLevel, type RiskThresholds } from '../../domain/risk-level.ts';
import type { AnsweredVerdict, LlmRecord, Verdict } from './verdict.ts';

type SaveOptions = { verdict: Verdict; runId: string | null; thresholds?: RiskThresholds | undefined };

/** Stores what was asked and said, and what it means for a running experiment; in the transaction that scores the event. */
export async function saveVerdict(trx: Knex.Transaction, { verdict, runId, thresholds }: SaveOptions): Promise<void> {
  const { shadow, ...used } = verdict;
  await insertLlmInteraction(trx, toRow(used.record, runId));
  if (shadow === null) return;
  await insertLlmInteraction(trx, toRow(shadow.record, runId));
  if (used.kind === 'answered' && shadow.kind === 'answered') await savePair(trx, { used, shadow, thresholds });
}

function toRow(record: LlmRecord, runId: string | null): Parameters<typeof insertLlmInteraction>[1] {
  const { facts, rule, validation, experiment } = record;
  return {
    event_id: facts.event.id,
    run_id: runId,
    model_id: record.model,
    prompt_version: record.promptVersion,
    request: record.request,
    raw_response: record.rawReply,
    enrichment_snapshot: facts,
    household_matches: matchesOf(facts),
    truncation_log: [...record.dropped],
    context_sources: [...record.sections],
    validation_result: {
      rule: { ...rule },
      code: validation.code,
      message: validation.message,
      problems: validation.problems,
      said_score: validation.bounded?.said ?? null,
      bounded_by: validation.bounded?.by ?? null,
      unverified: validation.unverified,
      attempts: record.attempts,
    },
    latency_ms: record.latencyMs,
    prompt_tokens: record.promptTokens,
    completion_tokens: record.completionTokens,
    experiment_id: experiment?.id ?? null,
    arm: experiment?.arm ?? null,
  };
}

function matchesOf({ subjects }: EventFacts): object[] {
  return subjects.flatMap(({ trackId, identity }) => {
    if (identity.kind === 'member') return [{ track_id: trackId, kind: 'member', id: identity.memberId }];
    return identity.kind === 'vehicle' ? [{ track_id: trackId, kind: 'vehicle', id: identity.vehicleId }] : [];
  });
}

type Pair = { used: AnsweredVerdict; shadow: AnsweredVerdict; thresholds: RiskThresholds | undefined };

async function savePair(trx: Knex.Transaction, { used, shadow, thresholds }: Pair): Promise<void> {
  const experiment = await findRunningExperiment(trx);
  // Stopped while the event was judged.
  if (experiment === undefined || experiment.id !== used.record.experiment?.id) return;
  const { event, camera } = used.record.facts;
  await insertExperimentResult(trx, {
    experiment_name: experiment.name,
    experiment_version: `v${String(experiment.control_version)}-vs-v${String(experiment.treatment_version)}`,
    camera_id: camera.id.slice(0, 100),
    batch_id: event.batchId,
    event_id: event.id,
    v1_risk_score: used.score,
    v2_risk_score: shadow.score,
    v1_risk_level: riskLevel(used.score, thresholds),
    v2_risk_level: riskLevel(shadow.score, thresholds),
    v1_latency_ms: used.record.latencyMs ?? 0,
    v2_latency_ms: shadow.record.latencyMs ?? 0,
  });
}
