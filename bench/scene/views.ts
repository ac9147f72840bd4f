import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';

const run = promisify(execFile);

/** Packed RGB of a frame as a detector gets it. */
export type Frame = { width: number; height: number; data: Uint8Array };

export type Source = { name: string; frame: Frame };
export type Clip = { name: string; frames: Frame[] };

/** Of a view. */
const WIDTH = 640;
/** Part of a picture that is the camera's own view; the rest is what it would see when it is turned. */
const OWN = 0.75;

export async function readPictures(folder: string): Promise<Source[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, frame: await toFrame(sharp(join(folder, name))) })));
}

/** The whole scene, a third larger than the view. */
async function toFrame(picture: Sharp): Promise<Frame> {
  const width = Math.round(WIDTH / OWN);
  const { data, info } = await picture
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ width })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A frame a second of each video. */
export async function readClips(folder: string, ffmpeg: string): Promise<Clip[]> {
  const names = (await readdir(folder)).filter((name) => /\.(mp4|avi|mkv|mov)$/i.test(name)).sort();
  const clips: Clip[] = [];
  for (const name of names) clips.push({ name, frames: await readClip(join(folder, name), ffmpeg) });
  return clips;
}

async function readClip(path: string, ffmpeg: string): Promise<Frame[]> {
  const args = ['-nostdin', '-v', 'error', '-i', path, '-vf', `fps=1,scale=${String(WIDTH)}:-2`, '-f', 'image2pipe', '-c:v', 'bmp', '-'];
  const { stdout } = await run(ffmpeg, args, { encoding: 'buffer', maxBuffer: 1 << 30 });
  const frames: Frame[] = [];
  for (let at = 0; at + 54 <= stdout.length; at += stdout.readUInt32LE(at + 2)) frames.push(fromBmp(stdout.subarray(at)));
  return frames;
}

/** ffmpeg's own: 24 bits, lines from the bottom up. */
function fromBmp(bytes: Buffer): Frame {
  const [start, width, height] = [bytes.readUInt32LE(10), bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  const stride = (width * 3 + 3) & ~3;
  const isUpsideDown = bytes.readInt32LE(22) > 0;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = start + (isUpsideDown ? height - 1 - y : y) * stride;
    for (let x = 0; x < width * 3; x += 3) {
      for (let c = 0; c < 3; c += 1) data[y * width * 3 + x + c] = bytes[from + x + 2 - c] ?? 0;
    }
  }
  return { width, height, data };
}

/** The camera's view, turned by a share of its width. */
export function viewOf({ width, height, data }: Frame, turned = 0): Frame {
  const size = { width: Math.floor(width * OWN), height: Math.floor(height * OWN) };
  const left = Math.min(width - size.width, Math.round(turned * size.width));
  const top = Math.floor((height - size.height) / 2);
  const cut = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y += 1) {
    const from = ((top + y) * width + left) * 3;
    cut.set(data.subarray(from, from + size.width * 3), y * size.width * 3);
  }
  return { ...size, data: cut };
}

/** Every value changed, rounded and kept within 0–255. */
export function mapFrame(frame: Frame, change: (value: number, index: number) => number): Frame {
  const data = new Uint8Array(frame.data.length);
  for (let at = 0; at < data.length; at += 1) data[at] = Math.max(0, Math.min(255, Math.round(change(frame.data[at] ?? 0, at))));
  return { ...frame, data };
}

/** As a camera with infrared light sees it: no colour, brighter in the middle. */
export function toInfrared(frame: Frame): Frame {
  const { width, height, data } = frame;
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const [x, y] = [(at / 3) % width, Math.floor(at / 3 / width)];
    const light = 1 - 0.6 * Math.hypot(x / width - 0.5, y / height - 0.5);
    const grey = (0.4 * (data[at] ?? 0) + 0.45 * (data[at + 1] ?? 0) + 0.15 * (data[at + 2] ?? 0)) * light * 0.8;
    out.fill(Math.round(grey), at, at + 3);
  }
  return { width, height, data: out };
}

export async function blurred({ width, height, data }: Frame, share: number): Promise<Frame> {
  const out = await sharp(data, { raw: { width, height, channels: 3 } })
    .blur(share * width)
    .raw()
    .toBuffer();
  return { width, height, data: out };
}
