import { join } from 'node:path';
import { program } from 'commander';

import { toMotionLuma } from '../../src/domain/luma.ts';
import { sceneMode, toScenePicture } from '../../src/domain/scene/scene-luma.ts';
import type { SceneFinding } from '../../src/domain/scene/scene-run.ts';
import { INITIAL_SCENE_WATCH, lookAtScene, type SceneLook, type SceneWatch } from '../../src/domain/scene/scene-watch.ts';
import { decodeGrey, encodeGreyJpeg } from '../../src/media/grey-picture.ts';
import { locateFfmpeg } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { printFigures } from '../measure/print-figures.ts';
import { CHANGES, grainy, type Change } from './changes.ts';
import { findPassing, openDetector } from './passing.ts';
import { mapFrame, readClips, readPictures, toInfrared, viewOf, type Frame } from './views.ts';

/**
 * What is found when real views are covered, turned, defocused, frozen and lit differently, by day and by infrared light, and what is
 * found where nothing of that happened. Six looks at the view as it is, the change for as long as it takes, four looks at the view
 * again; a look a minute, as the product takes and compares them.
 */
program
  .requiredOption('--images <folder>', 'pictures of scenes')
  .requiredOption('--videos <folder>', 'clips of cameras that stand still')
  .option('--model <file>', 'weights of a shipped detector: people, cars and animals are left out of the clips, as in the product')
  .option('--scenes <count>', 'at most so many pictures', Number, Infinity)
  .option('--width <pixels>', 'compare at this width instead of the 320 of the product', Number)
  .parse();

const options = program.opts<{ images: string; videos: string; model?: string; width?: number; scenes: number }>();
const MINUTE_MS = 60_000;
const BEFORE = 6;
const AFTER = 4;

/** Watches frames a minute apart; a copy goes on from the same place. */
class Watcher {
  readonly findings: SceneFinding[] = [];
  #state: SceneWatch = INITIAL_SCENE_WATCH;
  #minute = 0;
  lowest = 1;

