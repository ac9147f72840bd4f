import type { Knex } from 'knex';

import { listJudgedEventIds } from '../../db/models/llm-interactions.ts';
import { listEventScores } from '../../db/queries/event-scores.ts';
import type { Severity } from '../../domain/enums.ts';
import { riskLevel } from '../../domain/risk-level.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import type { LlmOptions } from '../../llm/llm-client.ts';
import type { EventPrompt } from '../llm/load-event-prompt.ts';
import { openJudge, type JudgeSettings } from '../llm/open-judge.ts';
import { checkContent, readPromptText } from './prompt-content.ts';
import type { LoadFacts, RuledFacts } from './load-stored-facts.ts';
import { getPromptVersion } from './prompt-versions.ts';

export type TestPromptOptions = {
  settings: JudgeSettings;
  /** Of a file; else that of a version. */
  text?: string | undefined;
  version?: number | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
  /** Without them the last events that a model was asked about. */
  eventIds?: readonly number[] | undefined;
  last: number;
  loadFacts: LoadFacts;
  signal: AbortSignal;
  policy?: LlmOptions['policy'];
};

export const PROMPT_TEST_COLUMNS = [
  'event_id',
  'camera_id',
  'old_score',
  'new_score',
  'old_level',
  'new_level',
  'level_changed',
  'latency_ms',
  'code',
  'summary',
] as const;

/** `code`: how the model failed; then there is no new score. */
export type PromptTestRecord = {
  event_id: number;
  camera_id: string;
  old_score: number | null;
  new_score: number | null;
  old_level: Severity | null;
  new_level: Severity | null;
  level_changed: boolean | null;
  latency_ms: number | null;
  code: string | null;
  summary: string | null;
};

/** Judges events again by what was known of them, with another text. Nothing is stored. */
export async function* testPrompt(knex: Knex, options: TestPromptOptions): AsyncGenerator<PromptTestRecord> {
  const { settings, last, loadFacts, signal, policy = {} } = options;
  const prompt = await promptOf(knex, options);
  const ids = options.eventIds ?? (await listJudgedEventIds(knex, last));
  const found = await loadFacts(knex, ids);
  const missing = ids.filter((id) => !found.some(({ facts }) => facts.event.id === id));
  if (ids.length === 0 || missing.length > 0) throw withoutFacts(missing);
  const stored = new Map((await listEventScores(knex, ids)).map((row) => [row.id, row]));
  const { judge } = await openJudge(knex, { settings, prompt, signal, policy });
  yield* mapConcurrently(found, (each) => replay(each), { concurrency: settings.llm.concurrency, signal });

  async function replay({ facts, rule }: RuledFacts): Promise<PromptTestRecord> {
    const verdict = await judge(facts, rule);
    const { risk_score: oldScore = null, risk_level: oldLevel = null } = stored.get(facts.event.id) ?? {};
    const newScore = verdict.kind === 'answered' ? verdict.score : null;
    const newLevel = riskLevel(newScore);
    return {
      event_id: facts.event.id,
      camera_id: facts.camera.id,
      old_score: oldScore,
      new_score: newScore,
      old_level: oldLevel,
      new_level: newLevel,
      level_changed: oldLevel === null || newLevel === null ? null : oldLevel !== newLevel,
      latency_ms: verdict.record.latencyMs === null ? null : Math.round(verdict.record.latencyMs),
      code: verdict.kind === 'failed' ? verdict.code : null,
      summary: verdict.kind === 'failed' ? verdict.message : verdict.summary,
    };
  }
}

async function promptOf(knex: Knex, options: TestPromptOptions): Promise<EventPrompt> {
  const { text, temperature, maxTokens } = options;
  const { version, content } = await getPromptVersion(knex, 'nemotron', options.version);
  const given = {
    ...content,
    ...(text === undefined ? {} : readPromptText('nemotron', text)),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  };
  return { version, content: checkContent('nemotron', given) };
}

function withoutFacts(missing: readonly number[]): UsageError {
  const hint = '`hs events list --source llm` shows the events that a model has judged';
  if (missing.length === 0) return new UsageError('no event was judged by a model yet', { code: 'not_found', hint });
  const names = missing.slice(0, 5).join(', ');
  return new UsageError(`no model was asked about event ${names}${missing.length > 5 ? ', …' : ''} yet`, { code: 'not_found', hint });
}
