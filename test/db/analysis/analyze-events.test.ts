import { insertAlertRule } from '../../../src/db/models/alert-rules.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { settleAlerts } from '../../../src/services/alerts/settle-alerts.ts';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEFAULT_RISK_POINTS, type RiskPoints } from '../../../src/domain/risk/risk-points.ts';
import { analyzeEvents } from '../../../src/services/analysis/analyze-events.ts';
import type { AnalyzeOptions } from '../../../src/services/analysis/analyze-run.ts';
import { markOutdatedEvents } from '../../../src/services/analysis/mark-outdated.ts';
import { scoreNewEvents } from '../../../src/services/analysis/score-new-events.ts';
import type { EventJudge } from '../../../src/services/analysis/scoring.ts';
import { markActivityStale } from '../../../src/db/models/baseline-states.ts';
import { dumpStore } from '../../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { RUN_ID, seedCamera, seedRun } from '../answers/seed.ts';
import { CAMERA, clearFootage, derive, sighting, START_MS, storeFiles } from '../derive/synthetic-footage.ts';
import { seedEventOf, seedVisit, ZONE_FRAME } from './seed-visit.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  const [home] = await db.knex('households').insert({ name: 'Home' }).returning('id');
  const [property] = await db.knex('properties').insert({ household_id: home.id, name: 'House', timezone: 'UTC' }).returning('id');
  await seedCamera(db.knex, CAMERA, { property_id: property.id });
  await seedCamera(db.knex, 'yard', { property_id: property.id });
  await seedCamera(db.knex, 'far');
});

afterEach(async () => {
  await clearFootage(db.knex);
  await db.knex.raw('TRUNCATE audit_logs, zones, threat_detections, baseline_states, activity_hours, scene_changes CASCADE');
});

afterAll(() => db.drop());

function settingsOf(points: RiskPoints = DEFAULT_RISK_POINTS, gates: Record<string, number> = {}) {
  const calibration = { user: 'local', cameraOffset: false };
  return { cameras: {}, timezone: 'UTC', detector: { gates }, risk: { points }, calibration };
}

const LOUDER: RiskPoints = { ...DEFAULT_RISK_POINTS, class: { ...DEFAULT_RISK_POINTS.class, person: 60 } };
const never = new AbortController().signal;

async function scoreNew() {
  return scoreNewEvents(db.knex, { settings: settingsOf(), runId: RUN_ID, signal: never });
}

async function analyze(options: Partial<Omit<AnalyzeOptions, 'choice'>> & { choice?: Partial<AnalyzeOptions['choice']> } = {}) {
  return analyzeEvents(db.knex, {
    settings: settingsOf(),
    runId: RUN_ID,
    regroup: false,
    diff: true,
    dryRun: false,
    actor: 'tester',
    signal: never,
    onProgress: () => undefined,
    ...options,
    choice: { ids: [], state: 'pending', scope: {}, ...options.choice },
  });
}

/** A night visitor for each second given. */
async function visits(camera: string, ...minutes: number[]): Promise<number[]> {
  const ids: number[] = [];
  for (const minute of minutes) {
    const at = new Date(Date.UTC(2026, 0, 14, 2, minute)).toISOString();
    ids.push(await seedEventOf(db.knex, camera, [await seedVisit(db.knex, { camera, at, seconds: [0, 1, 2] })]));
  }
  return ids;
}

const eventOf = (id: number) => db.knex('events').where({ id }).first();

test('nothing to score is scored in no time', async () => {
  expect(await scoreNew()).toEqual({ low: 0, medium: 0, high: 0, critical: 0 });
  expect(await analyze()).toMatchObject({ analysed: 0, changed: 0, differences: [], stoppedBy: undefined });
});

