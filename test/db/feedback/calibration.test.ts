import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_RISK_THRESHOLDS, riskLevel } from '../../../src/domain/risk-level.ts';
import { applyCalibration } from '../../../src/services/calibration/apply-calibration.ts';
import { calibrationHistory } from '../../../src/services/calibration/calibration-history.ts';
import { loadCameraOffsets } from '../../../src/services/calibration/load-camera-offsets.ts';
import { loadThresholds } from '../../../src/services/calibration/load-thresholds.ts';
import { resetCalibration } from '../../../src/services/calibration/reset-calibration.ts';
import { showCalibration } from '../../../src/services/calibration/show-calibration.ts';
import { giveFeedback, type Verdict } from '../../../src/services/feedback/give-feedback.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent } from '../answers/seed.ts';
import { lookAt, namesOf } from '../check/sound-store.ts';

const WHO = { userId: 'local', actor: 'anna', dryRun: false };
const CALIBRATION = { user: 'local', cameraOffset: false };
const LEARNED: [number, Verdict][] = [
  [55, { type: 'false_positive' }],
  [72, { type: 'false_positive' }],
];

let db: TestDatabase;
let minute = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  for (const table of ['cameras', 'user_calibration', 'audit_logs'] as const) await db.knex(table).delete();
  await seedCamera(db.knex, 'gate');
  minute = 0;
});

afterAll(() => db.drop());

async function event(score: number): Promise<number> {
  const at = new Date(Date.UTC(2026, 0, 10, 20, minute++)).toISOString();
  const more = { risk_score: score, risk_level: riskLevel(score), risk_source: 'rules' };
  return seedEvent(db.knex, { camera: 'gate', members: [], at, more });
}

async function judge(words: readonly [number, Verdict][] = LEARNED): Promise<void> {
  for (const [score, verdict] of words) await giveFeedback(db.knex, { ids: [await event(score)], verdict, ...WHO });
}

const show = () => showCalibration(db.knex, { calibration: CALIBRATION });
const levels = (): Promise<string[]> => db.knex('events').orderBy('id').pluck('risk_level');
const audits = (): Promise<{ details: object }[]> =>
  db.knex('audit_logs').where({ resource_type: 'calibration' }).orderBy('id').select('action', 'resource_id', 'actor', 'details');
const findings = async (): Promise<string[]> => namesOf(await lookAt(db.knex, { ids: ['V4', 'Q3'] }));

test('without feedback the defaults are in force and nothing is learned', async () => {
  expect((await show()).calibration).toMatchObject({
    user_id: 'local',
    decay: 0.1,
    low: 30,
    medium: 60,
    high: 85,
    learned_low: 30,
    learned_medium: 60,
    learned_high: 85,
    events_to_change: 0,
    accuracy: null,
    reset_at: null,
  });
  expect(await calibrationHistory(db.knex, { userId: 'local' })).toEqual([]);
  expect(await applyCalibration(db.knex, WHO)).toEqual({ before: DEFAULT_RISK_THRESHOLDS, after: DEFAULT_RISK_THRESHOLDS, changes: [] });
  expect(await audits()).toEqual([]);
});

test('feedback is learned from at once, in force only when it is applied, and the check agrees all the way (§9.2, §10.7)', async () => {
  const stored: number[] = [];
  for (const score of [30, 31, 32, 61, 62, 87]) stored.push(await event(score));
  await judge();
  expect((await show()).calibration).toMatchObject({ low: 30, learned_low: 32, learned_medium: 62, learned_high: 87, events_to_change: 3 });
  expect(await loadThresholds(db.knex, 'local')).toEqual(DEFAULT_RISK_THRESHOLDS);
  expect(await findings()).toEqual([]);

  const before = await db.knex('events').orderBy('id').select('id', 'risk_score', 'version');
  const preview = await applyCalibration(db.knex, { ...WHO, dryRun: true });
  expect(preview.changes).toEqual([
    { from: 'medium', to: 'low', events: 2 },
    { from: 'high', to: 'medium', events: 1 },
  ]);
  expect([await loadThresholds(db.knex, 'local'), await audits()]).toEqual([DEFAULT_RISK_THRESHOLDS, []]);

  const applied = await applyCalibration(db.knex, { ...WHO, batchSize: 1 });
  expect(applied).toEqual({ ...preview, changes: expect.arrayContaining(preview.changes) });
  expect((await levels()).slice(0, stored.length)).toEqual(['low', 'low', 'medium', 'medium', 'high', 'critical']);
  const after = await db.knex('events').orderBy('id').select('id', 'risk_score', 'version');
  expect(after.map(({ risk_score }) => risk_score)).toEqual(before.map(({ risk_score }) => risk_score));
  expect(after.map(({ version }, index) => version - before[index].version)).toEqual([1, 1, 0, 1, 0, 0, 0, 0]);
  expect(await findings()).toEqual([]);
  expect(await audits()).toMatchObject([
    {
      action: 'settings_changed',
      resource_id: 'local',
      actor: 'anna',
      details: { changes: [{ column: 'low', from: 30, to: 32 }, { column: 'medium' }, { column: 'high' }], events: preview.changes },
    },
    { details: { levels_rewritten: 1, events: [stored[0], stored[0]] } },
    { details: { levels_rewritten: 1, events: [stored[1], stored[1]] } },
    { details: { levels_rewritten: 1, events: [stored[3], stored[3]] } },
  ]);
  expect((await applyCalibration(db.knex, WHO)).changes).toEqual([]);
});

