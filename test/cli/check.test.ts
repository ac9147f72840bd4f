import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { cutShort, drawClip, drawStill } from '../faults/draw-footage.ts';
import { place } from '../faults/mixed-footage.ts';
import type { HsResult } from '../helpers/run-hs.ts';

const WALKER = { x: '10+9*T', y: '40', width: 16, height: 40 };

type Report = {
  schema_version: number;
  since: string | null;
  not_checked: string[];
  items: {
    id: string;
    severity: string;
    count: number;
    places: { where: string; text: string }[];
    fixable: boolean;
    fixed: number;
    remaining: number;
    problem: string | null;
  }[];
  summary: Record<string, number>;
  exit_code: number;
};

let sandbox: IngestSandbox;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  const { footage } = sandbox;
  for (const part of [0, 1, 2]) {
    const clip = await drawClip({ name: 'clip.mp4', figures: [WALKER], seconds: 4, fromS: 4 * part });
    await place(join(footage, `Front Door/20260114_08150${String(4 * part)}.mp4`), clip);
  }
  const torn = await drawClip({ name: 'clip.mkv', figures: [WALKER], seconds: 4, fromS: 3 });
  await place(join(footage, 'Front Door/20260114_091500.mkv'), await cutShort(torn, 0.8));
  const still = await drawStill([{ left: 40, top: 30, width: 20, height: 40 }]);
  await place(join(footage, 'yard/20260314_100000.jpg'), still);
  await place(join(footage, 'yard/20260314_100010.jpg'), await drawStill([{ left: 90, top: 30, width: 20, height: 40 }]));
  await place(join(footage, 'yard/20260314_100020.jpg'), still.subarray(0, still.length * 0.6));
  await place(join(footage, 'yard/20260314_100100.jpg'), Buffer.alloc(0));
  await place(join(footage, 'yard/20260314_100200.jpg'), Buffer.alloc(60, 1));
  await sandbox.ingest([footage]);
  await sandbox.hs(['export', 'events', '--format', 'csv', '--out', join(sandbox.folder, 'events.csv')]);
});

afterAll(() => sandbox.dispose());

const check = (...args: string[]): Promise<HsResult> => sandbox.hs(['check', ...args]);
const report = ({ stdout }: HsResult): Report => JSON.parse(stdout) as Report;
const found = (of: Report): string[] => of.items.filter(({ remaining, problem }) => remaining > 0 || problem !== null).map(({ id }) => id);

test('after an ingest with damaged files everything holds, quick and deep, the files too', async () => {
  const deep = await check('--deep', '--files', '--json');
  expect(found(report(deep))).toEqual([]);
  expect(report(deep)).toMatchObject({ schema_version: 1, since: null, not_checked: [], exit_code: 0 });
  expect(deep.code).toBe(0);
  const quick = await check();
  expect(quick).toMatchObject({ code: 0, stderr: '' });
  expect(quick.stdout).toMatch(
    /^\d+ rules hold\n.*footage since 2026-03-01 was looked at.*\nnot looked at: P2, T7, N2, N4 \(--deep\); M8, M9 \(--files\)\n$/,
  );
});

test('it holds after a correction of the clock, read again, and after --replace', async () => {
  expect((await sandbox.hs(['cameras', 'set', 'front_door', '--clock-offset', '3600'])).code).toBe(0);
  expect(found(report(await check('--deep', '--json')))).toEqual([]);
  await sandbox.ingest([sandbox.footage, '--redo', 'all']);
  expect(found(report(await check('--deep', '--json')))).toEqual([]);
  await place(join(sandbox.footage, 'yard/20260314_100010.jpg'), await drawStill([{ left: 10, top: 10, width: 20, height: 40 }]));
  await sandbox.ingest([sandbox.footage, '--replace']);
  expect(found(report(await check('--deep', '--json')))).toEqual([]);
});

/** One thing broken after the ingest, and the rules that must name it. */
const BROKEN: [rules: string[], sql: string, undo?: string][] = [
  [['S1'], 'DROP INDEX idx_events_camera_id', 'CREATE INDEX idx_events_camera_id ON events (camera_id)'],
  [['S3'], `SELECT setval('detections_id_seq', 1)`, `SELECT setval('detections_id_seq', (SELECT max(id) FROM detections))`],
  [['P3'], `SELECT ensure_detections_partition('2020-02-01')`, 'DROP TABLE detections_y2020m02'],
  [['M2'], 'UPDATE cameras SET last_seen_at = NULL'],
  [['D1'], 'UPDATE detections SET frame_offset_ms = frame_offset_ms + 2', 'UPDATE detections SET frame_offset_ms = frame_offset_ms - 2'],
  [['V5'], `UPDATE events SET detection_ids = '[7'`],
  [['V6'], `UPDATE events SET object_types = 'unicorn'`],
  [['T3'], 'UPDATE tracks SET detection_count = detection_count + 1', 'UPDATE tracks SET detection_count = detection_count - 1'],
  [['A4'], 'DELETE FROM notification_preferences'],
  [['J3'], 'UPDATE jobs SET attempt_number = 2', 'UPDATE jobs SET attempt_number = 1'],
  [['R2'], `UPDATE runs SET args_json = jsonb_set(args_json, '{password}', '"x"')`, `UPDATE runs SET args_json = args_json - 'password'`],
];

