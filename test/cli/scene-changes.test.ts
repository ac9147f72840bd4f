import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { drawView, readScenes, type View } from '../db/scenes/draw-looks.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { makeFootage } from '../helpers/footage.ts';
import { seededRandom, shuffle } from '../unit/domain/make-detections.ts';

const LIMIT_MS = 180_000;
const OLD = new Date('2026-01-20T00:00:00Z');

let sandbox: IngestSandbox;
let files: string[];

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  files = await makeFootageSet(sandbox.footage);
}, LIMIT_MS);

afterAll(() => sandbox.dispose());

/** Gate: a still a minute, covered from 08:06 to 08:11. Yard: a clip of six minutes, covered in its third. Dock: nothing happens. */
async function makeFootageSet(folder: string): Promise<string[]> {
  const gate = Array.from({ length: 16 }, (_, minute) =>
    still(folder, 'gate', { minute, view: minute >= 6 && minute < 11 ? 'covered' : 'own' }),
  );
  const dock = Array.from({ length: 4 }, (_, minute) => still(folder, 'dock', { minute, view: 'own', noise: 500 }));
  // Always under the same name: the clip is made once.
  const source = await still(join(tmpdir(), 'hs-test-scenes'), 'source', { minute: 0, view: 'own' });
  const clip = await makeFootage('yard.mp4', [
    ...['-loop', '1', '-framerate', '2', '-i', source, '-t', '360'],
    ...[
      '-vf',
      "crop=320:212,noise=alls=6:allf=t,drawbox=color=0x906030:t=fill:enable='gte(t,130)'",
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
    ],
  ]);
  const yard = join(folder, 'yard', '20260114_081500.mp4');
  await place(yard, await readFile(clip));
  return [...(await Promise.all([...gate, ...dock])), yard];
}

type Still = { minute: number; view: View; noise?: number };

async function still(folder: string, camera: string, { minute, view, noise = 0 }: Still): Promise<string> {
  const path = join(folder, camera, `20260114_08${String(minute).padStart(2, '0')}00.jpg`);
  const { width, height, data } = drawView(view, { minute: minute + noise, mode: 'day', width: 320 });
  const grey = sharp(data, { raw: { width, height, channels: 1 } });
  await place(
    path,
    await grey
      .toColourspace('srgb')
      .recomb([
        [1.1, 0, 0],
        [0, 1, 0],
        [0, 0, 0.8],
      ])
      .jpeg({ quality: 95 })
      .toBuffer(),
  );
  return path;
}

async function place(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await utimes(path, OLD, OLD);
}

type Item = Record<string, string | number | boolean | null>;

async function items(box: IngestSandbox, ...args: string[]): Promise<Item[]> {
  const { code, stdout, stderr } = await box.hs([...args, '--json']);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { items: Item[] }).items;
}

test(
  'a covered camera is found, and --fail-on tamper says so (behaviour §10.3, §11)',
  async () => {
    const { code, report } = await sandbox.ingest([...files, '--fail-on', 'tamper']);
    expect(code).toBe(7);
    expect(report).toMatchObject({ open_scene_changes: 1, exit_code: 7 });
    const changes = await items(sandbox, 'scene-changes', 'list', '--sort', 'camera_id');
    expect(changes).toMatchObject([
      {
        camera_id: 'gate',
        detected_at: '2026-01-14T08:06:00.000Z',
        ended_at: '2026-01-14T08:11:00.000Z',
        change_type: 'view_blocked',
        mode: 'day',
        acknowledged: false,
      },
      { camera_id: 'yard', ended_at: null, change_type: 'view_blocked', acknowledged: false },
    ]);
    expect(changes[0]?.['reason']).toBe('uniform');
    expect(changes[0]?.['file_path']).toMatch(/gate\/20260114_080600\.jpg$/);
    expect(changes[0]?.['similarity_score']).toBeLessThan(0.5);
  },
  LIMIT_MS,
);

test(
  'lists are narrowed by camera, kind, mode, time and whether they are open',
  async () => {
    const cameras = async (...args: string[]): Promise<unknown[]> =>
      (await items(sandbox, 'scene-changes', 'list', '--sort', 'camera_id', ...args)).map((item) => item['camera_id']);
    expect(await cameras('--open')).toEqual(['yard']);
    expect(await cameras('--no-open')).toEqual(['gate']);
    expect(await cameras('--camera', 'g*')).toEqual(['gate']);
    expect(await cameras('--type', 'angle_changed')).toEqual([]);
    expect(await cameras('--mode', 'day', '--type', 'view_blocked')).toEqual(['gate', 'yard']);
    expect(await cameras('--mode', 'ir')).toEqual([]);
    expect(await cameras('--since', '2026-01-14T08:10:00Z')).toEqual(['yard']);
    const csv = await sandbox.hs(['scene-changes', 'list', '--csv', '--limit', '1']);
    expect(csv.stdout.split('\n')[0]).toBe('id,detected_at,camera_id,change_type,similarity_score,reason,acknowledged,file_path');
    expect((await sandbox.hs(['scene-changes', 'list', '--type', 'view_block'])).code).toBe(2);
    expect((await sandbox.hs(['scene-changes', 'show', '99'])).stderr).toContain('there is no scene change 99');
  },
  LIMIT_MS,
);

