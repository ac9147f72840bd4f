import type { Knex } from 'knex';

import type { AnalysisStatus, RiskSource, Severity } from '../../domain/enums.ts';
import type { RiskFactor } from '../../domain/risk/risk-factor.ts';
import type { EventRow } from './events.ts';

/** Which events to judge: those without a score that holds, those and what waits for a model, whose model gave no verdict, whose score is out of date, or all. */
export type AnalysisState = 'unscored' | 'pending' | 'failed' | 'stale' | 'all';

export type AnalysisFilter = {
  state: AnalysisState;
  /** What scores of now are computed with. */
  rulesFingerprint: string;
  /** Of the prompts a model is asked with now, 0 for the one that comes with hs; undefined: none is asked. */
  promptVersions?: readonly number[] | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  ids?: readonly number[] | undefined;
};

export type EventToAnalyse = {
  id: number;
  camera_id: string;
  started_at: Date;
  is_fast_path: boolean;
  rule_score: number | null;
  risk_source: RiskSource;
  analysis_status: AnalysisStatus;
};

const COLUMNS = ['id', 'camera_id', 'started_at', 'is_fast_path', 'rule_score', 'risk_source', 'analysis_status'] as const;

/** The next events in the order of footage; `after` is the last of the page before. */
export async function findEventsToAnalyse(
  knex: Knex,
  { filter, after, limit }: { filter: AnalysisFilter; after?: EventToAnalyse | undefined; limit: number },
): Promise<EventToAnalyse[]> {
  const query = knex('events').modify(narrow, filter).orderBy(['started_at', 'id']).limit(limit);
  if (after) void query.whereRaw('(started_at, id) > (?, ?)', [after.started_at, after.id]);
  return query.select<EventToAnalyse[]>(...COLUMNS);
}

/** The same in the order of analysis (§6.2): fast path first, then the highest rule score, then by footage. */
export async function findEventsByUrgency(
  knex: Knex,
  { filter, after, limit }: { filter: AnalysisFilter; after?: EventToAnalyse | undefined; limit: number },
): Promise<EventToAnalyse[]> {
  const query = knex('events')
    .modify(narrow, filter)
    .orderByRaw('is_fast_path DESC, coalesce(rule_score, -1) DESC, started_at, id')
    .limit(limit);
  if (after) {
    void query.whereRaw('(NOT is_fast_path, -coalesce(rule_score, -1), started_at, id) > (?, ?, ?, ?)', [
      !after.is_fast_path,
      -(after.rule_score ?? -1),
      after.started_at,
      after.id,
    ]);
  }
  return query.select<EventToAnalyse[]>(...COLUMNS);
}

type FormerEventRow = Pick<EventRow, 'id' | 'camera_id' | 'started_at' | 'risk_score' | 'risk_level' | 'risk_source' | 'rule_score'>;

/** All events of the footage that a filter is about, whatever their state. */
export async function findFormerEvents(knex: Knex, { since, until, cameraIds }: AnalysisFilter): Promise<FormerEventRow[]> {
  const query = knex('events').orderBy(['started_at', 'id']);
  if (since) void query.where('started_at', '>=', since);
  if (until) void query.where('started_at', '<', until);
  if (cameraIds) void query.whereIn('camera_id', [...cameraIds]);
  return query.select<FormerEventRow[]>('id', 'camera_id', 'started_at', 'risk_score', 'risk_level', 'risk_source', 'rule_score');
}

export async function countEventsToAnalyse(knex: Knex, filter: AnalysisFilter): Promise<number> {
  const [row] = await knex('events').modify(narrow, filter).count<{ count: number }[]>({ count: '*' });
  return row?.count ?? 0;
}

