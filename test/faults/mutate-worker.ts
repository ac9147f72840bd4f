// Forked by mutate-inputs.ts: reads mutated inputs one after the other and says what became of each.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { HsError } from '../../src/errors/hs-error.ts';
import { ImportError } from '../../src/importers/import-error.ts';
import { COCO_PARTS, readCoco } from '../../src/importers/boxes/read-coco.ts';
import { MEGADETECTOR_PARTS, readMegadetector } from '../../src/importers/boxes/read-megadetector.ts';
import { splitJson } from '../../src/importers/split-json.ts';
import { parseModelCard } from '../../src/inference/model-card.ts';
import { decodeStill } from '../../src/media/decode-still.ts';
import type { FfmpegTools } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../src/media/media-error.ts';
import { probeStill } from '../../src/media/probe-still.ts';
import { probeVideo } from '../../src/media/probe-video.ts';
import { sampleFrames } from '../../src/media/sample-frames.ts';
import { verifyBackup } from '../../src/services/backup/verify-backup.ts';
import { locationOf } from '../helpers/footage.ts';

export type MutateTask = { kind: MutatedKind; source: string; place: string; round: number; tools: FfmpegTools };
export type MutateOutcome = { round: number; kind: MutatedKind; outcome: 'read' | 'refused' | 'bug'; message: string };

/** Reads it as hs would; resolves with whether it was taken. */
const READERS = {
  'a.jpg': (path: string) => readStill(path),
  'a.png': (path: string) => readStill(path),
  'a.mp4': readVideo,
  'megadetector.json': async (path: string) => drain(readMegadetector(splitJson(once(path), MEGADETECTOR_PARTS))),
  'coco.json': async (path: string) => drain(readCoco(splitJson(once(path), COCO_PARTS))),
  'card.json': (path: string) => Promise.resolve('card' in parseModelCard(jsonOf(path))),
  'backup.zip': async (path: string) => Boolean(await verifyBackup(path, { signal: new AbortController().signal })),
} satisfies Record<string, (path: string, tools: FfmpegTools) => Promise<boolean>>;

export type MutatedKind = keyof typeof READERS;

async function readStill(path: string): Promise<boolean> {
  await probeStill(locationOf(path));
  await decodeStill(locationOf(path), () => ({ width: 32, height: 32 }));
  return true;
}

async function readVideo(path: string, tools: FfmpegTools): Promise<boolean> {
  const file = locationOf(path);
  const probe = await probeVideo(file, tools);
  return drain(sampleFrames(file, { tools, probe, plan: { mode: 'fps', fps: 2 }, scaleTo: () => ({ width: 32, height: 32 }) }));
}

async function drain(items: AsyncIterable<unknown>): Promise<boolean> {
  let count = 0;
  for await (const item of items) count += item === undefined ? 0 : 1;
  return count > 0;
}

async function* once(path: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(readFileSync(path));
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Another number for each place that is asked for, the same ones for the same round. */
function numbersOf(round: number): (limit: number) => number {
  let counter = 0;
  return (limit) =>
    createHash('sha256')
      .update(`${String(round)}-${String((counter += 1))}`)
      .digest()
      .readUInt32BE(0) % Math.max(1, limit);
}

/** The round in which nothing is changed: each input is one that is read. */
const UNCHANGED = -1;

type Change = (bytes: Buffer, next: (limit: number) => number) => Buffer;

/** So many of them, the first ones, change a byte only. */
const SMALL = 3;
const CHANGES: readonly Change[] = [
  (bytes, next) => setByte(bytes, next(bytes.length), next(256)),
  (bytes, next) => setByte(bytes, next(Math.min(bytes.length, 256)), next(256)),
  (bytes, next) => setByte(bytes, next(bytes.length), [0, 0xff, 0x7f, 0x80, 0x22, 0x7d][next(6)] ?? 0),
  (bytes, next) => bytes.subarray(0, next(bytes.length)),
  (bytes, next) => Buffer.concat([bytes.subarray(0, next(bytes.length)), bytes.subarray(next(bytes.length))]),
  (bytes, next) => bytes.fill(next(256), next(bytes.length), next(bytes.length)),
  (bytes, next) => swapBlocks(bytes, next(bytes.length), next(bytes.length)),
  (bytes, next) => writeNumber(bytes, next(bytes.length), [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff][next(5)] ?? 0),
];

function setByte(bytes: Buffer, at: number, value: number): Buffer {
  if (bytes.length > 0) bytes[at] = value;
  return bytes;
}

function writeNumber(bytes: Buffer, at: number, value: number): Buffer {
  if (bytes.length >= 4) bytes.writeUInt32BE(value, Math.min(at, bytes.length - 4));
  return bytes;
}

function swapBlocks(bytes: Buffer, one: number, other: number): Buffer {
  const block = Buffer.from(bytes.subarray(one, one + 16));
  bytes.copy(bytes, one, other, other + 16);
  block.copy(bytes, other);
  return bytes;
}

function changeOf(next: (limit: number) => number): Change {
  return next(3) < 2 ? CHANGES[next(SMALL)]! : CHANGES[next(CHANGES.length)]!;
}

/** One to four changes; most are small, so that what is read first is often still right. */
function mutate(source: Buffer, round: number): Buffer {
  if (round === UNCHANGED) return source;
  const next = numbersOf(round);
  let bytes = Buffer.from(source);
  for (let left = 1 + next(4); left > 0; left -= 1) bytes = changeOf(next)(Buffer.from(bytes), next) as Buffer<ArrayBuffer>;
  return bytes;
}

const SEAL_BYTES = 64;

/** Sealed again, so that more than the seal is asked. */
function mutateSealed(source: Buffer, round: number): Buffer {
  const bytes = mutate(source.subarray(0, source.length - SEAL_BYTES), round);
  return Buffer.concat([bytes, Buffer.from(createHash('sha256').update(bytes).digest('hex'))]);
}

const isOurs = (error: unknown): boolean => error instanceof HsError || error instanceof MediaError || error instanceof ImportError;

async function outcomeOf({ kind, source, place, round, tools }: MutateTask): Promise<MutateOutcome> {
  writeFileSync(place, kind === 'backup.zip' ? mutateSealed(readFileSync(source), round) : mutate(readFileSync(source), round));
  try {
    const taken = await READERS[kind](place, tools);
    return { round, kind, outcome: taken ? 'read' : 'refused', message: '' };
  } catch (error) {
    const { name, message, stack } = error as Error;
    return {
      round,
      kind,
      outcome: isOurs(error) ? 'refused' : 'bug',
      message: isOurs(error) ? '' : `${name}: ${message}\n${String(stack)}`,
    };
  }
}

process.on('message', (task: MutateTask) => {
  void outcomeOf(task).then((outcome) => process.send?.(outcome));
});