test(
  'a change is shown with the view before and then, side by side',
  async () => {
    const [change] = await items(sandbox, 'scene-changes', 'list', '--camera', 'gate');
    const out = join(sandbox.folder, 'change.png');
    const { code, stdout } = await sandbox.hs(['scene-changes', 'show', String(change?.['id']), '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('view_blocked');
    const { data, info } = await sharp(out).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBeGreaterThan(1280);
    const deviation = (left: number): number => {
      const row = Array.from({ length: 400 }, (_, x) => data[(info.height >> 1) * info.width + left + x] ?? 0);
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      return Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length);
    };
    expect(deviation(100), 'the view before').toBeGreaterThan(15);
    expect(deviation(760), 'covered').toBeLessThan(6);
    const references = await items(sandbox, 'scene-changes', 'reference', 'gate', '--out', join(sandbox.folder, 'reference.png'));
    expect(references).toMatchObject([{ camera_id: 'gate', mode: 'day', taken_at: '2026-01-14T08:00:00.000Z', width: 320 }]);
  },
  LIMIT_MS,
);

test.each([1])(
  'footage that comes in several runs and in any order shows the same changes (seed %i)',
  async (seed) => {
    const other = await createIngestSandbox();
    try {
      const random = seededRandom(seed);
      for (let rest = shuffle(files, random); rest.length > 0;) {
        const { code, stderr } = await other.ingest(rest.splice(0, 1 + Math.floor(random() * 12)), {
          workers: 1 + Math.floor(random() * 2),
        });
        expect(code, stderr).toBe(0);
      }
      expect(await readScenes(other.db.knex)).toEqual(await readScenes(sandbox.db.knex));
    } finally {
      await other.dispose();
    }
  },
  LIMIT_MS,
);

test(
  'an acknowledged view is right from then on; with --keep-reference it is found again',
  async () => {
    const { db } = sandbox;
    const [yard] = await items(sandbox, 'scene-changes', 'list', '--open');
    const id = String(yard?.['id']);
    expect(await items(sandbox, 'scene-changes', 'ack', id, '--dry-run')).toHaveLength(1);
    expect(await items(sandbox, 'scene-changes', 'list', '--open')).toHaveLength(1);
    expect(await items(sandbox, 'scene-changes', 'ack', id, '--actor', 'anna')).toMatchObject([
      { camera_id: 'yard', reference: 'replaced' },
    ]);
    expect(await items(sandbox, 'scene-changes', 'ack', id)).toEqual([]);
    expect(await items(sandbox, 'scene-changes', 'list', '--open')).toEqual([]);
    const audit = await db.knex('audit_logs').where({ resource_type: 'scene_change' });
    expect(audit).toMatchObject([{ action: 'settings_changed', actor: 'anna', resource_id: id, details: { act: 'scene_acknowledged' } }]);
    const references = await items(sandbox, 'scene-changes', 'reference', 'yard');
    expect(new Date(String(references[0]?.['taken_at'])).getTime()).toBeGreaterThan(Date.parse('2026-01-14T08:18:00Z'));
  },
  LIMIT_MS,
);

test(
  'reset takes the newest picture, and a camera nobody ever looked at has none',
  async () => {
    expect(await items(sandbox, 'scene-changes', 'reset', 'gate')).toMatchObject([
      { camera_id: 'gate', mode: 'day', taken_at: '2026-01-14T08:15:00.000Z' },
    ]);
    expect(await items(sandbox, 'scene-changes', 'reference', 'gate')).toMatchObject([
      { taken_at: '2026-01-14T08:15:00.000Z', adaptions: 0 },
    ]);
    expect((await sandbox.hs(['scene-changes', 'reset', 'gate', '--mode', 'ir'])).stderr).toContain('no ir picture of camera gate is kept');
    expect((await sandbox.hs(['scene-changes', 'reset', 'nowhere'])).code).toBe(2);
    const acts = await sandbox.db.knex('audit_logs').where({ resource_type: 'camera', resource_id: 'gate', action: 'settings_changed' });
    expect(acts).toMatchObject([{ details: { act: 'scene_reference_reset' } }]);
  },
  LIMIT_MS,
);

test(
  'deleting a camera leaves nothing of its view',
  async () => {
    expect((await sandbox.hs(['cameras', 'delete', 'gate', '--yes'])).code).toBe(0);
    for (const table of ['scene_changes', 'scene_checks', 'scene_checkpoints', 'scene_references']) {
      expect(await sandbox.db.knex(table).where({ camera_id: 'gate' }), table).toEqual([]);
    }
    expect(await sandbox.db.knex('scene_change_pictures')).toHaveLength(1);
  },
  LIMIT_MS,
);
