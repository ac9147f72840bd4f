import { chmod, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locateFfmpeg } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { drawClip } from './draw-footage.ts';

const OLD = new Date('2026-01-20T00:00:00Z');
export const POISON = 'poison';

type SegmentFootage = { segments: number; poison: number; seconds: number; clip?: string | undefined };

/** As many cameras with one clip each as there are to be segments: a walker on each, or the MP4 that is given; no two files with the same bytes. */
export async function makeSegmentFootage(folder: string, { segments, poison, seconds, clip: given }: SegmentFootage): Promise<void> {
  const clip = await readFile(
    given ??
      (await drawClip({
        name: `segment-${String(seconds)}.mp4`,
        figures: [{ x: '10+mod(8*T,130)', y: '40', width: 16, height: 40 }],
        seconds,
      })),
  );
  for (let i = 0; i < segments; i += 1) {
    const camera = join(folder, `cam-${String(i).padStart(4, '0')}`);
    await mkdir(camera, { recursive: true });
    const name = i < poison ? `${POISON}_20260114_080000.mp4` : '20260114_080000.mp4';
    const path = join(camera, name);
    await writeFile(path, Buffer.concat([clip, freeBox(i)]));
    await utimes(path, OLD, OLD);
  }
}

/** A box of MP4 that players pass over: other bytes, the same pictures. */
function freeBox(number: number): Buffer {
  const box = Buffer.alloc(16);
  box.writeUInt32BE(16, 0);
  box.write('free', 4, 'latin1');
  box.writeUInt32BE(number, 8);
  return box;
}

/** A stand-in for ffmpeg that takes the process which decodes with it along when it is given poison: what a decoder's crash does in-process. */
export async function makeCrashingFfmpeg(folder: string): Promise<string> {
  const { ffmpeg } = await locateFfmpeg({});
  const path = join(folder, 'ffmpeg');
  // The descriptor that it reads from tells the name of the file.
  const script = `#!/bin/sh
case "$*$(/bin/ls -l /proc/$$/fd 2>/dev/null)" in *${POISON}_*) kill -SEGV $PPID; exit 139 ;; esac
exec '${ffmpeg}' "$@"
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}
