import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { program } from 'commander';
import { iouXywh } from '../../src/domain/iou.ts';
import type { BoxXywh } from '../../src/domain/box.ts';

/**
 * Persons and tracks of a clip with MOT-style ground truth (frame,id,x,y,width,height,…; frames from 1): recall, false boxes
 * and tracks per true person, as stored by `hs ingest` at its default sampling.
 */
type Truth = { frame: number; id: number; box: BoxXywh };
type Found = { offsetMs: number; score: number; trackId: number | null; box: BoxXywh };

const SAME_OBJECT_IOU = 0.5;
const run = promisify(execFile);

program
  .requiredOption('--clip <file>', 'video')
  .requiredOption('--truth <file>', 'ground truth, MOT15 text')
  .requiredOption('--model <file>', 'detector weights (ONNX)')
  .requiredOption('--fps <number>', 'frames per second of the clip', Number)
  .option('--gate <score>', 'lowest score of a person that counts', Number, 0.4)
  .parse();

const options = program.opts<{ clip: string; truth: string; model: string; fps: number; gate: number }>();
const home = await mkdtemp(join(tmpdir(), 'hs-bench-'));
try {
  const truth = parseTruth(await readFile(options.truth, 'utf8'));
  const found = await ingest();
  console.log(JSON.stringify(compare(truth, found), undefined, 2));
} finally {
  await hs(['db', 'stop']).catch(() => undefined);
  await rm(home, { recursive: true, force: true });
}

async function hs(args: string[]): Promise<string> {
  const bin = resolve(import.meta.dirname, '../../bin/run.js');
  const env = { ...process.env, HS_HOME: home, HS_TIMEZONE: 'UTC' };
  const { stdout } = await run(process.execPath, [bin, ...args], { env, maxBuffer: 1 << 28 });
  return stdout;
}

async function ingest(): Promise<Found[]> {
  await hs(['models', 'install', '--from', resolve(options.model)]);
  await hs(['ingest', resolve(options.clip), '--camera', 'pets', '--time', '2026-01-01T00:00:00Z', '--quiet']);
  const list = JSON.parse(await hs(['detections', 'list', '--type', 'person', '--limit', '0', '--json'])) as {
    items: Record<string, number | null>[];
  };
  const ids = list.items.map((item) => item['id']);
  if (ids.length === 0) throw new Error('nothing was detected');
  return (await exportBoxes()).filter((one) => one.score >= options.gate);
}

async function exportBoxes(): Promise<Found[]> {
  const text = await hs(['export', 'detections', '--type', 'person', '--format', 'ndjson', '--out', '-', '--quiet']);
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, number | null>);
  return rows
    .filter((row) => row['frame_offset_ms'] !== undefined)
    .map((row) => ({
      offsetMs: row['frame_offset_ms'] ?? 0,
      score: row['confidence'] ?? 0,
      trackId: row['track_id'] ?? null,
      box: { x: row['bbox_x'] ?? 0, y: row['bbox_y'] ?? 0, width: row['bbox_width'] ?? 0, height: row['bbox_height'] ?? 0 },
    }));
}

function parseTruth(text: string): Truth[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map(Number))
    .map(([frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0]) => ({ frame, id, box: { x, y, width, height } }));
}

function compare(truth: readonly Truth[], found: readonly Found[]) {
  const byFrame = groupByFrame(found);
  const tracksOf = new Map<number, Map<number, number>>();
  let [wanted, matched, boxes] = [0, 0, 0];
  for (const [frame, detections] of byFrame) {
    const persons = truth.filter((one) => one.frame === frame + 1);
    const pairs = matchBoxes(persons, detections);
    wanted += persons.length;
    matched += pairs.length;
    boxes += detections.length;
    for (const { person, detection } of pairs) {
      if (detection.trackId === null) continue;
      const tracks = tracksOf.get(person.id) ?? new Map<number, number>();
      tracks.set(detection.trackId, (tracks.get(detection.trackId) ?? 0) + 1);
      tracksOf.set(person.id, tracks);
    }
  }
  const people = [...tracksOf.values()];
  const tracked = people.flatMap((tracks) => [...tracks.values()]);
  const main = people.map((tracks) => Math.max(...tracks.values()));
  return {
    analysed_frames: byFrame.size,
    true_boxes: wanted,
    recall: round(matched / wanted),
    false_boxes: boxes - matched,
    false_boxes_per_frame: round((boxes - matched) / byFrame.size),
    true_persons: people.length,
    tracks_per_true_person: round(people.reduce((sum, tracks) => sum + tracks.size, 0) / people.length),
    share_on_main_track: round(sum(main) / sum(tracked)),
  };
}

function groupByFrame(found: readonly Found[]): Map<number, Found[]> {
  const frames = new Map<number, Found[]>();
  for (const one of found) {
    const frame = Math.round((one.offsetMs * options.fps) / 1000);
    frames.set(frame, [...(frames.get(frame) ?? []), one]);
  }
  return frames;
}

/** Greedy one-to-one by IoU, best first. */
function matchBoxes(persons: readonly Truth[], detections: readonly Found[]) {
  const pairs = persons
    .flatMap((person) => detections.map((detection) => ({ person, detection, iou: iouXywh(person.box, detection.box) })))
    .filter((pair) => pair.iou >= SAME_OBJECT_IOU)
    .sort((a, b) => b.iou - a.iou);
  const taken = new Set<object>();
  return pairs.filter(({ person, detection }) => {
    if (taken.has(person) || taken.has(detection)) return false;
    taken.add(person).add(detection);
    return true;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