test('a new event gets all that rules say of it, an audit, and the run that said so (§9.1, §10.8)', async () => {
  await db.knex('zones').insert({ id: 'z', camera_id: CAMERA, name: 'Door', zone_type: 'entry_point', ...ZONE_FRAME });
  const [id] = await visits(CAMERA, 0);
  await db.knex('events').update({ notes: 'mine', reviewed: true, flagged: true });
  expect(await scoreNew()).toEqual({ low: 0, medium: 1, high: 0, critical: 0 });
  const event = await eventOf(id!);
  expect(event).toMatchObject({
    risk_score: 57,
    rule_score: 57,
    risk_level: 'medium',
    risk_source: 'rules',
    analysis_status: 'analyzed',
    analysis_code: null,
    run_id: RUN_ID,
    summary: '1 person at gate, zone Door, 02:00:00–02:00:02.',
    reasoning: expect.stringContaining('In zone Door (entry_point) (+12).'),
    recommended_action: 'Review when convenient.',
    flags: [{ type: 'night_presence', severity: 'warning', description: 'person at 02:00' }],
    entities: [{ type: 'person', threat_level: 'medium', description: 'person in zone Door, 2 s' }],
    confidence_factors: { detection_quality: 'good', weather_impact: 'none', enrichment_coverage: 'partial' },
    notes: 'mine',
    reviewed: true,
    flagged: true,
    version: 2,
  });
  expect(event.factors).toEqual([
    { id: 'class', points: 20, sentence: 'Person seen (+20).' },
    { id: 'time', points: 25, sentence: 'At 02:00 local time, night (+25).' },
    { id: 'zone', points: 12, sentence: 'In zone Door (entry_point) (+12).' },
    { id: 'identity', points: 0, sentence: 'Identity was not checked.' },
  ]);
  expect(await db.knex('event_audits').where({ event_id: id }).first()).toMatchObject({
    has_yolo26: true,
    has_zones: true,
    has_baseline: false,
    prompt_length: 0,
    enrichment_utilization: 16.67,
  });
});

test('scoring again what is scored writes nothing', async () => {
  await visits(CAMERA, 0, 10);
  await scoreNew();
  const before = await dumpStore(db.knex);
  expect(await scoreNew()).toMatchObject({ medium: 0 });
  expect(await analyze({ choice: { state: 'all' } })).toMatchObject({ analysed: 2, changed: 0, differences: [] });
  expect(await dumpStore(db.knex)).toEqual(before);
});

test('events that are left out of analysis, or lost their detections, are not scored', async () => {
  const [skipped, empty] = await visits(CAMERA, 0, 10);
  await db.knex('events').where({ id: skipped }).update({ analysis_status: 'skipped' });
  await db.knex('events').where({ id: empty }).update({ detection_count: 0 });
  expect(await analyze({ choice: { state: 'all' } })).toMatchObject({ analysed: 0 });
});

test('changed footage has the events of its local hour, and those near it on the same property, scored again (§9.1)', async () => {
  const [hour] = await visits(CAMERA, 50);
  const [near, far] = await visits('yard', 4, 40);
  const [elsewhere] = await visits('far', 0);
  await scoreNew();
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 14, 2, minute));
  await db.knex.transaction((trx) => markActivityStale(trx, { cameraId: CAMERA, from: at(8), until: at(9) }));
  await markOutdatedEvents(db.knex, settingsOf());
  const marked = await db.knex('events').whereNull('rules_fingerprint').orderBy('id').pluck<number[]>('id');
  expect(marked).toEqual([hour, near]);
  expect([far, elsewhere].every((id) => !marked.includes(id!))).toBe(true);
  const versions = await db.knex('events').orderBy('id').pluck<number[]>('version');
  await scoreNew();
  expect(await db.knex('events').whereNull('rules_fingerprint')).toEqual([]);
  expect(await db.knex('events').orderBy('id').pluck('version'), 'the same score is no new version').toEqual(versions);
});

test('other points make scores stale; what would change is shown without changing a byte (§12 --diff --dry-run)', async () => {
  const [first, second] = await visits(CAMERA, 0, 10);
  await scoreNew();
  const dump = async () =>
    createHash('sha256')
      .update(JSON.stringify(await dumpStore(db.knex)))
      .digest('hex');
  const before = await dump();
  const settings = settingsOf(LOUDER);
  const { differences, changed } = await analyze({ settings, dryRun: true, choice: { state: 'stale' } });
  expect(changed).toBe(2);
  expect(differences).toMatchObject([
    { event_id: first, change: 'rescored', old_score: 45, old_level: 'medium', new_score: 85, new_level: 'critical' },
    { event_id: second, change: 'rescored', started_at_local: '2026-01-14T02:10:00.000+00:00' },
  ]);
  expect(await dump()).toBe(before);
  expect(await analyze({ choice: { state: 'stale' }, dryRun: true })).toMatchObject({ analysed: 0 });
  expect((await analyze({ settings, choice: { state: 'stale' } })).differences).toHaveLength(2);
  expect(await eventOf(first!)).toMatchObject({ risk_score: 85, version: 3 });
  expect(await db.knex('audit_logs').select('action', 'actor', 'details')).toMatchObject([
    { action: 'ai_reevaluated', actor: 'tester', details: { state: 'stale', events: 2, run_id: RUN_ID } },
  ]);
});

