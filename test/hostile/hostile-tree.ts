import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import sharp from 'sharp';

import { makeFootage, makeVideo } from '../helpers/footage.ts';
import { linkInputs, sparseInputs, specialInputs, unreadableInputs } from './entry-inputs.ts';
import { exifInputs } from './exif-inputs.ts';
import { absolutePathOf, fileInput, noise, OLD, type HostileInput } from './hostile-input.ts';
import { isoBombs } from './iso-bombs.ts';
import { nameInputs } from './name-inputs.ts';
import { damagedPictures, goodJpeg, oddPictures, pictureBombs } from './picture-inputs.ts';
import { playlistInputs, wrongSuffixInputs, type Canary } from './playlist-inputs.ts';
import { damagedVideos, goodVideos, lyingVideos, videoBombs } from './video-inputs.ts';

export type HostileTree = { root: string; outside: string; inputs: HostileInput[] };

/** Well over a hundred inputs that nobody should feed a program, and good footage among them. */
export async function makeHostileTree(folder: string, url: string): Promise<HostileTree> {
  const root = join(folder, 'footage');
  const outside = join(folder, 'outside');
  const canary = await makeCanary(outside, url);
  const jpeg = await goodJpeg(7000);
  const mp4 = await readFile(await makeVideo({ name: 'plain.mp4', seconds: 1 }));
  const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), noise(500, 11)]);
  const inputs = [
    ...(await goodPictures()),
    ...(await goodVideos()),
    ...playlistInputs(canary),
    ...wrongSuffixInputs(jpeg, mp4, heic),
    ...(await nameInputs()),
    ...linkInputs(outside, await goodJpeg(7002)),
    ...specialInputs(),
    ...sparseInputs(await readFile(await makeVideo({ name: 'sparse.mp4', seconds: 2 }))),
    ...unreadableInputs(await goodJpeg(7003)),
    ...(await damagedPictures()),
    ...(await damagedVideos()),
    ...(await oddPictures()),
    ...(await exifInputs()),
    ...(await pictureBombs()),
    ...(await lyingVideos()),
    ...(await videoBombs()),
    ...(await isoBombs()),
    ...(await tracklessVideos()),
  ];
  for (const input of inputs) await input.make(absolutePathOf(root, input));
  return { root, outside, inputs };
}

async function goodPictures(): Promise<HostileInput[]> {
  const jpegs = await Promise.all(Array.from({ length: 12 }, (_, index) => goodJpeg(8000 + index)));
  return jpegs.map((jpeg, index) => fileInput('good picture', `good/20260114_0815${String(10 + index)}.jpg`, jpeg, 'in'));
}

/** Containers with everything but a picture track, or with more than that. */
async function tracklessVideos(): Promise<HostileInput[]> {
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'];
  const sound = await readFile(await makeFootage('sound.mp4', [...tone, '-c:a', 'aac']));
  const attached = await readFile(
    await makeFootage('attached.mkv', [
      ...['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10:duration=3', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
      ...['-attach', '/etc/passwd', '-metadata:s:t', 'mimetype=application/x-truetype-font', '-metadata:s:t', 'filename=../../evil.ttf'],
    ]),
  );
  return [
    fileInput('odd video', 'odd-videos/sound-only.mp4', sound, 'no_frames'),
    fileInput('odd video', 'odd-videos/attachment.mkv', attached, 'in'),
  ];
}

/** What no run may ever read. Its time of last reading is put before its last change, so that the next reader is noted. */
async function makeCanary(outside: string, url: string): Promise<Canary> {
  const picture = join(outside, 'secret.jpg');
  const video = join(outside, 'secret.mp4');
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(
    picture,
    await sharp(noise(123 * 77 * 3, 12), { raw: { width: 123, height: 77, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
  await writeFile(video, await readFile(await makeVideo({ name: 'secret.mp4', seconds: 3, size: '124x78' })));
  await writeFile(join(outside, 'secret.ts'), await readFile(await makeVideo({ name: 'secret.ts', seconds: 3, size: '124x78' })));
  for (const path of secretsIn(outside)) await utimes(path, new Date(OLD.getTime() - 1000), OLD);
  return { picture, video, url };
}

function secretsIn(outside: string): string[] {
  return ['secret.jpg', 'secret.mp4', 'secret.ts'].map((name) => join(outside, name));
}

/** The secrets that were read since the tree was made; only meaningful where the file system notes it (`notesReads`). */
export async function secretsRead(outside: string): Promise<string[]> {
  const stats = await Promise.all(secretsIn(outside).map(async (path) => ({ path, found: await stat(path) })));
  return stats.filter(({ found }) => found.atimeMs >= found.mtimeMs).map(({ path }) => path);
}

export async function notesReads(folder: string): Promise<boolean> {
  const path = join(folder, 'read-me');
  await writeFile(path, 'x');
  await utimes(path, new Date(OLD.getTime() - 1000), OLD);
  await readFile(path);
  const { atimeMs, mtimeMs } = await stat(path);
  return atimeMs >= mtimeMs;
}
