import type { Knex } from 'knex';

import { keepCamerasDerived } from '../../db/models/derivation.ts';
import { markAlertsDue } from '../../db/models/due-alerts.ts';
import { saveAnalysisAudits } from '../../db/models/event-audits.ts';
import { findEventsByUrgency, lockVerdicts, saveVerdicts } from '../../db/models/event-scores.ts';
import { ruleScore } from '../../domain/risk/rule-score.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import { asksAllRules, mustStop, take, type AnalyzeRun } from './analyze-run.ts';
import { pagesOfEvents } from './choose-events.ts';
import { toRuleOptions, type EventJudge } from './scoring.ts';
import { toAudit, toModelPatch, toRulesPatch } from './to-patch.ts';

type JudgeRun = AnalyzeRun & { judge: EventJudge };

/** A model takes seconds: few events are enough to keep it busy. */
const EVENTS_PER_PAGE = 20;
const JUDGES_AT_ONCE = 2;

/** Has events judged by a model, the most urgent first; each verdict is stored as it comes. */
export async function judgeEvents(knex: Knex, run: JudgeRun, ids: readonly number[]): Promise<void> {
  const filter = { state: 'all', rulesFingerprint: run.scoring.fingerprint, ids } as const;
  const pages = pagesOfEvents(knex, { filter, limit: EVENTS_PER_PAGE, find: findEventsByUrgency });
  for await (const events of pages) {
    const options = { concurrency: run.judgesAtOnce ?? JUDGES_AT_ONCE, signal: run.signal };
    for await (const isDone of mapConcurrently(events, ({ id }) => judgeOne(knex, run, id), options)) {
      if (isDone) run.onProgress({ done: run.outcome.analysed, total: ids.length, startedAtMs: run.startedAtMs });
    }
    if (mustStop(run)) return;
  }
}

/** False when there was no time left for it. */
async function judgeOne(knex: Knex, run: JudgeRun, id: number): Promise<boolean> {
  if (mustStop(run)) return false;
  const { scoring, outcome } = run;
  const [facts] = await gatherFacts(knex, [id], scoring.settings);
  if (!facts) return true;
  const { thresholds, fingerprint } = scoring;
  const rule = ruleScore(facts, toRuleOptions(scoring, facts.camera.id));
  const answer = await run.judge(facts, rule);
  const isJudged = answer.kind === 'judged';
  const ruled = { facts, rule, fingerprint };
  const patch = isJudged
    ? toModelPatch({ ...ruled, verdict: answer.verdict, thresholds })
    : toRulesPatch({ ...ruled, status: 'failed', code: answer.code });
  await knex.transaction(async (trx) => {
    await keepCamerasDerived(trx, [facts.camera.id]);
    await lockVerdicts(trx);
    const written = await saveVerdicts(trx, { patches: [patch], runId: scoring.runId });
    await saveAnalysisAudits(trx, [toAudit(facts, isJudged ? answer.verdict.prompt : null)]);
    if (written.length > 0 || asksAllRules(run)) await markAlertsDue(trx, [id]);
    await answer.keepRecord?.(trx, scoring.runId);
  });
  if (!isJudged) outcome.failed += 1;
  const before = facts.event.stored;
  const after = { score: patch.risk_score, level: patch.risk_level, source: patch.risk_source, ruleScore: rule.score };
  const { id: cameraId, timezone } = facts.camera;
  const event = { id, cameraId, timezone, startedAtMs: facts.event.startedAtMs, before, after, written: true };
  take(run, [event]);
  return true;
}
