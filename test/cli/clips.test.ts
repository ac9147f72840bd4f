import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeVideo } from '../helpers/footage.ts';
import { runHs, startHs, type HsResult } from '../helpers/run-hs.ts';

const SECONDS = 40;
let db: TestDatabase;
let folder: string;
/** Names that a shell, a pattern of numbers or a list of files would take for something else. */
let home: string;
let events: number[];

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-clips-'));
  home = join(folder, `ho'me %03d; "$(touch no)"`);
  await mkdir(join(folder, 'footage'));
  await seedRun(db.knex);
  await seedCamera(db.knex, 'door');
  const video = await makeVideo({ name: 'clips.mp4', seconds: SECONDS, size: '96x64', extra: ['-g', '10'] });
  events = [];
  for (const [day, name] of [`-i %03d'"\n\u001b[31m.mp4`, 'lost.mp4', 'plain.mp4'].entries()) {
    const [at, path] = [`2026-01-1${String(day)}T08:00:00Z`, join(folder, 'footage', name)];
    await copyFile(video, path);
    const { size, mtime } = await stat(path);
    const sha256 = createHash('sha256').update(name).digest('hex');
    const facts = { path, size_bytes: size, modified_at: mtime, content_sha256: sha256, width: 96, height: 64, frame_rate: 10 };
    const ended = new Date(Date.parse(at) + SECONDS * 1000);
    const fileId = await seedFile(db.knex, { camera: 'door', at, more: { ...facts, duration_ms: SECONDS * 1000, ended_at: ended } });
    const member = await seedDetection(db.knex, { fileId, camera: 'door', at, offsetMs: 15_000 });
    events.push(await seedEvent(db.knex, { camera: 'door', members: [member] }));
  }
  await rm(join(folder, 'footage', 'lost.mp4'));
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

const environment = (): { env: Record<string, string>; cwd: string } => ({ env: { HS_HOME: home, HS_DATABASE_URL: db.url }, cwd: folder });
const hs = (...args: string[]): Promise<HsResult> => runHs(['events', 'clip', ...args], environment());
const clips = (): Promise<string[]> => readdir(join(home, 'clips')).catch(() => []);
const work = async (): Promise<number> => (await clips()).filter((name) => name.startsWith('.clip-')).length;
const lastJob = (): Promise<object> => db.knex('jobs').where({ job_type: 'clips' }).orderBy('created_at', 'desc').first();
const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => child.on('close', done));

type Item = { event_id: number; path: string; mode: string; duration_ms: number };

test('clips are made of what is there, what is missing is told, and a job tells of both', async () => {
  const { code, stdout, stderr } = await hs(...events.map(String), '--json');
  expect(code).toBe(3);
  const { items } = JSON.parse(stdout) as { items: Item[] };
  expect(items.map(({ event_id: id }) => id)).toEqual([events[0], events[2]]);
  for (const { event_id: id, path, duration_ms: ms } of items) {
    expect(ms).toBeGreaterThan(9_000);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await db.knex('events').where({ id }).pluck('clip_path')).toEqual([path]);
  }
  expect(stderr).toContain(`event ${String(events[1])}: `);
  expect(stderr).toContain('lost.mp4" is not there any more');
  const result = { failed: 1, copy: 2, exit_code: 3 };
  expect(await lastJob()).toMatchObject({ status: 'completed', progress_percent: 100, result });
  expect((await db.knex('audit_logs').where({ action: 'media_exported' })).length).toBe(2);
  expect((await readdir(folder)).sort()).toEqual(['footage', home.slice(folder.length + 1)].sort());
});

test('a name of the file to write is only a name, and of a clip that is asked for differently one stays', async () => {
  const [first] = await clips();
  const named = `-map %03d';\n.mp4`;
  expect(await hs(String(events[0]), '--after', '6', '--out', named)).toMatchObject({ code: 0 });
  expect((await readFile(join(folder, named))).subarray(4, 8).toString()).toBe('ftyp');
  expect(await clips()).toContain(first);
  expect(await hs(String(events[0]), '--after', '6')).toMatchObject({ code: 0 });
  expect((await clips()).filter((name) => name.startsWith(`event-${String(events[0])}-`))).toHaveLength(1);
  expect(await clips()).not.toContain(first);
});

