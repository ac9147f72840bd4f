import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cutShort, drawClip, drawStill, type Figure } from './draw-footage.ts';

/** A file of a set: where it goes below the folder, and what is in it. */
type Piece = { path: string; source: string | Buffer };

export type MixedFootage = {
  /** Absolute paths, in order of camera and time. */
  files: string[];
  /** The same, one list for each unbroken piece of footage: a late predecessor would change what follows it (§3.3). */
  chains: string[][];
  /** Names of the files that are damaged on purpose. */
  damaged: string[];
};

const OLD = new Date('2026-01-20T00:00:00Z');
const CLIP_S = 4;
/** Torn near its beginning it leaves a pause that parts what comes after it from what came before (§3.3). */
const LONG_CLIP_S = 14;

const WALKER: Figure = { x: '10+4*T', y: '40', width: 16, height: 40 };
const PASSER_BY: Figure = { x: '150-9*T', y: '70', width: 14, height: 30 };
/** Drives in for four seconds and stays. */
const PARKING: Figure = { x: 'min(90,22*T)', y: '60', width: 40, height: 24 };

/** Twenty small things that never stand still: more than 500 detections within 30 s. */
const SWARM: Figure[] = Array.from({ length: 20 }, (_, index) => ({
  x: `${String(4 + 32 * (index % 5))}+7*sin(2*T+${String(index)})`,
  y: `${String(4 + 28 * Math.floor(index / 5))}+5*cos(3*T+${String(index)})`,
  width: 9,
  height: 9,
}));

/**
 * Small footage with every difficulty at once: unbroken clips with somebody who walks across file borders, a torn clip and
 * one that cannot be decoded among them, two clips of one camera that begin at the same moment, something that parks, stills every 30 s, a crowd of more than 500 detections,
 * empty files and files that are no footage.
 */
export async function makeMixedFootage(folder: string): Promise<MixedFootage> {
  const chains = [
    await clips('gate', '081500', { count: 9, figures: [WALKER, PASSER_BY], tornAt: 4, brokenAt: 6 }),
    await clips('gate', '083000', { count: 8, figures: [PARKING] }),
    await clips('road', '090000', { count: 5, figures: SWARM }),
    await dock(),
    await stills('yard', 14),
    await oddities(),
  ];
  for (const { path, source } of chains.flat()) await place(join(folder, path), source);
  const paths = chains.map((chain) => chain.map(({ path }) => join(folder, path)));
  return {
    files: paths.flat(),
    chains: paths,
    damaged: [
      'gate/20260114_081516.mkv',
      'dock/20260114_120014.mkv',
      'gate/20260114_081524.mp4',
      'odd/20260114_110000.mp4',
      'odd/20260114_110100.mp4',
    ],
  };
}

/** Four long clips, the second one torn, and beside them a second stream of the same camera that begins with them. */
async function dock(): Promise<Piece[]> {
  const main = await clips('dock', '120000', { count: 4, figures: [WALKER], tornAt: 1, seconds: LONG_CLIP_S });
  const beside = await clips('dock', '120000', { count: 2, prefix: 'beside_', figures: [PASSER_BY], seconds: LONG_CLIP_S });
  return main.flatMap((piece, index) => [piece, ...beside.slice(index, index + 1)]);
}

type ClipsOptions = { count: number; figures: readonly Figure[]; tornAt?: number; brokenAt?: number; seconds?: number; prefix?: string };

async function clips(folder: string, start: string, options: ClipsOptions): Promise<Piece[]> {
  const { count, figures, tornAt, brokenAt, seconds = CLIP_S, prefix = '' } = options;
  const pieces: Piece[] = [];
  for (let index = 0; index < count; index += 1) {
    const suffix = index === tornAt ? 'mkv' : 'mp4';
    const path = `${folder}/${prefix}20260114_${clockAfter(start, index * seconds)}.${suffix}`;
    const clip = await drawClip({ name: `clip.${suffix}`, figures, seconds, fromS: index * seconds });
    if (index === tornAt) pieces.push({ path, source: await cutShort(clip, seconds > CLIP_S ? 0.5 : 0.8) });
    else if (index === brokenAt) pieces.push({ path, source: brokenVideo() });
    else pieces.push({ path, source: clip });
  }
  return pieces;
}

/** Begins like a video and goes on like nothing. */
function brokenVideo(): Buffer {
  const bytes = Buffer.alloc(4096, 0x5a);
  bytes.write('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 0, 'latin1');
  return bytes;
}

async function stills(camera: string, count: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (let index = 0; index < count; index += 1) {
    const moving = { left: 8 + 9 * index, top: 50, width: 14, height: 36 };
    const parked = index < 3 ? [] : [{ left: 110, top: 10, width: 36, height: 22 }];
    pieces.push({ path: `${camera}/20260114_${clockAfter('100000', index * 30)}.jpg`, source: await drawStill([moving, ...parked]) });
  }
  return pieces;
}

function oddities(): Promise<Piece[]> {
  return Promise.resolve([
    { path: 'odd/20260114_110000.mp4', source: Buffer.alloc(0) },
    { path: 'odd/20260114_110100.mp4', source: Buffer.from(`<html>${'no footage here '.repeat(40)}</html>`) },
  ]);
}

function clockAfter(hhmmss: string, seconds: number): string {
  const [hours, minutes, rest] = [0, 2, 4].map((at) => Number(hhmmss.slice(at, at + 2)));
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (rest ?? 0) + seconds;
  return [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, '0')).join('');
}

/** Puts a file there with an old time stamp: nothing waits for it to be complete. */
export async function place(path: string, source: string | Buffer, modifiedAt: Date = OLD): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await (typeof source === 'string' ? copyFile(source, path) : writeFile(path, source));
  await utimes(path, modifiedAt, modifiedAt);
}
