import type { Knex } from 'knex';

import { keepCamerasDerived } from '../../db/models/derivation.ts';
import { markAlertsDue } from '../../db/models/due-alerts.ts';
import { saveAnalysisAudits } from '../../db/models/event-audits.ts';
import { lockVerdicts, saveRuleScores, saveVerdicts, type EventToAnalyse } from '../../db/models/event-scores.ts';
import type { RiskSource, Severity } from '../../domain/enums.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import { ruleScore } from '../../domain/risk/rule-score.ts';
import type { RuleVerdict } from '../../domain/risk/rule-verdict.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import { toRuleOptions, type Scoring } from './scoring.ts';
import { toAudit, toRuleScorePatch, toRulesPatch } from './to-patch.ts';

type RatedScore = { score: number | null; level: Severity | null; source: RiskSource; ruleScore: number | null };

/** An event as it was rated and as it is now. */
export type ScoredEvent = {
  id: number;
  cameraId: string;
  timezone: string;
  startedAtMs: number;
  before: RatedScore;
  after: RatedScore;
  /** Whether its row was, or would be, written. */
  written: boolean;
};

/** What becomes of a verdict by rules: it counts, it waits for a model, or that of a model stays. */
type Fate = 'counts' | 'waits' | 'stays';

/**
 * `waitsForModel`: a language model will be asked. `asksAllRules`: alerts are looked at again of all these events, not only of those that
 * are rated otherwise; the rules may be others.
 */
export type PageOptions = { scoring: Scoring; waitsForModel: boolean; asksAllRules?: boolean };

type Judged = { event: EventToAnalyse; facts: EventFacts; rule: RuleVerdict; fate: Fate };

/** Scores some events and stores that, in one transaction. Nothing derives their cameras meanwhile. */
export async function scorePage(trx: Knex.Transaction, events: readonly EventToAnalyse[], options: PageOptions): Promise<ScoredEvent[]> {
  const { scoring, waitsForModel, asksAllRules = false } = options;
  await keepCamerasDerived(
    trx,
    events.map(({ camera_id: id }) => id),
  );
  const judged = await judgePage(trx, events, options);
  await lockVerdicts(trx);
  const settled = judged.filter(({ fate }) => fate !== 'stays');
  const patches = settled.map(({ facts, rule }) =>
    toRulesPatch({ facts, rule, fingerprint: scoring.fingerprint, status: waitsForModel ? 'pending' : 'analyzed', code: null }),
  );
  const written = await saveVerdicts(trx, { patches, runId: scoring.runId });
  const kept = judged.filter(({ fate }) => fate === 'stays');
  const refreshed = await saveRuleScores(
    trx,
    kept.map(({ facts, rule }) => toRuleScorePatch({ facts, rule, fingerprint: scoring.fingerprint })),
  );
  const done = new Set([...written, ...refreshed]);
  const counting = settled.filter(({ facts, fate }) => fate === 'counts' && done.has(facts.event.id));
  await saveAnalysisAudits(
    trx,
    counting.map(({ facts }) => toAudit(facts, null)),
  );
  const ids = (asksAllRules ? judged.filter(({ fate }) => fate !== 'waits') : counting).map(({ facts }) => facts.event.id);
  if (ids.length > 0) await markAlertsDue(trx, ids);
  return judged.map((one) => toScoredEvent(one, done.has(one.facts.event.id)));
}

/** Scores some events and stores nothing. */
export async function lookAtPage(knex: Knex, events: readonly EventToAnalyse[], options: PageOptions): Promise<ScoredEvent[]> {
  return (await judgePage(knex, events, options)).map((one) => toScoredEvent(one, isOtherScore(one)));
}

async function judgePage(knex: Knex, events: readonly EventToAnalyse[], { scoring, waitsForModel }: PageOptions): Promise<Judged[]> {
  const { settings } = scoring;
  const byId = new Map(events.map((event) => [event.id, event]));
  const all = await gatherFacts(knex, [...byId.keys()], settings);
  return all.flatMap((facts) => {
    const event = byId.get(facts.event.id);
    if (!event) return [];
    const rule = ruleScore(facts, toRuleOptions(scoring, facts.camera.id));
    return [{ event, facts, rule, fate: fateOf(event, waitsForModel) }];
  });
}

/** A model's verdict on what an event still shows is not thrown away because the rules were asked again. */
function fateOf(event: EventToAnalyse, waitsForModel: boolean): Fate {
  if (event.risk_source === 'llm' && (waitsForModel || event.analysis_status !== 'pending')) return 'stays';
  return waitsForModel ? 'waits' : 'counts';
}

function toScoredEvent({ facts: { event, camera }, rule, fate }: Judged, written: boolean): ScoredEvent {
  const before = event.stored;
  const byRules = { score: rule.score, level: rule.level, source: 'rules' as const, ruleScore: rule.score };
  const after = fate === 'stays' ? { ...before, ruleScore: rule.score } : byRules;
  return { id: event.id, cameraId: camera.id, timezone: camera.timezone, startedAtMs: event.startedAtMs, before, after, written };
}

function isOtherScore({ facts: { event }, rule, fate }: Judged): boolean {
  const { stored } = event;
  if (fate === 'stays') return stored.ruleScore !== rule.score;
  return stored.score !== rule.score || stored.level !== rule.level || stored.source !== 'rules';
}
