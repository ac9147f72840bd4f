import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');
const PER_FOLDER = 1000;

/** Files `from` … `to - 1` of a tree of tiny stills that all differ: `cam1/0007/cam1.20260101_000102.jpg`, one per second, 1,000 in a folder. */
export async function makeTinyStills(root: string, from: number, to: number): Promise<void> {
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#607060' } })
    .jpeg()
    .toBuffer();
  for (let index = from; index < to; index += 1) {
    const taken = new Date(FIRST_MS + index * 1000);
    const stamp = taken.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
    const folder = path.join(root, 'cam1', String(Math.floor(index / PER_FOLDER)).padStart(4, '0'));
    const file = path.join(folder, `cam1.${stamp}.jpg`);
    if (index === from || index % PER_FOLDER === 0) await mkdir(folder, { recursive: true });
    await writeFile(file, Buffer.concat([picture, Buffer.from(`#${String(index).padStart(8, '0')}`)]));
    await utimes(file, taken, taken);
  }
}