test('a killed command leaves no clip, the next one takes its work away, and two at once agree on one', async () => {
  const args = [String(events[2]), '--before', '15', '--after', '20', '--mode', 'encode'];
  const before = (await clips()).sort();
  const child = startHs(['events', 'clip', ...args], environment());
  await expect.poll(work, { timeout: 30_000, interval: 10 }).toBe(1);
  child.kill('SIGKILL');
  await ended(child);
  expect((await clips()).filter((name) => !name.startsWith('.')).sort()).toEqual(before);
  expect(await work()).toBe(1);
  const results = await Promise.all([hs(...args, '--json'), hs(...args, '--json')]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(await work()).toBe(0);
  const paths = results.map(({ stdout }) => (JSON.parse(stdout) as { items: Item[] }).items[0]!.path);
  expect(new Set(paths).size).toBe(1);
  expect(await db.knex('events').where({ id: events[2] }).pluck('clip_path')).toEqual([paths[0]]);
  expect(await clips()).toHaveLength(before.length);
});

test('Ctrl-C lets the clip at work be finished and begins no other one', async () => {
  const child = startHs(
    ['events', 'clip', String(events[2]), String(events[0]), '--after', '9', '--mode', 'encode', '--json'],
    environment(),
  );
  let stdout = '';
  child.stdout.on('data', (text) => (stdout += String(text)));
  await expect.poll(work, { timeout: 30_000, interval: 10 }).toBe(1);
  child.kill('SIGINT');
  expect(await ended(child)).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ event_id: events[2], mode: 'encode' }] });
  expect(await work()).toBe(0);
  expect(await lastJob()).toMatchObject({ status: 'cancelled' });
});

test('detections come from a pipe and become pictures; of one whose original is lost only that is told', async () => {
  const ids = await db.knex('detections').orderBy('id').pluck('id');
  const args = ['detections', 'crop', '-', '--out', 'footage', '--format', 'png', '--pad', '0', '--json'];
  const { code, stdout, stderr } = await runHs(args, { ...environment(), input: ids.join('\n') });
  expect(code).toBe(3);
  const { items } = JSON.parse(stdout) as { items: { path: string }[] };
  expect(items.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
    `footage/door-20260110T080015.000Z-${String(ids[0])}-person.png`,
    `footage/door-20260112T080015.000Z-${String(ids[2])}-person.png`,
  ]);
  expect(stderr).toContain(`detection ${String(ids[1])}: `);
  const job = await db.knex('jobs').where({ job_type: 'crops' }).first();
  expect(job).toMatchObject({ status: 'completed', progress_percent: 100, result: { written: 2, failed: 1, exit_code: 3 } });
});

test('a sheet of an event is written where a name says, whatever the name', async () => {
  const named = `-sheet %03d';\n.png`;
  const run = (id: number | undefined, ...more: string[]): Promise<HsResult> =>
    runHs(['events', 'sheet', String(id), '--boxes', '--out', named, ...more], environment());
  expect(await run(events[1])).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('no frame of event') });
  expect(await readdir(folder)).not.toContain(named);
  const { code, stdout } = await run(events[0], '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, item: { event_id: events[0], frames: 1, width: 504, height: 406 } });
  expect((await readFile(join(folder, named))).subarray(1, 4).toString()).toBe('PNG');
});

test('an event that is not there, and a place that is not, are told before anything is done', async () => {
  const { n: before } = (await db.knex('jobs').count({ n: '*' }).first())!;
  expect(await hs(String(events[0]), '424242')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('no event 424242') });
  expect(await hs(String(events[0]), '--out', 'no/where.mp4')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('make the folder first'),
  });
  expect((await db.knex('jobs').count({ n: '*' }).first())!.n).toBe(before);
});
