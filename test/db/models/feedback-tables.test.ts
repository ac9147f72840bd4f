import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { findCameraCalibration, listCameraCalibrations, saveCameraCalibration } from '../../../src/db/models/camera-calibrations.ts';
import { findEventAudit, saveEventAudit } from '../../../src/db/models/event-audits.ts';
import {
  deleteEventFeedback,
  findEventFeedback,
  findFeedbackOf,
  listEventFeedback,
  moveEventFeedback,
  saveEventFeedback,
} from '../../../src/db/models/event-feedback.ts';
import { findSummary, listSummaries, saveSummary } from '../../../src/db/models/summaries.ts';
import { saveUserCalibration } from '../../../src/db/models/user-calibration.ts';
import { FEEDBACK_TYPES, type FeedbackType } from '../../../src/domain/enums.ts';
import { isFullyEvaluated } from '../../../src/domain/event-audit.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';

const SCORED = { risk_score: 50, risk_level: 'medium', risk_source: 'rules' };

let own: TestDatabase;
let knex: Knex;
let count = 0;

beforeAll(async () => {
  own = await createTestDatabase();
  knex = own.knex;
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  await knex('cameras').delete();
  await knex('user_calibration').delete();
  await seedCamera(knex, 'gate');
});

async function makeEvent(more: object = SCORED): Promise<number> {
  return seedEvent(knex, { camera: 'gate', members: [], at: new Date(Date.UTC(2026, 0, 16) + count++ * 1000).toISOString(), more });
}

async function give(eventId: number, type: FeedbackType, more: object = {}): Promise<void> {
  await knex.transaction((trx) => saveEventFeedback(trx, { event_id: eventId, feedback_type: type, user_id: 'local', ...more }));
}

describe('feedback', () => {
  test('is listed in the order it was given, all of it or some types', async () => {
    expect(await listEventFeedback(knex)).toEqual([]);
    const events = await Promise.all(FEEDBACK_TYPES.map(() => makeEvent()));
    for (const [index, type] of FEEDBACK_TYPES.entries()) await give(events[index]!, type);
    expect((await listEventFeedback(knex)).map((row) => row.event_id)).toEqual(events);
    expect((await listEventFeedback(knex, { types: ['missed_threat'] })).map((row) => row.event_id)).toEqual([events[2]]);
    expect((await findFeedbackOf(knex, [events[3]!, 0, events[0]!])).map((row) => row.feedback_type)).toEqual([
      'correct',
      'severity_wrong',
    ]);
  });

  test('given again replaces all of what was said before, and counts from then on (§10.6)', async () => {
    const eventId = await makeEvent();
    const other = await makeEvent();
    const whole = { expected_severity: 'critical', notes: 'armed', score_at_feedback: 50, risk_source: 'llm', prompt_version: 3 };
    await give(eventId, 'severity_wrong', { ...whole, user_id: 'ann' });
    await give(other, 'correct');
    const first = await findEventFeedback(knex, eventId);
    expect(first).toMatchObject({ feedback_type: 'severity_wrong', user_id: 'ann', ...whole });
    await give(eventId, 'correct');
    const nothing = { expected_severity: null, notes: null, score_at_feedback: null, risk_source: null, prompt_version: null };
    expect(await findEventFeedback(knex, eventId)).toMatchObject({ id: first!.id, feedback_type: 'correct', user_id: 'local', ...nothing });
    expect((await listEventFeedback(knex)).map((row) => row.event_id)).toEqual([other, eventId]);
  });

  test('moves to another event, is deleted, and goes with its event', async () => {
    const [from, into] = [await makeEvent(), await makeEvent()];
    await give(from, 'correct');
    await knex.transaction((trx) => moveEventFeedback(trx, { from, into }));
    expect((await listEventFeedback(knex)).map((row) => row.event_id)).toEqual([into]);
    await give(from, 'correct');
    await knex.transaction((trx) => deleteEventFeedback(trx, [from]));
    await knex('events').where({ id: into }).delete();
    expect(await listEventFeedback(knex)).toEqual([]);
  });

  test('from 8 connections stays one per event', async () => {
    const eventId = await makeEvent();
    await Promise.all(FEEDBACK_TYPES.flatMap((type) => [give(eventId, type), give(eventId, type)]));
    expect(await listEventFeedback(knex)).toHaveLength(1);
  });
});

