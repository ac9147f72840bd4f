import { join } from 'node:path';
import { program } from 'commander';

import { toMotionLuma } from '../../src/domain/luma.ts';
import { INITIAL_SCENE_WATCH, lookAtScene, type SceneLook } from '../../src/domain/scene/scene-watch.ts';
import { sceneMode, toScenePicture } from '../../src/domain/scene/scene-luma.ts';
import type { SceneFinding } from '../../src/domain/scene/scene-run.ts';
import { decodeGrey, encodeGreyJpeg } from '../../src/media/grey-picture.ts';
import { locateFfmpeg } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { printFigures } from '../measure/print-figures.ts';
import { blurred, mapFrame, readClips, readPictures, toInfrared, viewOf, type Frame } from './views.ts';

/**
 * What is found when real views are covered, turned, defocused, frozen and darkened, by day and with infrared light, and what is found
 * where nothing of that happened. Ten looks at the view as it is, the change for as long as it takes, six looks at the view again;
 * a look a minute, as the product takes and compares them.
 */
program
  .requiredOption('--images <folder>', 'pictures of scenes')
  .requiredOption('--videos <folder>', 'clips of cameras that stand still')
  .option('--scenes <count>', 'at most so many pictures', Number, Infinity)
  .option('--width <pixels>', 'compare at this width instead of the 320 of the product', Number)
  .parse();

const options = program.opts<{ images: string; videos: string; width?: number; scenes: number }>();
const MINUTE_MS = 60_000;
const BEFORE = 10;
const AFTER = 6;

type Change = {
  name: string;
  expected: 'found' | 'nothing';
  minutes: number;
  make: (scene: Frame, look: number) => Frame | Promise<Frame>;
};

const CHANGES: Change[] = [
  { name: 'no change', expected: 'nothing', minutes: 12, make: (scene, look) => grainy(viewOf(scene), look) },
  { name: 'covered by cloth', expected: 'found', minutes: 6, make: (scene, look) => grainy(cloth(viewOf(scene)), look) },
  { name: 'covered, 80 % of it', expected: 'found', minutes: 6, make: (scene, look) => grainy(cloth(viewOf(scene), 0.8), look) },
  ...[0.05, 0.1, 0.15, 0.2].map((share): Change => ({
    name: `turned by ${String(share * 100)} %`,
    expected: 'found',
    minutes: 12,
    make: (scene, look) => grainy(viewOf(scene, share), look),
  })),
  ...[0.005, 0.01, 0.02].map((share): Change => ({
    name: `defocused, ${String(share * 100)} % of the width`,
    expected: 'found',
    minutes: 12,
    make: async (scene, look) => grainy(await blurred(viewOf(scene), share), look),
  })),
  { name: 'frozen', expected: 'found', minutes: 16, make: (scene) => grainy(viewOf(scene), 3) },
  { name: 'black', expected: 'found', minutes: 6, make: (scene, look) => mapFrame(viewOf(scene), (_, i) => 3 + grain(look, i) / 2) },
  ...([1.5, 0.6] as const).map((gain): Change => ({
    name: `brightness jump × ${String(gain)}`,
    expected: 'nothing',
    minutes: 6,
    make: (scene, look) =>
      grainy(
        mapFrame(viewOf(scene), (value) => value * gain),
        look,
      ),
  })),
];

/** Noise of a sensor, up to three grey levels either way; cut out of one long piece of it. */
const NOISE = makeNoise(3_000_017);

function makeNoise(length: number): Int8Array {
  let state = 12_345;
  return Int8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.round(((state >>> 8) / 2 ** 24 - 0.5) * 7);
  });
}

function grain(look: number, index: number): number {
  return NOISE[(look * 104_729 + index) % NOISE.length] ?? 0;
}

function grainy(frame: Frame, look: number): Frame {
  return mapFrame(frame, (value, index) => value + grain(look, index));
}

function cloth(frame: Frame, share = 1): Frame {
  const { width } = frame;
  return mapFrame(frame, (value, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    if (x > share * width) return value;
    return [95, 70, 50][index % 3]! + 14 * Math.sin(x / 3) * Math.cos(y / 4);
  });
}