  async see(frame: Frame, passing: SceneLook['passing'] = []): Promise<void> {
    const { watch, finding, measure } = lookAtScene(this.#state, await toLook(frame, { minute: this.#minute++, passing }));
    this.#state = watch;
    this.lowest = Math.min(this.lowest, measure?.similarity ?? 1);
    if (finding) this.findings.push(finding);
  }

  copy(): Watcher {
    const copied = new Watcher();
    copied.#state = this.#state;
    copied.#minute = this.#minute;
    copied.findings.push(...this.findings);
    return copied;
  }
}

async function toLook(frame: Frame, { minute, passing }: { minute: number; passing: SceneLook['passing'] }): Promise<SceneLook> {
  const picture = options.width === undefined ? rounded(toMotionLuma(frame)) : toScenePicture(frame, sizeAt(frame, options.width));
  const stored = await decodeGrey(await encodeGreyJpeg(picture, picture));
  return { atMs: minute * MINUTE_MS, mode: sceneMode(frame), filePath: String(minute), frame, passing, picture: stored, measured: null };
}

function sizeAt(frame: Frame, width: number): { width: number; height: number } {
  const wanted = Math.min(width, frame.width);
  return { width: wanted, height: Math.max(2, 2 * Math.floor((wanted * frame.height) / frame.width / 2)) };
}

function rounded({ width, height, data }: { width: number; height: number; data: Float32Array | Uint8Array }) {
  return { width, height, data: Uint8Array.from(data, Math.round) };
}

type Light = { takes: (scene: Frame) => boolean; asSeen: (scene: Frame) => Frame; lit: (frame: Frame) => Frame };

/** By day as they are; by infrared light those that have no colour, and those of the day as such a camera might see them. */
const LIGHTS: Record<string, Light> = {
  day: { takes: (scene) => sceneMode(scene) === 'day', asSeen: (scene) => scene, lit: (frame) => frame },
  infrared: { takes: (scene) => sceneMode(scene) === 'ir', asSeen: (scene) => scene, lit: withoutColour },
  'infrared, made': { takes: (scene) => sceneMode(scene) === 'day', asSeen: toInfrared, lit: withoutColour },
};

function withoutColour(frame: Frame): Frame {
  const { data } = frame;
  return mapFrame(frame, (_, i) => {
    const at = i - (i % 3);
    return ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
  });
}

/** `during`: found in the change; `beside`: before it or after it. */
type Outcome = { during: SceneFinding[]; beside: SceneFinding[]; lowest: number };

async function tryChanges(scene: Frame, lit: (frame: Frame) => Frame, outcomes: Map<Change, Outcome[]>): Promise<void> {
  const own = lit(viewOf(scene));
  const before = new Watcher();
  for (let look = 0; look < BEFORE; look += 1) await before.see(grainy(own, look));
  for (const change of CHANGES) {
    const watcher = before.copy();
    const changed = lit(await change.make(scene));
    for (let look = 0; look < change.minutes; look += 1) await watcher.see(grainy(changed, change.hangs ? 3 : 100 + look));
    const { lowest } = watcher;
    for (let look = 0; look < AFTER; look += 1) await watcher.see(grainy(own, 200 + look));
    const inChange = ({ detectedAtMs }: SceneFinding): boolean =>
      detectedAtMs >= BEFORE * MINUTE_MS && detectedAtMs < (BEFORE + change.minutes) * MINUTE_MS;
    const beside = watcher.findings.filter((finding) => !inChange(finding));
    outcomes.set(change, [...(outcomes.get(change) ?? []), { during: watcher.findings.filter(inChange), beside, lowest }]);
  }
}

function figuresOf(light: string, { name, isRight }: Change, outcomes: readonly Outcome[]): Record<string, string | number> {
  const found = outcomes.filter(({ during }) => during.length > 0).length;
  const right = isRight && outcomes.filter(({ during }) => during.some(isRight)).length;
  const isFalse = ({ during, beside }: Outcome): boolean => beside.length > 0 || (isRight === undefined && during.length > 0);
  return {
    light,
    change: name,
    sequences: outcomes.length,
    detected: isRight ? found : '-',
    'right type': right ?? '-',
    false: outcomes.filter(isFalse).length,
    kinds: kinds(outcomes.flatMap(({ during, beside }) => [...during, ...beside])),
    'median of lowest similarity': median(outcomes.map(({ lowest }) => lowest)).toFixed(2),
  };
}

function kinds(findings: readonly SceneFinding[]): string {
  const counts = new Map<string, number>();
  for (const { changeType, reason } of findings) {
    const key = reason === null ? changeType : `${changeType}/${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${String(count)} ${key}`).join(', ') || '-';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

const pictures = (await readPictures(options.images)).slice(0, options.scenes).map(({ frame }) => frame);
for (const [light, { takes, asSeen, lit }] of Object.entries(LIGHTS)) {
  const outcomes = new Map<Change, Outcome[]>();
  for (const scene of pictures.filter(takes)) await tryChanges(asSeen(scene), lit, outcomes);
  printFigures([...outcomes].map(([change, some]) => figuresOf(light, change, some)));
  process.stdout.write('\n');
}

const { ffmpeg } = await locateFfmpeg({ cacheFolder: join(options.videos, '..', '.none') });
const detector = await openDetector(options.model);
const clips = [];
for (const { name, frames } of await readClips(options.videos, ffmpeg)) {
  const watcher = new Watcher();
  for (const frame of frames) await watcher.see(frame, await findPassing(detector, frame));
  const { findings, lowest } = watcher;
  clips.push({ clip: name, looks: frames.length, false: findings.length, kinds: kinds(findings), 'lowest similarity': lowest.toFixed(2) });
}
await detector?.close();
printFigures(clips);
