import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import type { AnalysisFilter, EventToAnalyse } from '../../db/models/event-scores.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { currentPromptVersions } from '../llm/load-event-prompt.ts';
import { asksAllRules, mustStop, take, type AnalyzeOptions, type AnalyzeOutcome, type AnalyzeRun } from './analyze-run.ts';
import { chooseEvents, pagesOfEvents, toAnalysisFilter, type ChosenEvents } from './choose-events.ts';
import { judgeEvents } from './judge-events.ts';
import { regroup, type Regrouping } from './regroup.ts';
import { EVENTS_AT_ONCE, noLevels, PAGES_AT_ONCE } from './score-new-events.ts';
import { lookAtPage, scorePage, type ScoredEvent } from './score-page.ts';
import { openScoring } from './scoring.ts';
import { tryAnalysis } from './try-analysis.ts';

/**
 * Scores stored events: by rules, and then by a model where one is given, the most urgent first. Every page of events is one transaction:
 * what is done stays done, and the next call goes on with the rest.
 */
export async function analyzeEvents(knex: Knex, options: AnalyzeOptions): Promise<AnalyzeOutcome> {
  const { choice, settings, maxEvents } = options;
  if (options.regroup && (choice.ids.length > 0 || maxEvents !== undefined)) {
    throw new UsageError('--regroup forms the events of footage anew: it takes no single events and no --max-events', {
      hint: 'name the footage with --since, --until and --camera',
    });
  }
  const scoring = await openScoring(knex, options);
  const outcome = { analysed: 0, changed: 0, levels: noLevels(), failed: 0, differences: [], stoppedBy: undefined };
  const run: AnalyzeRun = { ...options, scoring, outcome, startedAtMs: Date.now() };
  const promptVersions = options.judge === undefined ? undefined : await currentPromptVersions(knex);
  const filter = await toAnalysisFilter(knex, { choice, settings, rulesFingerprint: scoring.fingerprint, promptVersions });
  if (options.dryRun && (options.regroup || options.diff)) await tryChosen(knex, run, filter);
  else await analyzeChosen(knex, run, filter);
  return run.outcome;
}

async function tryChosen(knex: Knex, run: AnalyzeRun, filter: AnalysisFilter): Promise<void> {
  const chosen = await chooseEvents(knex, filter, run.maxEvents);
  await tryAnalysis(knex, run, chosen.filter);
  if (chosen.isCut) run.outcome.stoppedBy ??= 'limit';
}

async function analyzeChosen(knex: Knex, run: AnalyzeRun, filter: AnalysisFilter): Promise<void> {
  const regrouped = run.regroup ? await regroup(knex, run, filter) : undefined;
  const chosen = await chooseEvents(knex, filter, run.maxEvents);
  const waiting = await scoreByRules(knex, run, { ...chosen, regrouped });
  if (run.judge && !mustStop(run)) await judgeEvents(knex, { ...run, judge: run.judge }, waiting);
  run.outcome.differences.push(...((await regrouped?.findDisappeared()) ?? []));
  if (chosen.isCut) run.outcome.stoppedBy ??= 'limit';
}

/** Returns the events that wait for a model now. */
async function scoreByRules(knex: Knex, run: AnalyzeRun, chosen: ChosenEvents & { regrouped: Regrouping | undefined }): Promise<number[]> {
  const waitsForModel = run.judge !== undefined && !run.dryRun;
  const waiting: number[] = [];
  const pages = untilStopped(run, pagesOfEvents(knex, { filter: chosen.filter, limit: EVENTS_AT_ONCE }));
  const score = async (events: EventToAnalyse[], index: number): Promise<ScoredEvent[]> => {
    if (run.dryRun) return lookAtPage(knex, events, { scoring: run.scoring, waitsForModel });
    return knex.transaction(async (trx) => {
      if (index === 0) await auditReevaluation(trx, run, chosen);
      return scorePage(trx, events, { scoring: run.scoring, waitsForModel, asksAllRules: asksAllRules(run) });
    });
  };
  for await (const scored of mapConcurrently(pages, score, { concurrency: PAGES_AT_ONCE })) {
    // What a model is to judge is told when it has.
    if (waitsForModel) waiting.push(...scored.map(({ id }) => id));
    else take(run, scored, { isNew: chosen.regrouped?.isNew });
    run.onProgress({ done: run.outcome.analysed, total: chosen.total, startedAtMs: run.startedAtMs });
  }
  return waiting;
}

async function* untilStopped<Item>(run: AnalyzeRun, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) {
    if (mustStop(run)) return;
    yield item;
  }
}

/** Scores that held are given anew because somebody asked for it: that is recorded with the first of them. */
async function auditReevaluation(trx: Knex.Transaction, run: AnalyzeRun, { filter, total }: ChosenEvents): Promise<void> {
  if (filter.state === 'pending' || filter.state === 'failed') return;
  const { ids, scope } = run.choice;
  const details = {
    run_id: run.runId,
    state: filter.state,
    events: total,
    ...scope,
    ...(ids.length > 0 ? { ids: ids.slice(0, 100) } : {}),
  };
  const [only] = ids.length === 1 ? ids : [];
  await insertAuditLog(trx, {
    action: 'ai_reevaluated',
    resource_type: 'event',
    ...(only === undefined ? {} : { resource_id: String(only) }),
    actor: run.actor,
    details,
  });
}
