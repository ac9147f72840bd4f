import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawClip } from '../faults/draw-footage.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { dumpStore } from '../faults/stored-rows.ts';

const LOUD = { HS_RISK_POINTS_CLASS_MOTION: '60' };

let sandbox: IngestSandbox;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  const clip = await drawClip({ name: 'clip.mp4', figures: [{ x: '10+9*T', y: '40', width: 16, height: 40 }], seconds: 4 });
  await place(join(sandbox.footage, 'Front Door/20260114_020000.mp4'), clip);
  const { code, report } = await sandbox.ingest([sandbox.footage, '--no-analyze']);
  expect([code, report.changes.created]).toEqual([0, 1]);
});

afterAll(() => sandbox.dispose());

async function json(args: readonly string[], env?: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await sandbox.hs([...args, '--json'], env);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Record<string, unknown>) };
}

test('an ingest that is not to analyse leaves events without a score, and analyze gives them one', async () => {
  expect(await json(['events', 'list'])).toMatchObject({ items: [{ risk_score: null, risk_source: 'none' }] });
  expect(await json(['analyze'])).toMatchObject({ code: 0, analysed: 1, changed: 1, levels: { low: 1 } });
  expect(await json(['jobs', 'list'])).toMatchObject({ items: [{ job_type: 'ai_analysis', status: 'completed' }, { job_type: 'ingest' }] });
});

test('an ingest scores its events, and says how many of each level', async () => {
  await sandbox.db.knex('events').update({ rules_fingerprint: null });
  const shown = await sandbox.hs(['ingest', sandbox.footage, '--detector', 'motion']);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/scored +1 low/) as string });
});

test('an event is shown with what its score is made of (§9.1)', async () => {
  const { stdout } = await sandbox.hs(['events', 'show', '1']);
  expect(stdout).toMatch(/risk_score +8\n/);
  expect(stdout).toMatch(/recommended_action +No action needed\./);
  expect(stdout).toMatch(/class +4 +Motion seen \(\+4\)\.\n/);
  expect(stdout).toMatch(/time +4 +At 02:00 local time, night \(\+4\)\.\n/);
  expect(await json(['events', 'show', '1'])).toMatchObject({
    items: [{ event: { summary: '2 motion at Front Door, 02:00:01–02:00:03.' }, analysis: { factors: [{ id: 'class' }, { id: 'time' }] } }],
  });
});

test('what other points would change is listed, and nothing is stored (§12)', async () => {
  const before = await dumpStore(sandbox.db.knex);
  const jobs = await sandbox.db.knex('jobs').count();
  const found = await json(['analyze', '--rescore', '--diff', '--dry-run'], LOUD);
  expect(found).toMatchObject({ items: [{ event_id: 1, old_score: 8, old_level: 'low', new_score: 64, new_level: 'high' }] });
  const csv = await sandbox.hs(['analyze', '1', '--diff', '--dry-run', '--csv'], LOUD);
  expect(csv.stdout.split('\n')).toEqual([
    'event_id,started_at,camera_id,change,old_score,old_level,new_score,new_level,alerts_raised,alerts_gone',
    expect.stringMatching(/^1,2026-01-14T02:00:01\.\d+Z,front_door,rescored,8,low,64,high,,$/),
    '',
  ]);
  const table = await sandbox.hs(['analyze', '--regroup', '--rescore', '--diff', '--dry-run']);
  expect(table).toMatchObject({ code: 0, stdout: 'no differences\n' });
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
  expect(await sandbox.db.knex('jobs').count()).toEqual(jobs);
});

test('a rescore is recorded with who asked for it', async () => {
  expect(await json(['analyze', '--rescore', '--actor', 'anna'], LOUD)).toMatchObject({ analysed: 1, changed: 1 });
  expect(await json(['audit', 'log'])).toMatchObject({
    items: [{ action: 'ai_reevaluated', actor: 'anna' }, { action: 'camera_created' }],
  });
  expect(await json(['analyze', '--status', 'stale'])).toMatchObject({ analysed: 1, changed: 1 });
});

test('a limit that leaves work ends with 8', async () => {
  const event = await sandbox.db.knex('events').first();
  const left = new Set(['id', 'search_vector']);
  const copy = Object.fromEntries(Object.entries(event as Record<string, unknown>).filter(([name]) => !left.has(name)));
  const texts = ['factors', 'flags', 'entities', 'confidence_factors', 'anomaly_basis'] as const;
  const written = Object.fromEntries(texts.map((name) => [name, copy[name] === null ? null : JSON.stringify(copy[name])]));
  await sandbox.db.knex('events').insert({ ...copy, ...written, batch_id: 'another' });
  expect(await json(['analyze', '--rescore', '--max-events', '1'])).toMatchObject({ code: 8, analysed: 1, stopped_by: 'limit' });
});

test.each([
  [['analyze', '424242'], 'there is no event 424242'],
  [['analyze', '--status', 'stal'], '--status'],
  [['analyze', '1', '--regroup'], '--regroup'],
  [['analyze', '--status', 'all', '--rescore'], '--rescore'],
  [['analyze', '--csv'], '--diff'],
])('hs %j is a usage error', async (args, help) => {
  const { code, stderr } = await sandbox.hs(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(help)]);
});