test('what is scored for the first time is no re-evaluation', async () => {
  await visits(CAMERA, 0);
  expect((await analyze()).differences).toMatchObject([{ change: 'rated', old_score: null, new_score: 45 }]);
  expect(await db.knex('audit_logs')).toEqual([]);
});

test('named events are scored whatever their state; one that does not exist is an error', async () => {
  const [first, second] = await visits(CAMERA, 0, 10);
  await scoreNew();
  const outcome = await analyze({ settings: settingsOf(LOUDER), choice: { ids: [second!] } });
  expect(outcome.differences.map(({ event_id: id }) => id)).toEqual([second]);
  expect(await eventOf(first!)).toMatchObject({ risk_score: 45 });
  await expect(analyze({ choice: { ids: [424242] } })).rejects.toThrow('there is no event 424242');
});

test('a limit takes the most urgent events: fast path, then the highest rule score, then the earliest (§6.2)', async () => {
  const [low, high, fast, other] = await visits(CAMERA, 0, 10, 20, 30);
  await db.knex('events').where({ id: low }).update({ rule_score: 10 });
  await db.knex('events').where({ id: high }).update({ rule_score: 90 });
  await db.knex('events').where({ id: fast }).update({ is_fast_path: true });
  const done = async (maxEvents: number) => {
    const { stoppedBy, differences } = await analyze({ maxEvents });
    return [stoppedBy, differences.map(({ event_id: id }) => id)];
  };
  expect(await done(2)).toEqual(['limit', [high, fast]]);
  expect(await done(1)).toEqual(['limit', [low]]);
  expect(await done(5)).toEqual([undefined, [other]]);
});

test('two who score all events at once both come to an end, and one of them was last', async () => {
  await visits(CAMERA, 0, 10, 20);
  await visits('yard', 0, 10, 20);
  const all = { state: 'all' } as const;
  const both = [analyze({ choice: all }), analyze({ choice: all, settings: settingsOf(LOUDER) })];
  expect(await Promise.all(both)).toMatchObject([{ analysed: 6 }, { analysed: 6 }]);
  const scores = await db.knex('events').distinct('risk_score', 'rules_fingerprint');
  expect(scores).toHaveLength(1);
});

test('a scope narrows, and a stop leaves the rest for the next call', async () => {
  await visits(CAMERA, 0);
  await visits('yard', 0, 10);
  expect(await analyze({ choice: { scope: { cameras: ['yard'], since: '2026-01-14T02:05:00Z' } } })).toMatchObject({ analysed: 1 });
  const stopped = new AbortController();
  stopped.abort();
  expect(await analyze({ signal: stopped.signal })).toMatchObject({ analysed: 0, stoppedBy: 'signal' });
  expect(await analyze({ deadline: new Date(0) })).toMatchObject({ analysed: 0, stoppedBy: 'deadline' });
  expect(await analyze()).toMatchObject({ analysed: 2 });
});

test('events that were rated otherwise, or that somebody named, wait for their alerts to be looked at', async () => {
  const ids = await visits(CAMERA, 0, 10);
  const due = (): Promise<number[]> => db.knex('due_alerts').orderBy('event_id').pluck('event_id');
  const settleDue = async (patch?: object): Promise<void> => {
    await db.knex('due_alerts').delete();
    if (patch) await db.knex('events').update(patch);
  };
  await analyze();
  expect(await due()).toEqual(ids);
  await settleDue({ rules_fingerprint: 'other' });
  await analyze({ choice: { state: 'stale' } });
  expect(await due()).toEqual(ids);
  await settleDue();
  await analyze();
  expect(await due()).toEqual([]);
  await analyze({ choice: { ids: [ids[0]!] } });
  expect(await due()).toEqual([ids[0]]);
});

