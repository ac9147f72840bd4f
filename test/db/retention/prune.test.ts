import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listDetectionPartitions } from '../../../src/db/queries/partitions.ts';
import { previewPrune, prune } from '../../../src/services/retention/prune.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { lookAt, namesOf } from '../check/sound-store.ts';
import { createAgedStore, plannedOf, pruneBitByBit, pruneOptions, removedOf } from './seed-ages.ts';

type AgedStore = Awaited<ReturnType<typeof createAgedStore>>;

let once: AgedStore;
let bitByBit: AgedStore;
let home: string;

beforeAll(async () => {
  once = await createAgedStore();
  bitByBit = await createAgedStore();
  home = await mkdtemp(join(tmpdir(), 'hs-prune-'));
  await mkdir(join(home, 'clips'));
  for (const id of [once.ids.plain, once.ids.noted]) {
    const path = clipOf(id);
    await writeFile(path, 'clip');
    await once.knex('events').where({ id }).update({ clip_path: path });
  }
});

const clipOf = (eventId: number): string => join(home, `clips/event-${String(eventId)}-0123456789ab.mp4`);

/** Rules about what a prune touches. */
const RULES = ['M3', 'M5', 'D1', 'V1', 'V2', 'V3', 'V5', 'V6', 'V8', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'N1', 'N2'];
const brokenRules = async (knex: TestDatabase['knex']): Promise<string[]> => namesOf(await lookAt(knex, { ids: RULES }));

afterAll(async () => {
  await once.drop();
  await bitByBit.drop();
  await rm(home, { recursive: true });
});

test('an empty store has nothing over age, and a prune leaves no trace', async () => {
  const empty: TestDatabase = await createTestDatabase();
  try {
    const outcome = await prune(empty.knex, pruneOptions({ force: false }));
    expect([outcome.months, removedOf(outcome), outcome.stopped]).toEqual([[], {}, false]);
    expect(await empty.knex('audit_logs')).toEqual([]);
  } finally {
    await empty.drop();
  }
});

test('the preview counts what is over age, what of it stays and why, and changes nothing (§10.13)', async () => {
  expect(await brokenRules(once.knex)).toEqual([]);
  const plan = await plannedOf(once.knex);
  expect(plan['events']).toMatchObject({
    ...{ kind: 'footage', keep: '30d', rows: 9, over_age: 7, kept: 4, goes: 3 },
    kept_why: { notes: 1, flagged: 1, missed_threat: 1, held: 1 },
  });
  expect(plan['tracks']).toMatchObject({ over_age: expect.any(Number) as number, kept_why: { of_kept_events: plan['tracks']?.kept } });
  expect(plan['detections']).toMatchObject({ rows: 21, over_age: 17, kept: 10, goes: 7 });
  expect(plan['detections']?.bytes).toBeGreaterThan(0);
  expect(plan['clips']).toMatchObject({ rows: 2, over_age: 1, bytes: 4 });
  expect(plan['activity_hours']).toMatchObject({ rows: 2, over_age: 1 });
  expect(plan['gpu_stats']).toMatchObject({ kind: 'gpu_stats', rows: 2, over_age: 1, kept: 0 });
  expect(plan['jobs']).toMatchObject({ rows: 3, over_age: 1 });
  expect(plan['export_jobs']).toMatchObject({ kind: 'jobs', rows: 2, over_age: 1 });
  expect(plan['logs']).toMatchObject({ rows: 2, over_age: 1 });
  expect(plan['audit_logs']).toMatchObject({ keep: 'never', rows: 1, over_age: 0 });
  expect((await previewPrune(once.knex, pruneOptions())).months).toEqual(['2025-11']);
  expect(await once.knex('events').count()).toEqual([{ count: 9 }]);
});

