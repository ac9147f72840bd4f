import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FeedbackType } from '../../../src/domain/enums.ts';
import { deleteFeedback } from '../../../src/services/feedback/delete-feedback.ts';
import { giveFeedback, type Verdict } from '../../../src/services/feedback/give-feedback.ts';
import { listFeedback } from '../../../src/services/feedback/list-feedback.ts';
import { REPORT_DIMENSIONS, reportFeedback } from '../../../src/services/feedback/report-feedback.ts';
import { showEvent } from '../../../src/services/events/show-event.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';

const ZONES = { cameras: {} };
const WHO = { userId: 'local', actor: 'anna', dryRun: false };

let db: TestDatabase;
let minute = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  for (const table of ['cameras', 'user_calibration', 'audit_logs', 'alert_rules'] as const) await db.knex(table).delete();
  for (const camera of ['gate', 'yard']) await seedCamera(db.knex, camera);
  minute = 0;
});

afterAll(() => db.drop());

async function event(score: number | null, more: object = {}, camera = 'gate'): Promise<number> {
  const scored = score === null ? {} : { risk_score: score, risk_level: 'medium', risk_source: 'rules' };
  const at = new Date(Date.UTC(2026, 0, 10, 20, minute++)).toISOString();
  return seedEvent(db.knex, { camera, members: [], at, more: { ...scored, ...more } });
}

const give = (ids: readonly number[], verdict: Verdict, who: object = {}): ReturnType<typeof giveFeedback> =>
  giveFeedback(db.knex, { ids, verdict, ...WHO, ...who });
const counters = async (user = 'local'): Promise<number[]> => {
  const row = await db.knex('user_calibration').where({ user_id: user }).first();
  return [row.correct_count, row.false_positive_count, row.missed_threat_count, row.severity_wrong_count];
};
const audits = (): Promise<{ action: string; details: object; resource_id: string }[]> =>
  db.knex('audit_logs').orderBy('id').select('action', 'resource_type', 'resource_id', 'actor', 'details');

describe('giving feedback (§10.6)', () => {
  test('on an event that is not there, on one of several, changes nothing', async () => {
    const id = await event(50);
    await expect(give([id, 424242], { type: 'correct' })).rejects.toMatchObject({ code: 'event_unknown', exitCode: 2 });
    expect(await db.knex('event_feedback')).toEqual([]);
    expect(await audits()).toEqual([]);
  });

  test.each<[Verdict, string]>([
    [{ type: 'severity_wrong' }, 'needs the level'],
    [{ type: 'correct', expected: 'high' }, '--expected is for'],
    [{ type: 'correct', note: 'a\0b' }, 'NUL'],
  ])('%j is a usage error', async (verdict, message) => {
    await expect(give([await event(50)], verdict)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
  });

  test('keeps the score, its source and the note, counts, and writes who said it', async () => {
    const id = await event(55);
    expect(await give([id, id], { type: 'false_positive', note: ' the cat ' })).toEqual([
      { event_id: id, camera_id: 'gate', feedback_type: 'false_positive', expected_severity: null, score_at_feedback: 55, replaced: null },
    ]);
    await db.knex('events').where({ id }).update({ risk_score: 10 });
    expect(await db.knex('event_feedback').first()).toMatchObject({
      notes: 'the cat',
      score_at_feedback: 55,
      risk_source: 'rules',
      user_id: 'local',
    });
    expect(await counters()).toEqual([0, 1, 0, 0]);
    expect(await audits()).toMatchObject([
      { action: 'event_dismissed', resource_type: 'event_feedback', resource_id: String(id), actor: 'anna', details: { replaced: null } },
    ]);
  });

  test('again replaces it: counters of both users follow, the audit log keeps what was said before', async () => {
    const id = await event(55);
    await give([id], { type: 'false_positive' });
    expect(await give([id], { type: 'severity_wrong', expected: 'critical' }, { userId: 'ann' })).toMatchObject([
      { replaced: 'false_positive', expected_severity: 'critical' },
    ]);
    expect(await db.knex('event_feedback')).toHaveLength(1);
    expect([await counters('local'), await counters('ann')]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    expect((await audits())[1]).toMatchObject({
      action: 'settings_changed',
      details: { feedback: { feedback_type: 'severity_wrong' }, replaced: { feedback_type: 'false_positive' } },
    });
  });

  test('on an event without a score is kept and counts for nothing', async () => {
    const id = await event(null);
    expect(await give([id], { type: 'missed_threat' })).toMatchObject([{ score_at_feedback: null }]);
    expect(await counters()).toEqual([0, 0, 0, 0]);
    expect(await db.knex('camera_calibrations')).toEqual([]);
  });

  test('as a dry run writes nothing', async () => {
    const id = await event(55);
    expect(await give([id], { type: 'correct' }, { dryRun: true })).toHaveLength(1);
    expect([await db.knex('event_feedback'), await db.knex('user_calibration'), await audits()]).toEqual([[], [], []]);
  });

  test('from many at once loses no count', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, index) => event(40 + index)));
    await Promise.all(ids.map((id) => give([id], { type: 'correct' })));
    expect(await counters()).toEqual([8, 0, 0, 0]);
    expect(await db.knex('camera_calibrations').first()).toMatchObject({ total_feedback_count: 8, avg_model_score: 43.5, risk_offset: 0 });
  });

  test('shows with its event', async () => {
    const id = await event(55);
    expect((await showEvent(db.knex, id, ZONES)).event.feedback).toBeNull();
    await give([id], { type: 'correct' });
    expect((await showEvent(db.knex, id, ZONES)).event.feedback).toBe('correct');
  });
});