test('feedback on a camera shifts its scores where the configuration asks for it (§9.2)', async () => {
  const [id] = await visits(CAMERA, 0);
  await db.knex('camera_calibrations').insert({ camera_id: CAMERA, risk_offset: -5 });
  await analyze();
  expect(await eventOf(id!)).toMatchObject({ risk_score: 45 });
  const calibration = { user: 'local', cameraOffset: true };
  await analyze({ choice: { state: 'all' }, settings: { ...settingsOf(), calibration } });
  expect(await eventOf(id!)).toMatchObject({ risk_score: 40 });
  await db.knex('camera_calibrations').delete();
});

const verdict = (score: number) => ({
  kind: 'judged' as const,
  verdict: {
    score,
    reasoning: 'because',
    summary: 'as seen',
    flags: [],
    recommendedAction: 'none',
    confidenceFactors: { detection_quality: 'good', weather_impact: 'none', enrichment_coverage: 'full' } as const,
    entities: [],
    prompt: 'x'.repeat(10),
    promptVersion: 3,
  },
});

test('a model judges after the rules, the most urgent first, never below a floor (§9.3)', async () => {
  const [plain, armed] = await visits(CAMERA, 0, 10);
  const member = await db.knex('event_detections').where({ event_id: armed }).first();
  const key = { detection_id: member.detection_id, detected_at: member.detected_at };
  await db.knex('threat_detections').insert({ ...key, threat_type: 'knife', confidence: 0.8, severity: 'high' });
  const asked: number[] = [];
  const judge: EventJudge = (facts, rule) => {
    asked.push(facts.event.id);
    expect(facts.event.stored).toMatchObject({ source: 'rules', score: rule.score });
    return Promise.resolve(verdict(20));
  };
  expect(await analyze({ judge, judgesAtOnce: 1 })).toMatchObject({ analysed: 2, failed: 0, levels: { low: 1, critical: 1 } });
  expect(asked).toEqual([armed, plain]);
  expect(await eventOf(armed!)).toMatchObject({
    risk_score: 90,
    risk_source: 'llm',
    rule_score: 90,
    prompt_version: 3,
    llm_prompt: 'xxxxxxxxxx',
  });
  expect(await eventOf(plain!)).toMatchObject({
    risk_score: 20,
    risk_level: 'low',
    rule_score: 45,
    summary: 'as seen',
    analysis_status: 'analyzed',
  });
  expect(await db.knex('event_audits').where({ event_id: plain }).first()).toMatchObject({ prompt_length: 10, prompt_token_estimate: 2 });
});

test('where a model gives no verdict the rules count, and the event is found again as failed (§9.3)', async () => {
  const [id] = await visits(CAMERA, 0);
  const silent: EventJudge = () => Promise.resolve({ kind: 'failed', code: 'llm_timeout' });
  expect(await analyze({ judge: silent })).toMatchObject({ failed: 1 });
  expect(await eventOf(id!)).toMatchObject({
    risk_score: 45,
    risk_source: 'rules',
    analysis_status: 'failed',
    analysis_code: 'llm_timeout',
  });
  expect(await analyze()).toMatchObject({ analysed: 0 });
  expect(await analyze({ choice: { state: 'failed' }, judge: () => Promise.resolve(verdict(97)) })).toMatchObject({ analysed: 1 });
  expect(await eventOf(id!)).toMatchObject({ risk_score: 97, risk_source: 'llm', analysis_status: 'analyzed', analysis_code: null });
});

test('rules asked again leave the verdict of a model on the same detections, not on others (§6.3)', async () => {
  const [id] = await visits(CAMERA, 0);
  await analyze({ judge: () => Promise.resolve(verdict(20)) });
  await analyze({ settings: settingsOf(LOUDER), choice: { state: 'all' } });
  expect(await eventOf(id!)).toMatchObject({ risk_score: 20, risk_source: 'llm', rule_score: 85, reasoning: 'because' });
  await db.knex('events').update({ analysis_status: 'pending', rules_fingerprint: null });
  await analyze();
  expect(await eventOf(id!)).toMatchObject({ risk_score: 45, risk_source: 'rules', prompt_version: null });
});

