import { availableParallelism } from 'node:os';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { makeStill, makeVideo } from '../helpers/footage.ts';
import { place } from '../faults/mixed-footage.ts';

type Estimate = { likely: number; low: number | null; high: number | null };
type Plan = {
  found: number;
  states: { state: string; files: number; bytes: number }[];
  to_do: { files: number; bytes: number; stills: number; videos: number; footage_s: number };
  months: object[];
  workers: number;
  basis: object[];
  probe_s: number | null;
  work_s: Estimate | null;
  wall_s: Estimate | null;
  overhead: (Estimate & { runs: number }) | null;
  database_bytes: Estimate | null;
  left_files: Estimate | null;
  unknown_files: number;
  exit_code: number;
};

const STILLS = 24;

let sandbox: IngestSandbox;
let still: Buffer;

const plan = async (...args: string[]): Promise<{ code: number | null; plan: Plan; stderr: string }> => {
  const { code, stdout, stderr } = await sandbox.hs(['plan', ...args, '--detector', 'motion', '--json']);
  return { code, plan: JSON.parse(stdout || '{}') as Plan, stderr };
};
const stateOf = ({ states }: Plan): Record<string, number> => Object.fromEntries(states.map(({ state, files }) => [state, files]));

/** Bytes behind the end of a picture change what it is, not what it shows. */
async function draw(name: string, tail: string): Promise<void> {
  await writeFile(join(sandbox.footage, name), Buffer.concat([still, Buffer.from(tail)]));
}

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  still = await makeStill();
  await mkdir(join(sandbox.footage, 'gate'), { recursive: true });
  for (let index = 0; index < STILLS; index += 1) await draw(`gate/20260301_1000${String(index).padStart(2, '0')}.jpg`, String(index));
});
afterAll(() => sandbox.dispose());

test('of an empty folder there is nothing to do, which is a code if asked for; a folder that is not there is an error', async () => {
  const empty = join(sandbox.folder, 'empty');
  await mkdir(empty);
  const { stdout, code } = await sandbox.hs(['plan', empty]);
  expect({ stdout, code }).toEqual({ stdout: 'found  0 files\nto do  0 files, 0 B\n', code: 0 });
  expect((await plan(empty, '--fail-on-empty')).code).toBe(4);
  expect((await plan(join(sandbox.folder, 'gone'))).code).toBe(2);
});

test('without earlier runs a probe measures, or nothing is known; nothing is written', async () => {
  const { code, plan: probed } = await plan(sandbox.footage, '--max-duration', '0.001s');
  expect(code).toBe(0);
  expect(probed.to_do).toEqual({ files: STILLS, bytes: STILLS * still.length + 38, stills: STILLS, videos: 0, footage_s: 0 });
  expect(probed.months).toEqual([{ camera: 'gate', month: '2026-03', files: STILLS, bytes: probed.to_do.bytes, footage_ms: 0 }]);
  // The first one warmed the worker up.
  expect(probed.basis).toEqual([{ kind: 'image', from: 'probe', files: STILLS - 1 }]);
  expect(probed).toMatchObject({ probe_s: expect.any(Number), overhead: null, database_bytes: null, unknown_files: 0 });
  expect(probed.work_s?.likely).toBeGreaterThan(0);
  expect(probed.left_files).toMatchObject({ likely: STILLS });

  const { plan: unprobed } = await plan(sandbox.footage, '--no-probe', '--stop-at', '06:00');
  expect(unprobed.basis).toEqual([{ kind: 'image', from: 'nothing', files: 0 }]);
  expect(unprobed).toMatchObject({ probe_s: null, work_s: null, wall_s: null, left_files: null, unknown_files: STILLS });
  expect((await sandbox.hs(['plan', sandbox.footage, '--no-probe'])).stdout).toMatch(/^time +unknown: nothing was measured$/m);
  for (const table of ['media_files', 'cameras', 'runs', 'jobs', 'detections']) expect(await sandbox.db.knex(table)).toEqual([]);
});

test('--limit ends the list and says so, as it does in an ingest', async () => {
  const { code, plan: limited } = await plan(sandbox.footage, '--limit', '3', '--no-probe');
  expect({ code, files: limited.to_do.files }).toEqual({ code: 8, files: 3 });
});

test('after an ingest its own rates count, and what is known, new, changed, copied and damaged is told apart', async () => {
  expect((await sandbox.ingest([sandbox.footage])).code).toBe(0);
  const { code, plan: done } = await plan(sandbox.footage);
  expect({ code, states: stateOf(done), files: done.to_do.files, basis: done.basis }).toEqual({
    code: 0,
    states: { known: STILLS },
    files: 0,
    basis: [],
  });

  await draw('gate/20260301_100000.jpg', 'other content');
  await draw('gate/20260401_100000.jpg', 'new');
  await draw('gate/20260301_100001_copy.jpg', '1');
  await writeFile(join(sandbox.footage, 'gate/20260301_110000.jpg'), '');
  await place(join(sandbox.footage, 'yard/20260301_120000.mp4'), await makeVideo({ seconds: 4 }));
  const more = await plan(sandbox.footage, '--no-probe', '--workers', '1');
  const { tally } = (await sandbox.ingest([sandbox.footage, '--dry-run'])).report;
  expect(more.code).toBe(3);
  expect(stateOf(more.plan)).toMatchObject({ known: STILLS - 1, changed: 1, damaged: 1 });
  expect(more.plan.to_do).toMatchObject({ files: tally['taken'], videos: 1, footage_s: 4 });
  expect(more.plan.basis).toEqual([
    { kind: 'image', from: 'earlier runs', files: STILLS },
    { kind: 'video', from: 'nothing', files: 0 },
  ]);
  expect(more.plan).toMatchObject({ unknown_files: 1, workers: 1, overhead: { runs: 1, low: null }, database_bytes: null });

  // As many workers as there are cores share the work; more than that do not.
  const crowd = await plan(sandbox.footage, '--no-probe', '--workers', String(8 * availableParallelism()));
  const ratio = Number(more.plan.wall_s?.likely) / Number(crowd.plan.wall_s?.likely);
  expect(ratio).toBeCloseTo(availableParallelism(), 1);
  expect(crowd.plan.work_s).toEqual(more.plan.work_s);

  const again = await plan(sandbox.footage, '--redo', 'all', '--no-probe');
  expect(stateOf(again.plan)).toMatchObject({ again: STILLS - 1 });
  const text = (await sandbox.hs(['plan', sandbox.footage, '--detector', 'motion', '--no-probe', '--workers', '1'])).stdout;
  expect(text).toMatch(/^ {2}changed +1, /m);
  expect(text).toMatch(/^measured +24 stills of earlier runs, no videos$/m);
  expect(text).toMatch(/^not counted +1 file of which nothing alike was measured$/m);
  expect(text).toMatch(/^gate +2026-04 +1 /m);
  await rm(join(sandbox.footage, 'yard'), { recursive: true });
});