test('an apply that was stopped goes on with the next one; until then the check says which levels are behind', async () => {
  await judge();
  await event(31);
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await expect(applyCalibration(db.knex, { ...WHO, signal: stop.signal })).rejects.toThrow('stopped');
  expect(await loadThresholds(db.knex, 'local')).toEqual({ low: 32, medium: 62, high: 87 });
  expect(await findings()).toEqual(['V4']);
  expect((await applyCalibration(db.knex, WHO)).changes).toEqual([{ from: 'medium', to: 'low', events: 1 }]);
  expect(await findings()).toEqual([]);
});

test('a level that somebody changed by hand is put right by the thresholds in force, not by the defaults (schema §10 V4)', async () => {
  await judge();
  const id = await event(31);
  await applyCalibration(db.knex, WHO);
  await db.knex('events').where({ id }).update({ risk_level: 'medium' });
  await lookAt(db.knex, { ids: ['V4'], fix: true });
  expect(await db.knex('events').where({ id }).first('risk_level')).toEqual({ risk_level: 'low' });
});

test('waits for events that somebody works on', async () => {
  await judge();
  const id = await event(31);
  const other = await db.knex.transaction();
  await other('events').where({ id }).forUpdate().first();
  const applying = applyCalibration(db.knex, WHO);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await other.commit();
  expect((await applying).changes).toEqual([{ from: 'medium', to: 'low', events: 1 }]);
});

test('a decay is tried without keeping it, and kept when it is applied', async () => {
  await judge([[55, { type: 'false_positive' }]]);
  expect((await showCalibration(db.knex, { calibration: CALIBRATION, decay: 1 })).calibration).toMatchObject({ decay: 1, learned_low: 41 });
  expect((await show()).calibration).toMatchObject({ decay: 0.1, learned_low: 31 });
  expect((await applyCalibration(db.knex, { ...WHO, decay: 0 })).after).toEqual(DEFAULT_RISK_THRESHOLDS);
  await judge([[55, { type: 'false_positive' }]]);
  expect((await show()).calibration).toMatchObject({ decay: 0, learned_low: 30, false_positive_count: 2 });
});

test('each user learns from own feedback only', async () => {
  await judge();
  await giveFeedback(db.knex, { ids: [await event(20)], verdict: { type: 'missed_threat' }, ...WHO, userId: 'ann' });
  const other = await showCalibration(db.knex, { calibration: { ...CALIBRATION, user: 'ann' } });
  expect(other.calibration).toMatchObject({ learned_low: 29, missed_threat_count: 1, false_positive_count: 0, accuracy: 0 });
  expect((await show()).calibration).toMatchObject({ learned_low: 32 });
});

test('history tells word by word how the thresholds came about (§10.7)', async () => {
  await judge([...LEARNED, [75, { type: 'severity_wrong', expected: 'critical' }], [20, { type: 'missed_threat' }]]);
  const history = await calibrationHistory(db.knex, { userId: 'local' });
  expect(history.map(({ change, low, medium, high }) => [change, low, medium, high])).toEqual([
    [1, 31, 61, 86],
    [1, 32, 62, 87],
    [-1, 31, 61, 86],
    [-1, 30, 60, 85],
  ]);
  await seedCamera(db.knex, 'yard');
  expect(await calibrationHistory(db.knex, { userId: 'local', cameras: ['yard'] })).toEqual([]);
  await expect(calibrationHistory(db.knex, { userId: 'local', cameras: ['x'] })).rejects.toMatchObject({ code: 'camera_unknown' });
});

describe('reset (§10.7)', () => {
  test('starts the fold anew; levels follow when it is applied', async () => {
    await judge();
    await applyCalibration(db.knex, WHO);
    expect(await resetCalibration(db.knex, { ...WHO, dryRun: true })).toMatchObject([{ feedback_left_out: 2, low: 32 }]);
    expect((await show()).calibration.reset_at).toBeNull();
    await resetCalibration(db.knex, WHO);
    expect((await show()).calibration).toMatchObject({ low: 32, learned_low: 30, false_positive_count: 0, reset_at: expect.any(Date) });
    expect(await db.knex('event_feedback')).toHaveLength(2);
    await judge([[55, { type: 'false_positive' }]]);
    expect((await show()).calibration).toMatchObject({ low: 32, learned_low: 31, false_positive_count: 1 });
    await applyCalibration(db.knex, WHO);
    expect(await loadThresholds(db.knex, 'local')).toEqual({ low: 31, medium: 61, high: 86 });
    expect(await findings()).toEqual([]);
  });

  test('of a camera is for its offset alone', async () => {
    await judge(Array.from({ length: 20 }, (): [number, Verdict] => [10, { type: 'missed_threat' }]));
    expect((await show()).cameras).toMatchObject([{ camera_id: 'gate', risk_offset: 5, offset_in_force: 0, total_feedback_count: 20 }]);
    expect([...(await loadCameraOffsets(db.knex, { ...CALIBRATION, cameraOffset: true }))]).toEqual([['gate', 5]]);
    expect([...(await loadCameraOffsets(db.knex, CALIBRATION))]).toEqual([]);
    await expect(resetCalibration(db.knex, { ...WHO, cameras: ['x'] })).rejects.toMatchObject({ code: 'camera_unknown' });
    expect(await resetCalibration(db.knex, { ...WHO, cameras: ['ga*'] })).toMatchObject([{ of: 'gate', risk_offset: 5 }]);
    expect(await show()).toMatchObject({ calibration: { reset_at: null }, cameras: [{ risk_offset: 0, total_feedback_count: 0 }] });
    expect(await findings()).toEqual([]);
  });
});