describe('calibrations', () => {
  test('of a user keep what is not named and are dated', async () => {
    const made = await saveUserCalibration(knex, { user_id: 'ann', correct_count: 3 });
    await knex.raw('SELECT pg_sleep(0.005)');
    const changed = await saveUserCalibration(knex, { user_id: 'ann', low_threshold: 31, medium_threshold: 61, high_threshold: 86 });
    expect(changed).toMatchObject({ id: made.id, correct_count: 3, low_threshold: 31, medium_threshold: 61, high_threshold: 86 });
    expect(changed.updated_at.getTime()).toBeGreaterThan(made.updated_at.getTime());
    expect(await saveUserCalibration(knex, { user_id: 'ann' })).toEqual(changed);
  });

  test('of a camera have the rate of their counts, and go with the camera', async () => {
    const counts = { camera_id: 'gate', total_feedback_count: 4, false_positive_count: 3 };
    const made = await saveCameraCalibration(knex, { ...counts, risk_offset: -5, suppress_patterns: [{ class: 'cat' }] });
    expect(made).toMatchObject({
      ...counts,
      false_positive_rate: 0.75,
      risk_offset: -5,
      model_weights: {},
      suppress_patterns: [{ class: 'cat' }],
    });
    await knex.raw('SELECT pg_sleep(0.005)');
    const changed = await saveCameraCalibration(knex, { ...counts, false_positive_count: 0, model_weights: { yolox: 0.5 } });
    expect(changed).toMatchObject({ false_positive_rate: 0, risk_offset: -5, model_weights: { yolox: 0.5 } });
    expect(changed.updated_at.getTime()).toBeGreaterThan(made.updated_at.getTime());
    expect(await saveCameraCalibration(knex, { camera_id: 'gate', total_feedback_count: 0, false_positive_count: 0 })).toMatchObject({
      false_positive_rate: 0,
    });
    expect(await listCameraCalibrations(knex)).toHaveLength(1);
    await knex('cameras').delete();
    expect(await findCameraCalibration(knex, 'gate')).toBeUndefined();
  });
});

describe('event audits', () => {
  test('are made once and then filled in, each way of evaluating its own columns', async () => {
    const eventId = await makeEvent();
    expect(await findEventAudit(knex, eventId)).toBeUndefined();
    const made = await saveEventAudit(knex, { event_id: eventId, has_yolo26: true, has_zones: true, enrichment_utilization: 100 / 6 });
    expect(made).toMatchObject({ has_yolo26: true, has_pet: false, prompt_length: 0, overall_quality_score: null, missing_context: null });
    expect(isFullyEvaluated(made)).toBe(false);
    await knex.raw('SELECT pg_sleep(0.005)');
    const judged = await saveEventAudit(knex, { event_id: eventId, overall_quality_score: 3.65, missing_context: ['weather', 'é'] });
    expect(judged).toMatchObject({ id: made.id, has_zones: true, overall_quality_score: 3.65, missing_context: '["weather","é"]' });
    expect(isFullyEvaluated(judged)).toBe(true);
    expect(judged.audited_at.getTime()).toBeGreaterThan(made.audited_at.getTime());
    expect(await saveEventAudit(knex, { event_id: eventId, missing_context: null, model_gaps: [] })).toMatchObject({
      missing_context: null,
      model_gaps: '[]',
    });
    await knex('events').where({ id: eventId }).delete();
    expect(await findEventAudit(knex, eventId)).toBeUndefined();
  });
});

describe('summaries', () => {
  const HOUR = {
    summary_type: 'hourly',
    content: 'No high or critical events.',
    event_count: 0,
    event_ids: null,
    window_start: new Date('2026-01-16T10:00:00Z'),
    window_end: new Date('2026-01-16T11:00:00Z'),
  } as const;

  test('of the same window replace one another, others do not', async () => {
    expect(await listSummaries(knex)).toEqual([]);
    const first = await saveSummary(knex, HOUR);
    const again = await saveSummary(knex, { ...HOUR, content: 'Two.', event_count: 2, event_ids: [5, 2 ** 53 - 1] });
    expect(again).toMatchObject({
      id: first.id,
      content: 'Two.',
      event_count: 2,
      event_ids: [5, 2 ** 53 - 1],
      created_at: first.created_at,
    });
    expect(await findSummary(knex, first.id)).toEqual(again);
    const next = await saveSummary(knex, { ...HOUR, window_start: HOUR.window_end, window_end: new Date('2026-01-16T12:00:00Z') });
    const day = await saveSummary(knex, { ...HOUR, summary_type: 'daily' });
    expect((await listSummaries(knex, { type: 'hourly' })).map((row) => row.id)).toEqual([next.id, first.id]);
    expect((await listSummaries(knex, { limit: 2 })).map((row) => row.id)).toEqual([next.id, day.id]);
    expect(await findSummary(knex, 0)).toBeUndefined();
  });

  test.each([
    [{ summary_type: 'weekly' }, 'ck_summaries_summary_type'],
    [{ window_end: HOUR.window_start }, 'ck_summaries_window'],
    [{ event_count: -1 }, 'ck_summaries_event_count'],
  ])('with %j are refused', async (columns, constraint) => {
    await expect(knex('summaries').insert({ ...HOUR, ...columns })).rejects.toMatchObject({ constraint });
  });
});