test('20 words on a camera with more than half false alarms shift it by −5 (§10.7)', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => event(60)));
  await give(ids.slice(0, 11), { type: 'false_positive' });
  await give(ids.slice(11, 19), { type: 'correct' });
  expect(await db.knex('camera_calibrations').first()).toMatchObject({ total_feedback_count: 19, risk_offset: 0 });
  await give(ids.slice(19), { type: 'correct' });
  expect(await db.knex('camera_calibrations').first()).toMatchObject({
    total_feedback_count: 20,
    false_positive_count: 11,
    false_positive_rate: 0.55,
    risk_offset: -5,
  });
});

describe('taking feedback back', () => {
  test('where there is none is a usage error, and nothing is deleted', async () => {
    const [judged, other] = [await event(50), await event(50)];
    await give([judged], { type: 'correct' });
    const act = { actor: 'anna', dryRun: false };
    await expect(deleteFeedback(db.knex, { ids: [judged, other], ...act })).rejects.toMatchObject({ code: 'not_found', exitCode: 2 });
    expect(await db.knex('event_feedback')).toHaveLength(1);
  });

  test('takes it out of the counters and leaves it in the audit log', async () => {
    const id = await event(50);
    await give([id], { type: 'correct', note: 'yes' });
    expect(await deleteFeedback(db.knex, { ids: [id], actor: 'anna', dryRun: true })).toHaveLength(1);
    expect(await deleteFeedback(db.knex, { ids: [id], actor: 'anna', dryRun: false })).toMatchObject([{ event_id: id, notes: 'yes' }]);
    expect(await counters()).toEqual([0, 0, 0, 0]);
    expect(await db.knex('camera_calibrations').first()).toMatchObject({ total_feedback_count: 0, avg_model_score: null });
    expect((await audits()).at(-1)).toMatchObject({ action: 'settings_changed', details: { deleted: { notes: 'yes' } } });
  });
});

describe('lists and reports', () => {
  test('feedback is listed by what its event is, narrowed by camera, time and type', async () => {
    const [first, second, third] = [await event(50), await event(60, {}, 'yard'), await event(70)];
    for (const id of [first, second, third]) await give([id], { type: id === third ? 'correct' : 'false_positive' });
    const list = async (scope: object, filter: object = {}): Promise<unknown[]> => {
      const sort = { field: 'created_at', descending: true } as const;
      const ids: unknown[] = [];
      for await (const row of await listFeedback(db.knex, { scope, filter, sort, limit: 0, zones: ZONES })) ids.push(row.event_id);
      return ids;
    };
    expect(await list({})).toEqual([third, second, first]);
    expect(await list({ cameras: ['ya*'] })).toEqual([second]);
    expect(await list({ since: '2026-01-10T20:02:00Z' })).toEqual([third]);
    expect(await list({}, { types: ['false_positive'] })).toEqual([second, first]);
    await expect(list({ cameras: ['nowhere'] })).rejects.toMatchObject({ code: 'camera_unknown' });
  });

  test('precision is told by camera, rule, level, prompt and source, and not below 5 words (§10.7)', async () => {
    const rule = uuidV7();
    await db.knex('alert_rules').insert({ id: rule, name: 'night' });
    const judged: [FeedbackType, number, string][] = [
      ...Array.from({ length: 4 }, (): [FeedbackType, number, string] => ['correct', 70, 'gate']),
      ['false_positive', 20, 'gate'],
      ['missed_threat', 20, 'yard'],
      ['false_positive', 70, 'yard'],
    ];
    for (const [type, score, camera] of judged) {
      const id = await event(score, {}, camera);
      if (score === 70) {
        const started = await db.knex('events').where({ id }).first('started_at');
        await db.knex('alerts').insert({ event_id: id, rule_id: rule, dedup_key: String(id), occurred_at: started.started_at });
      }
      await give([id], { type });
    }
    const rows = await reportFeedback(db.knex, { scope: {}, by: REPORT_DIMENSIONS, userId: 'local', zones: ZONES });
    expect(rows.map(({ by, value, precision, low, high }) => [by, value, precision, low, high])).toEqual([
      ['camera', 'gate', 0.8, 0.3755, 0.9638],
      ['camera', 'yard', null, null, null],
      ['rule', 'night', 0.8, 0.3755, 0.9638],
      ['level', 'low', null, null, null],
      ['level', 'high', 0.8, 0.3755, 0.9638],
      ['risk_source', 'rules', 0.6667, 0.3, 0.9032],
    ]);
    expect(rows[1]).toMatchObject({ correct_count: 0, false_positive_count: 1, missed_threat_count: 1, severity_wrong_count: 0 });
    expect(await reportFeedback(db.knex, { scope: { cameras: ['yard'] }, by: ['camera'], userId: 'local', zones: ZONES })).toHaveLength(1);
  });
});