test('each broken thing is named; with --fix what can be is put right, and the next check says so', async () => {
  const { knex } = sandbox.db;
  for (const [, sql] of BROKEN) await knex.raw(sql);
  const rules = BROKEN.flatMap(([ids]) => ids);
  const before = await check('--deep', '--json');
  expect(before.code).toBe(7);
  expect(found(report(before))).toEqual(rules);
  const fixed = await check('--deep', '--fix', '--json', '--actor', 'ann');
  const stays = report(fixed).items.filter(({ remaining }) => remaining > 0);
  expect(stays.map(({ id, fixable }) => [id, fixable])).toEqual(['S1', 'D1', 'T3', 'J3', 'R2'].map((id) => [id, false]));
  expect(fixed.code).toBe(7);
  expect(await knex('audit_logs').where({ resource_type: 'check', actor: 'ann' }).orderBy('id').pluck('resource_id')).toEqual([
    'S3',
    'P3',
    'M2',
    'V5',
    'V6',
    'A4',
  ]);
  for (const [ids, , undo] of BROKEN) if (undo !== undefined && ids[0] !== 'P3' && ids[0] !== 'S3') await knex.raw(undo);
  expect(found(report(await check('--deep', '--json')))).toEqual([]);
});

test('people read the rule, how often, the first places, and what --fix would do', async () => {
  await sandbox.db.knex.raw('UPDATE events SET search_vector = NULL');
  const { code, stdout } = await check('--deep', '--limit', '1');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^W {2}V7 {2}An event is found by the words it has\. \(\d+\)\n {7}event \d+: is found by other words than it has\n {7}… and \d+ more\n {7}→ hs check --fix makes the search document anew\n\d+ rules hold, 1 warning\n/,
  );
  expect((await check('V7', '--deep', '--fail-on', 'integrity')).code).toBe(7);
  const fixed = await check('v7', '--fix', '--deep');
  expect(fixed.stdout).toMatch(/→ put right: \d+\n1 rule holds; 1 put right\n$/);
});

test('files that are gone are a warning', async () => {
  await rm(join(sandbox.footage, 'Front Door/20260114_091500.mkv'));
  const { code, stdout } = await check('--files', '--deep', '--json');
  expect(code).toBe(0);
  expect(report({ code, stdout, stderr: '' }).items.find(({ id }) => id === 'M8')).toMatchObject({
    severity: 'W',
    count: 1,
    places: [{ text: expect.stringContaining('091500.mkv is not there') }],
  });
});

test('--explain says what each rule is for, without a database', async () => {
  const far = { HS_DATABASE_URL: 'postgresql://hs@127.0.0.1:1/hs' };
  const one = await sandbox.hs(['check', '--explain', 'v4'], far);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toMatch(/^E {2}V4 {2}The risk level .*\n(.*\n)*.*--fix derives the level from the score\.\n$/);
  const all = JSON.parse((await sandbox.hs(['check', '--explain', '--json'], far)).stdout) as { items: { id: string; why: string }[] };
  const designed =
    'S1 S2 S3 P1 P2 P3 M1 M2 M3 M4 M5 M6 M7 M8 D1 D2 D3 D4 D5 V1 V2 V3 V4 V5 V6 V7 V8 V9 A1 A2 A3 A4 A5 Z1 N1 N2 N3 N4 Q1 Q2 Q3 J1 J2 J3 J4 J5 R1 R2';
  expect(all.items.map(({ id }) => id).filter((id) => !id.startsWith('T') && !['D6', 'M9', 'J6'].includes(id))).toEqual(
    designed.split(' '),
  );
  expect(all.items.every(({ why }) => why.length > 20)).toBe(true);
  expect((await sandbox.hs(['check', '--explain'], far)).stdout).toContain(
    'Known to depend on the order in which footage comes, and not checked: a file that',
  );
});

test('a rule that does not exist is the user’s error', async () => {
  const { code, stderr } = await check('V44');
  expect(code).toBe(2);
  expect(stderr).toContain('there is no rule "V44"');
});