test.each([
  ['event_audits', { context_usage_score: 0.99 }, 'ck_event_audits_context_score_range'],
  ['event_audits', { context_usage_score: 'NaN' }, 'ck_event_audits_context_score_range'],
  ['event_audits', { reasoning_coherence_score: 5.01 }, 'ck_event_audits_reasoning_score_range'],
  ['event_audits', { risk_justification_score: 0 }, 'ck_event_audits_risk_justification_range'],
  ['event_audits', { consistency_score: 6 }, 'ck_event_audits_consistency_score_range'],
  ['event_audits', { overall_quality_score: -1 }, 'ck_event_audits_overall_score_range'],
  ['event_audits', { enrichment_utilization: 100.1 }, 'ck_event_audits_enrichment_range'],
  ['event_audits', { prompt_length: -1 }, 'ck_event_audits_prompt'],
  ['event_audits', { prompt_token_estimate: -1 }, 'ck_event_audits_prompt'],
  ['event_audits', { consistency_risk_score: 101 }, 'ck_event_audits_consistency'],
  ['event_audits', { consistency_diff: -101 }, 'ck_event_audits_consistency'],
  ['event_audits', { event_id: 0 }, 'fk_event_audits_event_id'],
  ['event_feedback', { feedback_type: 'CORRECT' }, 'ck_event_feedback_type'],
  ['event_feedback', { feedback_type: 'correct', expected_severity: 'none' }, 'ck_event_feedback_expected_severity'],
  ['event_feedback', { feedback_type: 'correct', event_id: 0 }, 'fk_event_feedback_event_id'],
  ['event_feedback', { feedback_type: 'correct', score_at_feedback: 101 }, 'ck_event_feedback_score'],
  ['event_feedback', { feedback_type: 'correct', risk_source: 'guess' }, 'ck_event_feedback_risk_source'],
  ['user_calibration', { low_threshold: -1 }, 'ck_user_calibration_low_range'],
  ['user_calibration', { low_threshold: 60 }, 'ck_user_calibration_threshold_order'],
  ['user_calibration', { medium_threshold: 85 }, 'ck_user_calibration_threshold_order'],
  ['user_calibration', { high_threshold: 101 }, 'ck_user_calibration_high_range'],
  ['user_calibration', { medium_threshold: 101, high_threshold: 102 }, /^ck_user_calibration_(medium|high)_range$/],
  ['user_calibration', { decay_factor: 1.01 }, 'ck_user_calibration_decay_range'],
  ['user_calibration', { decay_factor: 'NaN' }, 'ck_user_calibration_decay_range'],
  ['user_calibration', { correct_count: -1 }, 'ck_user_calibration_correct_count'],
  ['user_calibration', { false_positive_count: -1 }, 'ck_user_calibration_fp_count'],
  ['user_calibration', { missed_threat_count: -1 }, 'ck_user_calibration_mt_count'],
  ['user_calibration', { severity_wrong_count: -1 }, 'ck_user_calibration_sw_count'],
  ['camera_calibrations', { risk_offset: 31 }, 'ck_camera_calibrations_risk_offset_range'],
  ['camera_calibrations', { false_positive_rate: 1.01 }, 'ck_camera_calibrations_fp_rate_range'],
  ['camera_calibrations', { false_positive_count: 1 }, 'ck_camera_calibrations_feedback_count'],
  ['camera_calibrations', { camera_id: 'none' }, 'fk_camera_calibrations_camera_id'],
])('%s refuses %j', async (table, columns, constraint) => {
  const base = await plainRow(table);
  await expect(knex(table).insert({ ...base, ...columns })).rejects.toMatchObject({
    constraint: typeof constraint === 'string' ? constraint : expect.stringMatching(constraint),
  });
  await knex(table).insert(table === 'event_feedback' ? { ...base, feedback_type: 'correct' } : base);
});

async function plainRow(table: string): Promise<object> {
  if (table === 'user_calibration') return { user_id: 'x' };
  return table === 'camera_calibrations' ? { camera_id: 'gate' } : { event_id: await makeEvent() };
}