/** An event that lost its detections has nothing to be judged by. */
function narrow(query: Knex.QueryBuilder, filter: AnalysisFilter): void {
  void query.whereNot('analysis_status', 'skipped').where('detection_count', '>', 0);
  if (filter.since) void query.where('started_at', '>=', filter.since);
  if (filter.until) void query.where('started_at', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('camera_id', [...filter.cameraIds]);
  if (filter.ids) void query.whereRaw('id = ANY (?::bigint[])', [[...filter.ids]]);
  if (filter.state === 'unscored') void query.whereNull('rules_fingerprint');
  if (filter.state === 'pending') void query.whereRaw("(rules_fingerprint IS NULL OR analysis_status = 'pending')");
  if (filter.state === 'failed') void query.where('analysis_status', 'failed');
  if (filter.state === 'stale') {
    void query.whereNotNull('risk_score').where((any) => {
      void any.whereRaw('rules_fingerprint IS DISTINCT FROM ?', [filter.rulesFingerprint]);
      if (filter.promptVersions !== undefined)
        void any.orWhereRaw("risk_source = 'llm' AND coalesce(prompt_version, 0) <> ALL (?::integer[])", [[...filter.promptVersions]]);
    });
  }
}

/** The score by rules and what it was made of. */
export type RuleScorePatch = { id: number; rule_score: number; factors: readonly RiskFactor[]; rules_fingerprint: string };

/** All that an analysis says of an event. */
export type VerdictPatch = RuleScorePatch & {
  risk_score: number;
  risk_level: Severity;
  risk_source: RiskSource;
  analysis_status: AnalysisStatus;
  analysis_code: string | null;
  summary: string;
  reasoning: string;
  recommended_action: string;
  flags: readonly object[];
  entities: readonly object[];
  confidence_factors: object;
  llm_prompt: string | null;
  prompt_version: number | null;
};

const RULE_COLUMNS = { rule_score: 'integer', factors: 'jsonb' } as const;

const VERDICT_COLUMNS = {
  ...RULE_COLUMNS,
  risk_score: 'integer',
  risk_level: 'text',
  risk_source: 'text',
  analysis_status: 'text',
  analysis_code: 'text',
  summary: 'text',
  reasoning: 'text',
  recommended_action: 'text',
  flags: 'jsonb',
  entities: 'jsonb',
  confidence_factors: 'jsonb',
  llm_prompt: 'text',
  prompt_version: 'integer',
} as const;

/** One stores verdicts at a time, until its transaction ends: two who write many events could wait for each other for ever. */
export async function lockVerdicts(trx: Knex.Transaction): Promise<void> {
  await trx.raw("SELECT pg_advisory_xact_lock(hashtextextended('hs:verdicts', 0))");
}

/** Stores verdicts. What is stored already stays untouched; ids of the events that were written come back. */
export async function saveVerdicts(
  trx: Knex.Transaction,
  { patches, runId }: { patches: readonly VerdictPatch[]; runId: string | null },
): Promise<number[]> {
  return writeEvents(trx, { patches, columns: VERDICT_COLUMNS, also: ', analyzed_at = now(), run_id = :runId', bindings: { runId } });
}

/** Stores what the rules say of events that keep the verdict of a model. */
export async function saveRuleScores(trx: Knex.Transaction, patches: readonly RuleScorePatch[]): Promise<number[]> {
  return writeEvents(trx, { patches, columns: RULE_COLUMNS, also: '', bindings: {} });
}

type Write = {
  patches: readonly RuleScorePatch[];
  columns: Readonly<Record<string, string>>;
  also: string;
  bindings: Record<string, string | null>;
};

/** Who read an event before need not read it again when only the fingerprint is another: the version stays. */
async function writeEvents(trx: Knex.Transaction, { patches, columns, also, bindings }: Write): Promise<number[]> {
  if (patches.length === 0) return [];
  const names = Object.keys(columns);
  const of = (alias: string): string => names.map((name) => `${alias}.${name}`).join(', ');
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `UPDATE events e
        SET ${names.map((name) => `${name} = p.${name}`).join(', ')}, rules_fingerprint = p.rules_fingerprint${also},
            version = e.version + CASE WHEN (${of('e')}) IS DISTINCT FROM (${of('p')}) THEN 1 ELSE 0 END
       FROM jsonb_to_recordset(:patches::jsonb)
            AS p(id bigint, rules_fingerprint text, ${Object.entries(columns)
              .map(([name, type]) => `${name} ${type}`)
              .join(', ')})
      WHERE e.id = p.id AND (e.rules_fingerprint, ${of('e')}) IS DISTINCT FROM (p.rules_fingerprint, ${of('p')})
      RETURNING e.id`,
    { ...bindings, patches: JSON.stringify(patches) },
  );
  return rows.map(({ id }) => id);
}

/** Footage time, both ends included. */
type ChangedSpan = { from: Date; until: Date };

/** Events of a camera that lie in changed footage are to be scored again. The camera must be locked for derivation. */
export async function markEventsOutdated(
  trx: Knex.Transaction,
  { cameraId, spans }: { cameraId: string; spans: readonly ChangedSpan[] },
): Promise<void> {
  await trx.raw(
    `UPDATE events e SET rules_fingerprint = NULL
       FROM jsonb_to_recordset(?::jsonb) AS s("from" timestamptz, until timestamptz)
      WHERE e.camera_id = ? AND e.rules_fingerprint IS NOT NULL
        AND e.started_at <= s.until AND e.started_at >= s."from" - interval '1 hour' AND greatest(e.ended_at, e.started_at) >= s."from"`,
    [JSON.stringify(spans), cameraId],
  );
}

/** Events near an open change of the view that their score knows nothing of are to be scored again. */
export async function markEventsNearSceneChanges(
  trx: Knex.Transaction,
  { cameraId, withinMs }: { cameraId: string; withinMs: number },
): Promise<void> {
  await trx.raw(
    `UPDATE events e SET rules_fingerprint = NULL
       FROM scene_changes s
      WHERE e.camera_id = :cameraId AND s.camera_id = :cameraId AND NOT s.acknowledged AND e.rules_fingerprint IS NOT NULL
        AND e.started_at BETWEEN s.detected_at - interval '1 hour' AND s.detected_at + :within * interval '1 ms'
        AND greatest(e.ended_at, e.started_at) >= s.detected_at - :within * interval '1 ms'
        AND NOT e.factors @> '[{"id": "scene"}]'`,
    { cameraId, within: withinMs },
  );
}

/** Cameras with changes of the view that nobody has acknowledged. */
export async function findCamerasWithOpenChanges(knex: Knex): Promise<string[]> {
  return knex('scene_changes').where({ acknowledged: false }).distinct().orderBy('camera_id').pluck<string[]>('camera_id');
}