test('what is over age goes with all that belongs to it; what somebody wants kept stays whole', async () => {
  const { knex, ids } = once;
  const plan = await plannedOf(knex);
  const outcome = await prune(knex, pruneOptions());
  const removed = removedOf(outcome);
  expect(outcome).toMatchObject({ months: ['2025-11'], stopped: false });
  for (const [table, { goes }] of Object.entries(plan)) expect([table, removed[table] ?? 0]).toEqual([table, goes]);
  const left = [ids.noted, ids.flagged, ids.missed, ids.held, ids.atLimit, ids.young].sort((a, b) => a - b);
  expect(await knex('events').orderBy('id').pluck('id')).toEqual(left);
  for (const table of ['alerts', 'event_audits', 'due_alerts'])
    expect(await knex(table).orderBy('event_id').pluck('event_id')).toEqual(left);
  expect(await knex('event_feedback').pluck('event_id')).toEqual([ids.missed]);
  expect(await knex('experiment_results').whereNull('event_id').count()).toEqual([{ count: 3 }]);
  expect(await knex('entities').count()).toEqual([{ count: 1 }]);
  expect(await knex('pose_results').count()).toEqual([{ count: 14 }]);
  expect(await readdir(join(home, 'clips'))).toEqual([basename(clipOf(ids.noted))]);
  expect(await knex('job_logs').count()).toEqual([{ count: 1 }]);
  expect((await listDetectionPartitions(knex)).map(({ name }) => name.slice(-8))).toEqual(['y2025m12', 'y2026m01']);
});

test('the ledger stays, and says which files showed more once', async () => {
  const { knex } = once;
  expect(await knex('media_files').count()).toEqual([{ count: 21 }]);
  expect(await knex('media_files').whereNotNull('pruned_at').count()).toEqual([{ count: 7 }]);
  expect(await knex('cameras').first('pruned_until')).toEqual({ pruned_until: new Date('2025-12-15T08:15:41Z') });
});

test('one audit row says what went', async () => {
  const rows = await once.knex('audit_logs').where('actor', 'tester');
  expect(rows).toMatchObject([
    {
      action: 'data_cleared',
      resource_type: 'retention',
      details: {
        removed: { events: 3, detections: 7, entities: 1, logs: 1 },
        keep: { events: '30d' },
        months: ['2025-11'],
        finished: true,
      },
    },
  ]);
});

test('what is left is true to itself, and a second prune finds nothing', async () => {
  expect(await brokenRules(once.knex)).toEqual([]);
  expect(removedOf(await prune(once.knex, pruneOptions({ force: false })))).toEqual({});
  expect(await once.knex('audit_logs').where('actor', 'tester').count()).toEqual([{ count: 1 }]);
});

test('stopped at every step and run again it ends with the same rows as at once', async () => {
  const runs = await pruneBitByBit(bitByBit.knex);
  expect(runs).toBeGreaterThan(8);
  expect(await brokenRules(bitByBit.knex)).toEqual([]);
  expect(await contentsOf(bitByBit.knex)).toEqual(await contentsOf(once.knex));
  const audits = await bitByBit.knex('audit_logs').where('actor', 'tester').orderBy('id').select('details');
  expect(audits).toHaveLength(runs - 1);
  expect(audits[0]).toMatchObject({ details: { finished: false } });
});

/** What does not depend on ids and on the moment. */
async function contentsOf(knex: TestDatabase['knex']): Promise<object> {
  const counts: Record<string, unknown> = {};
  for (const table of ['alerts', 'jobs', 'job_logs', 'export_jobs', 'logs', 'gpu_stats', 'pose_results', 'reid_embeddings', 'entities'])
    counts[table] = await knex(table).count();
  return {
    counts,
    events: await knex('events').orderBy('started_at').select('batch_id', 'started_at', 'ended_at', 'detection_count', 'notes', 'flagged'),
    tracks: await knex('tracks').orderBy('first_seen').select('first_seen', 'last_seen', 'detection_count', 'confirmed'),
    detections: await knex('detections').orderBy('detected_at').select('detected_at', 'is_static', 'file_path'),
    hours: await knex('activity_hours').orderBy('started_at').select('started_at'),
    pruned: await knex('media_files').whereNotNull('pruned_at').orderBy('path').pluck('path'),
  };
}
