import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder, makeStill } from '../helpers/footage.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

/** Loaded before every program of Node: what decodes dies of one picture as of a hole in a loader, and says what limits it has. */
const CRASH = `import { readFileSync } from 'node:fs';
  const dieOfOne = ({ task }) => {
    if (!JSON.stringify(task ?? '').includes('crafted')) return;
    process.stderr.write(readFileSync('/proc/self/limits', 'utf8').match(/^Max core file size.*/m)[0] + '\\n');
    process.kill(process.pid, 'SIGSEGV');
  };
  // Not before the worker listens itself: what is sent earlier would be lost for it.
  const arm = (name) => {
    if (name !== 'message') return;
    process.off('newListener', arm);
    process.on('message', dieOfOne);
  };
  if (process.argv[1]?.includes('-worker')) process.on('newListener', arm);`;

let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let ids: number[];
let event: number;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
  const members = [];
  for (const [minute, name] of ['good', 'crafted', 'fine'].entries()) members.push(await placeStill(name, minute));
  ids = members.map(({ id }) => id);
  event = await seedEvent(db.knex, { camera: 'gate', members });
  writeFileSync(join(folder.path, 'crash.mjs'), CRASH);
  mkdirSync(join(folder.path, 'crops'));
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

async function placeStill(name: string, minute: number): Promise<{ id: number; detected_at: Date }> {
  const at = `2026-01-14T08:0${String(minute)}:00Z`;
  const path = join(folder.path, `${name}.jpg`);
  await writeFile(path, Buffer.concat([await makeStill({ width: 200, height: 100 }), Buffer.from(name)]));
  const { size, mtime } = await stat(path);
  const sha256 = createHash('sha256').update(path).digest('hex');
  const facts = { path, size_bytes: size, modified_at: mtime, content_sha256: sha256, media_type: 'image', width: 200, height: 100 };
  const fileId = await seedFile(db.knex, { camera: 'gate', at, more: facts });
  const box = { bbox_x: 20, bbox_y: 20, bbox_width: 20, bbox_height: 20, video_width: 200, video_height: 100, media_type: 'image' };
  return seedDetection(db.knex, { fileId, camera: 'gate', at, offsetMs: 0, more: box });
}

function hs(...args: string[]): Promise<HsResult> {
  const env = { HS_HOME: join(folder.path, 'home'), HS_DATABASE_URL: db.url, NODE_OPTIONS: `--import=${join(folder.path, 'crash.mjs')}` };
  return runHs(args, { env, cwd: folder.path });
}

const told = ({ stderr }: HsResult): string[] => stderr.split('\n').filter((line) => line.includes('crafted.jpg'));

test.runIf(process.platform === 'linux')('a still that its decoder dies of costs its crop, with one line, and no other', async () => {
  const done = await hs('detections', 'crop', ...ids.map(String), '--out', 'crops');
  expect(done).toMatchObject({ code: 3 });
  expect(readdirSync(join(folder.path, 'crops'))).toHaveLength(2);
  expect(told(done)).toHaveLength(1);
  expect(told(done)[0]).toMatch(
    /detection \d+: ".+crafted\.jpg" cannot be decoded: the worker process ended by SIGSEGV: Max core file size +0 +0 /,
  );
});

test.runIf(process.platform === 'linux')('it costs a contact sheet that frame', async () => {
  const done = await hs('events', 'sheet', String(event), '--out', 'sheet.jpg', '--json');
  expect(JSON.parse(done.stdout)).toMatchObject({ item: { frames: 2 } });
  expect(told(done)).toHaveLength(1);
  expect(readFileSync(join(folder.path, 'sheet.jpg')).length).toBeGreaterThan(1000);
});
