import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawClip } from '../faults/draw-footage.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { echoCardJson } from '../unit/inference/tiny-models.ts';
import { echoModel } from '../unit/inference/tiny-onnx.ts';

const LONG_MS = 300_000;

let sandbox: IngestSandbox;
let before: number;

/** All with a umask that keeps nothing from anybody. */
beforeAll(async () => {
  sandbox = await createIngestSandbox();
  const figures = [{ x: '5+5*T', y: '40', width: 16, height: 40 }];
  const clip = await drawClip({ name: 'clip.mp4', figures, seconds: 4 });
  await place(join(sandbox.footage, 'gate/20260114_081500.mp4'), clip);
  writeFileSync(join(sandbox.footage, 'gate/20260114_082000.mp4'), 'broken');
  mkdirSync(join(sandbox.folder, 'given'));
  const weights = echoModel();
  writeFileSync(join(sandbox.folder, 'given/mine.onnx'), weights);
  writeFileSync(join(sandbox.folder, 'given/mine.json'), JSON.stringify(echoCardJson(weights, { id: 'mine' })));
  before = process.umask(0);
});

afterAll(async () => {
  process.umask(before);
  await sandbox.dispose();
});

/** Everything that writes, after the ingest of its own; `EVENT` and `DETECTION` are ids that it made. */
const COMMANDS: readonly string[][] = [
  ['rules', 'add', 'Anything', '--cooldown', '0'],
  ['events', 'clip', 'EVENT'],
  ['events', 'clip', 'EVENT', '--boxes', '--out', 'out/clip.mp4'],
  ['events', 'sheet', 'EVENT', '--out', 'out/sheet.jpg'],
  ['detections', 'crop', 'DETECTION', '--out', 'out/crops'],
  ['export', 'events', '--out', 'out/events.csv'],
  ['export', 'events', '--format', 'zip', '--out', 'out/events.zip'],
  ['export', 'events', '--format', 'excel', '--thumbnails', '--out', 'out/events.xlsx'],
  ['export', 'detections', '--format', 'coco', '--out', 'out/coco.json'],
  ['report', 'daily', '--date', '2026-01-14', '--out', 'out/day.html'],
  ['evidence', 'keygen', '--out', 'out/case.key'],
  ['evidence', 'create', '--event', 'EVENT', '--sign', 'out/case.key', '--out', 'out/case.zip'],
  ['backup', 'create', '--out', 'out/backup.zip'],
  ['backup', 'restore', 'out/backup.zip', '--replace', '--yes'],
  ['audit', 'anchor', '--out', 'out/anchors.txt'],
  ['zones', 'draw', 'gate', '--out', 'out/zones.jpg'],
  ['zones', 'export', '--out', 'out/zones.json'],
  ['rules', 'export', '--out', 'out/rules.yaml'],
  ['prompts', 'export', '--out', 'out/prompts.json'],
  ['stats', '--by', 'day', '--out', 'out/stats.svg'],
  ['stats', '--prometheus', '--out', 'out/stats.prom'],
  ['coverage', '--out', 'out/coverage.svg'],
  ['baselines', 'heatmap', 'gate', '--out', 'out/heat.svg'],
  ['models', 'install', '--from', 'given/mine.onnx'],
  ['config', 'set', 'sample_fps', '4', '--config', 'out/hs.yaml'],
];

/** What a program for a whole machine may read is meant for it: `hs stats --prometheus` says so. */
const FOR_OTHERS: readonly string[] = ['out/stats.prom'];

test(
  'with umask 000 every file that hs makes is for its owner alone, and every folder',
  async () => {
    mkdirSync(join(sandbox.folder, 'out/crops'), { recursive: true, mode: 0o700 });
    const ingested = await sandbox.ingest([sandbox.footage, '--failed-list', join(sandbox.folder, 'out/failed.txt')]);
    expect(ingested.code).toBe(3);
    const event = (await sandbox.db.knex('events').first<{ id: number }>('id')).id;
    const detection = (await sandbox.db.knex('detections').first<{ id: number }>('id')).id;
    for (const command of COMMANDS) {
      const args = command.map((word) => (word === 'EVENT' ? String(event) : word === 'DETECTION' ? String(detection) : word));
      const { code, stderr } = await sandbox.hs(args);
      expect(code, `hs ${args.join(' ')}: ${stderr}`).toBe(0);
    }
    const made = readdirSync(sandbox.folder, { recursive: true, encoding: 'utf8' }).filter((path) => !/^(footage|given)(\/|$)/.test(path));
    const open = made.filter((path) => {
      const stats = lstatSync(join(sandbox.folder, path));
      const allowed = stats.isDirectory() ? 0o700 : 0o600;
      return (stats.mode & 0o777 & ~allowed) !== 0 && !FOR_OTHERS.includes(path);
    });
    expect(open).toEqual([]);
    for (const folder of ['home', 'out/crops', 'home/clips', 'home/models']) expect(made).toContain(folder);
    for (const command of COMMANDS) {
      const out = command.includes('--out') ? command[command.indexOf('--out') + 1] : undefined;
      if (out !== undefined) expect(made).toContain(out);
    }
    process.stderr.write(`${String(made.length)} files and folders made\n`);
  },
  LONG_MS,
);