test('forming events anew can be tried: who would come, go and be rated otherwise, and not a byte is changed (§12 --regroup)', async () => {
  const weak = { score: 0.6 };
  const seconds = [0, 1, 2, 3, 100, 101, 102, 103];
  await storeFiles(
    db.knex,
    seconds.map((second) => sighting(second, { x: 100 + (second % 100) * 5, ...(second < 100 ? weak : {}) })),
  );
  await derive(db.knex);
  await scoreNew();
  const rows = await db.knex('events').orderBy('id').select('id', 'risk_score');
  expect(rows).toHaveLength(2);
  const before = await dumpStore(db.knex);
  const strict = settingsOf(DEFAULT_RISK_POINTS, { person: 0.8 });
  const tried = await analyze({ settings: strict, regroup: true, dryRun: true, choice: { state: 'all' } });
  expect(tried.differences).toMatchObject([{ event_id: rows[0].id, change: 'disappears', new_score: null }]);
  expect(await dumpStore(db.knex)).toEqual(before);
  const done = await analyze({ settings: strict, regroup: true, choice: { state: 'all' } });
  expect(done.differences).toEqual(tried.differences);
  const back = await analyze({ regroup: true, dryRun: true, choice: { state: 'all' } });
  expect(back.differences).toMatchObject([{ change: 'appears', started_at: new Date(START_MS), new_score: expect.any(Number) as number }]);
});

test('a what-if tells which alerts would come and go, and keeps none of it', async () => {
  const ids = await visits(CAMERA, 0, 10);
  await insertAlertRule(db.knex, { id: uuidV7(), name: 'Loud', risk_threshold: 50, cooldown_seconds: 0 });
  await scoreNew();
  const settle = () => settleAlerts(db.knex, { zones: settingsOf(), signal: never });
  expect(await settle()).toMatchObject({ created: 0 });
  const before = await dumpStore(db.knex);
  const louder = await analyze({ settings: settingsOf(LOUDER), dryRun: true, choice: { state: 'all' } });
  expect(louder.differences).toMatchObject(
    ids.map((id) => ({ event_id: id, change: 'rescored', alerts_raised: ['Loud'], alerts_gone: [] })),
  );
  expect(await dumpStore(db.knex)).toEqual(before);
  await analyze({ settings: settingsOf(LOUDER), choice: { state: 'all' } });
  expect(await settle()).toMatchObject({ created: 2 });
  const raised = await dumpStore(db.knex);
  const quieter = await analyze({ dryRun: true, choice: { state: 'all' } });
  expect(quieter.differences).toMatchObject(
    ids.map((id) => ({ event_id: id, change: 'rescored', alerts_raised: [], alerts_gone: ['Loud'] })),
  );
  const strict = settingsOf(LOUDER, { person: 0.99 });
  const none = await analyze({ settings: strict, regroup: true, dryRun: true, choice: { state: 'all' } });
  expect(none.differences).toMatchObject(ids.map((id) => ({ event_id: id, change: 'disappears', alerts_gone: ['Loud'] })));
  expect(await dumpStore(db.knex)).toEqual(raised);
  await db.knex('alert_rules').delete();
});

test('a rule that is new raises alerts on scores that stay, when all events are asked for', async () => {
  const [id] = await visits(CAMERA, 0);
  await scoreNew();
  await insertAlertRule(db.knex, { id: uuidV7(), name: 'New', risk_threshold: 10 });
  const tried = await analyze({ dryRun: true, choice: { state: 'all' } });
  expect(tried.differences).toMatchObject([{ event_id: id, change: 'alerts', alerts_raised: ['New'] }]);
  expect(await db.knex('alerts')).toEqual([]);
  await analyze({ choice: { state: 'all' } });
  expect(await settleAlerts(db.knex, { zones: settingsOf(), signal: never })).toMatchObject({ created: 1 });
  await db.knex('alert_rules').delete();
});

test('forming anew is about footage, not about single events', async () => {
  await expect(analyze({ regroup: true, choice: { ids: [1] } })).rejects.toThrow('--regroup');
});
