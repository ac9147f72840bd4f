import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FfmpegTools } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import type { CeilingTask } from './ceiling-task.ts';

const run = promisify(execFile);

const STILL = /\.(jpe?g|png|webp)$/i;
const VIDEO = /\.(mp4|mkv|avi|mov)$/i;
const FIRST_MS = Date.parse('2026-01-14T08:00:00Z');

/** `tasks[i].sha256` finds the same file in the product's ledger. */
export type PreparedFootage = { folder: string; tasks: (CeilingTask & { sha256: string })[] };

async function listFiles(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** `count` stills of two cameras, ten seconds apart, each with its own last bytes, so that none is a copy of another. */
export async function prepareStills(source: string, target: string, count: number): Promise<PreparedFootage> {
  const originals = await listFiles(source, STILL);
  if (originals.length === 0) throw new Error(`${source} holds no pictures`);
  const tasks: PreparedFootage['tasks'] = [];
  for (let index = 0; index < count; index += 1) {
    const original = originals[index % originals.length] ?? '';
    const bytes = Buffer.concat([await readFile(original), Buffer.from(`#${String(index).padStart(8, '0')}`)]);
    const file = await writeDated(target, { bytes, index, extension: path.extname(original).toLowerCase(), everyMs: 10_000 });
    tasks.push({ kind: 'still', path: file, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return { folder: target, tasks };
}

/** `copies` of each video of a folder, one hour apart, each with padding of its own at the end, so that none is a copy of another. */
export async function prepareVideos(
  source: string,
  target: string,
  { tools, copies }: { tools: FfmpegTools; copies: number },
): Promise<PreparedFootage> {
  const originals = await listFiles(source, VIDEO);
  if (originals.length === 0) throw new Error(`${source} holds no videos`);
  const tasks: PreparedFootage['tasks'] = [];
  for (let index = 0; index < originals.length * copies; index += 1) {
    const original = originals[index % originals.length] ?? '';
    const extension = path.extname(original).toLowerCase();
    const bytes = Buffer.concat([await readFile(original), padding(extension, index)]);
    const file = await writeDated(target, { bytes, index, extension, everyMs: 3_600_000 });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    tasks.push({ kind: 'video', path: file, ...(await probeSize(file, tools.ffprobe)), sha256 });
  }
  return { folder: target, tasks };
}

/** Eight bytes in a box that the container's readers skip. */
function padding(extension: string, index: number): Buffer {
  const text = Buffer.from(String(index).padStart(8, '0'));
  if (extension === '.mkv') return Buffer.concat([Buffer.from([0xec, 0x88]), text]);
  if (extension === '.avi') return Buffer.concat([Buffer.from('JUNK\x08\0\0\0', 'latin1'), text]);
  return Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('free'), text]);
}

/** Named as `cam1/cam1.20260114_081500.jpg`, so that the product finds camera and time in the name. */
async function writeDated(target: string, file: { bytes: Buffer; index: number; extension: string; everyMs: number }): Promise<string> {
  const camera = `cam${(file.index % 2) + 1}`;
  const taken = new Date(FIRST_MS + Math.floor(file.index / 2) * file.everyMs);
  const stamp = taken.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
  const full = path.join(target, camera, `${camera}.${stamp}${file.extension}`);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, file.bytes);
  await utimes(full, taken, taken);
  return full;
}

async function probeSize(file: string, ffprobe: string): Promise<{ width: number; height: number }> {
  const { stdout } = await run(ffprobe, [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=width,height',
    '-of',
    'csv=p=0',
    file,
  ]);
  const [width = 0, height = 0] = stdout.trim().split(',').map(Number);
  return { width, height };
}