async function toLook(frame: Frame, minute: number): Promise<SceneLook> {
  const picture = options.width === undefined ? rounded(toMotionLuma(frame)) : toScenePicture(frame, sizeAt(frame, options.width));
  const stored = await decodeGrey(await encodeGreyJpeg(picture, picture));
  const atMs = minute * MINUTE_MS;
  return { atMs, mode: sceneMode(frame), filePath: String(minute), frame, passing: [], picture: stored, measured: null };
}

function sizeAt(frame: Frame, width: number): { width: number; height: number } {
  const wanted = Math.min(width, frame.width);
  return { width: wanted, height: Math.max(2, 2 * Math.round((wanted * frame.height) / frame.width / 2)) };
}

function rounded({ width, height, data }: { width: number; height: number; data: Float32Array | Uint8Array }) {
  return { width, height, data: Uint8Array.from(data, Math.round) };
}

/** Findings of looks a minute apart, and the lowest similarity. */
async function watch(frames: AsyncIterable<Frame>): Promise<{ findings: SceneFinding[]; lowest: number }> {
  let state = INITIAL_SCENE_WATCH;
  let lowest = 1;
  const findings: SceneFinding[] = [];
  let minute = 0;
  for await (const frame of frames) {
    const { watch: next, finding, measure } = lookAtScene(state, await toLook(frame, minute++));
    state = next;
    lowest = Math.min(lowest, measure?.similarity ?? 1);
    if (finding) findings.push(finding);
  }
  return { findings, lowest };
}

async function* story(scene: Frame, change: Change, light: 'day' | 'infrared'): AsyncGenerator<Frame> {
  const lit = (frame: Frame): Frame => (light === 'day' ? frame : toInfrared(frame));
  for (let look = 0; look < BEFORE; look += 1) yield lit(grainy(viewOf(scene), look));
  for (let look = 0; look < change.minutes; look += 1) yield lit(await change.make(scene, 100 + look));
  for (let look = 0; look < AFTER; look += 1) yield lit(grainy(viewOf(scene), 200 + look));
}

async function* inTurn(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
}

function kinds(findings: readonly SceneFinding[]): string {
  const counts = new Map<string, number>();
  for (const { changeType, reason } of findings) {
    const key = reason === null ? changeType : `${changeType}/${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${String(count)} ${key}`).join(', ') || '-';
}

const pictures = (await readPictures(options.images)).slice(0, options.scenes).map(({ frame }) => frame);
for (const light of ['day', 'infrared'] as const) {
  // Some of the pictures have no colour to begin with.
  const scenes = light === 'day' ? pictures.filter((frame) => sceneMode(frame) === 'day') : pictures;
  const rows = [];
  for (const change of CHANGES) {
    const outcomes = [];
    for (const scene of scenes) outcomes.push(await watch(story(scene, change, light)));
    const during = outcomes.map(({ findings }) => findings.filter(({ detectedAtMs }) => detectedAtMs >= BEFORE * MINUTE_MS));
    const early = outcomes.filter(({ findings }) => findings.some(({ detectedAtMs }) => detectedAtMs < BEFORE * MINUTE_MS)).length;
    const found = during.filter((findings) => findings.length > 0).length;
    rows.push({
      light,
      change: change.name,
      found: change.expected === 'found' ? `${String(found)} of ${String(scenes.length)}` : '-',
      false: `${String((change.expected === 'nothing' ? found : 0) + early)} of ${String(scenes.length)}`,
      kinds: kinds(during.flat()),
      'median of lowest SSIM': median(outcomes.map(({ lowest }) => lowest)).toFixed(2),
    });
  }
  printFigures(rows);
  process.stdout.write('\n');
}

const { ffmpeg } = await locateFfmpeg({ cacheFolder: join(options.videos, '..', '.none') });
const clips = [];
for (const { name, frames } of await readClips(options.videos, ffmpeg)) {
  const { findings, lowest } = await watch(inTurn(frames));
  clips.push({ clip: name, looks: frames.length, false: findings.length, kinds: kinds(findings), 'lowest SSIM': lowest.toFixed(2) });
}
printFigures(clips);

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
