import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { program } from 'commander';
import { parseZonePoints } from '../../src/domain/zones/parse-coordinates.ts';
import { zonesOfTrack, type TrackSighting } from '../../src/domain/zones/zones-of-track.ts';
import type { Zone } from '../../src/domain/zones/zone.ts';

/**
 * Dwell, entries and exits of persons in hand-placed zones of a clip with MOT-style ground truth (frame,id,x,y,width,height,…; frames
 * from 1): what `hs events show` says after `hs ingest` and `hs zones add`, against the same rules over the true boxes of every frame,
 * and over the true boxes of only the frames that the product samples: what sampling alone costs.
 */
type Figures = { persons: number; entries: number; exits: number; dwell_s: number };
type Stay = { zone: string; track_id: number; object_class: string; entries: number; exits: number; dwell_s: number };
type ShownEvent = { event: { started_at: string }; zones: Stay[] };

const run = promisify(execFile);
const DEFAULT_ZONES = ['Crossing=0.35,0.35 0.65,0.6', 'Junction=0.62,0.22 1,0.22 1,0.75 0.7,0.5'];

program
  .requiredOption('--clip <file>', 'video')
  .requiredOption('--truth <file>', 'ground truth, MOT15 text')
  .requiredOption('--model <file>', 'detector weights (ONNX)')
  .requiredOption('--fps <number>', 'frames per second of the clip', Number)
  .option('--width <pixels>', 'width of the picture', Number, 768)
  .option('--height <pixels>', 'height of the picture', Number, 576)
  .option('--zone <name=points...>', 'zones as parts of the picture', DEFAULT_ZONES)
  .parse();

const options = program.opts<{ clip: string; truth: string; model: string; fps: number; width: number; height: number; zone: string[] }>();
const zones = options.zone.map(toZone);
const home = await mkdtemp(join(tmpdir(), 'hs-bench-'));
try {
  const { stays, frames } = await measure();
  const truth = parseTruth(await readFile(options.truth, 'utf8'));
  const sampled = new Map([...truth].map(([id, boxes]) => [id, boxes.filter(({ detectedAtMs }) => frames.has(frameOf(detectedAtMs)))]));
  console.log(
    JSON.stringify({ frames_sampled: frames.size, zones: zones.map(({ id }) => compare(id, { stays, truth, sampled })) }, undefined, 2),
  );
} finally {
  await hs(['db', 'stop']).catch(() => undefined);
  await rm(home, { recursive: true, force: true });
}

function toZone(text: string): Zone & { points: string } {
  const [id = '', points = ''] = text.split('=');
  const isRectangle = points.trim().split(' ').length === 2;
  const parsed = parseZonePoints(points, isRectangle ? 'rectangle' : 'polygon');
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  const rules = { enabled: true, priority: 0, purpose: 'detect', anchor: 'bottom_centre', classes: ['person'] } as const;
  return { id, points, coordinates: parsed.coordinates, ...rules };
}

async function hs(args: string[]): Promise<string> {
  const bin = resolve(import.meta.dirname, '../../bin/run.js');
  const env = { ...process.env, HS_HOME: home, HS_TIMEZONE: 'UTC' };
  const { stdout } = await run(process.execPath, [bin, ...args], { env, maxBuffer: 1 << 28 });
  return stdout;
}

/** Stays as of the last event of each track: dwell runs on across events. */
async function measure(): Promise<{ stays: Stay[]; frames: Set<number> }> {
  await hs(['models', 'install', '--from', resolve(options.model)]);
  await hs(['ingest', resolve(options.clip), '--camera', 'clip', '--time', '2026-01-01T00:00:00Z', '--quiet']);
  for (const { id, points } of zones) await hs(['zones', 'add', id, '--camera', 'clip', '--classes', 'person', '--points', points]);
  const ids = (await hs(['events', 'list', '--ids', '--limit', '0', '--sort', 'started_at'])).trim().split('\n');
  const { items } = JSON.parse(await hs(['events', 'show', ...ids, '--json'])) as { items: ShownEvent[] };
  const latest = new Map(items.flatMap((item) => item.zones.map((stay) => [`${stay.zone}/${String(stay.track_id)}`, stay] as const)));
  const detections = JSON.parse(await hs(['detections', 'list', '--limit', '0', '--json'])) as { items: { frame_offset_ms: number }[] };
  return { stays: [...latest.values()], frames: new Set(detections.items.map((item) => frameOf(item.frame_offset_ms))) };
}

function frameOf(offsetMs: number): number {
  return Math.round((offsetMs * options.fps) / 1000);
}

function parseTruth(text: string): Map<number, TrackSighting[]> {
  const persons = new Map<number, TrackSighting[]>();
  const picture = { width: options.width, height: options.height };
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [frame = 0, id = 0, x = 0, y = 0, width = 0, height = 0] = line.split(',').map(Number);
    const sighting = { detectedAtMs: ((frame - 1) * 1000) / options.fps, label: 'person', box: { x, y, width, height }, picture };
    persons.set(id, [...(persons.get(id) ?? []), sighting]);
  }
  return persons;
}

type Sources = { stays: readonly Stay[]; truth: ReadonlyMap<number, TrackSighting[]>; sampled: ReadonlyMap<number, TrackSighting[]> };

function compare(zoneId: string, { stays, truth, sampled }: Sources) {
  const mine = stays.filter(({ zone }) => zone === zoneId);
  const measured: Figures = {
    persons: mine.length,
    entries: sum(mine.map(({ entries }) => entries)),
    exits: sum(mine.map(({ exits }) => exits)),
    dwell_s: round(sum(mine.map(({ dwell_s: dwell }) => dwell))),
  };
  const right = figuresOf(zoneId, truth);
  return { zone: zoneId, truth: right, truth_at_sampled_frames: figuresOf(zoneId, sampled), measured, error: errorOf(measured, right) };
}

function figuresOf(zoneId: string, persons: ReadonlyMap<number, TrackSighting[]>): Figures {
  const stays = [...persons.values()].flatMap((sightings) => zonesOfTrack(zones, sightings).filter((stay) => stay.zoneId === zoneId));
  return {
    persons: stays.length,
    entries: sum(stays.map(({ entries }) => entries)),
    exits: sum(stays.map(({ exits }) => exits)),
    dwell_s: round(sum(stays.map(({ dwellMs }) => dwellMs)) / 1000),
  };
}

function errorOf(measured: Figures, right: Figures) {
  return {
    persons: measured.persons - right.persons,
    entries: measured.entries - right.entries,
    exits: measured.exits - right.exits,
    dwell_percent: round((100 * (measured.dwell_s - right.dwell_s)) / right.dwell_s),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
