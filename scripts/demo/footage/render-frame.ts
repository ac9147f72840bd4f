import type { RgbPicture } from '../../../src/domain/picture.ts';
import { renderFigure, type FigureName, type Gait, type Sprite } from './figures.ts';
import { positionAt, type Movement } from './movement.ts';
import { FRAME, renderScene, type Light, type SceneName } from './scenes.ts';

/** What stands before the camera during one recording. `exposure`: grey levels added from that moment on, as when the sun comes out. */
export type Shot = {
  scene: SceneName;
  light: Light;
  movements: readonly Movement[];
  parked?: { figure: FigureName; x: number; y: number };
  exposure?: { atMs: number; levels: number };
  seed: number;
};

/** Draws the frame at an offset in ms. The picture is reused by the next call. */
export type FrameRenderer = (atMs: number) => RgbPicture;

const PIXELS = FRAME.width * FRAME.height;
const NOISE_SIGMA: Record<Light, number> = { day: 2.5, night: 4.5 };

export async function createFrameRenderer(shot: Shot): Promise<FrameRenderer> {
  const background = await renderScene(shot.scene, shot.light);
  if (shot.parked) paste(background, firstSprite(await renderFigure(shot.parked.figure, shot.light)), shot.parked);
  const gaits = await Promise.all(shot.movements.map((movement) => renderFigure(movement.figure, shot.light)));
  const random = mulberry32(shot.seed);
  const noise = gaussianNoise(NOISE_SIGMA[shot.light], random);
  const picture: RgbPicture = { ...FRAME, data: new Uint8Array(PIXELS * 3) };
  return (atMs) => {
    picture.data.set(background.data);
    shot.movements.forEach((movement, index) => {
      const gait = gaits[index];
      if (gait) drawFigure(picture, { gait, movement, atMs });
    });
    const levels = shot.exposure && atMs >= shot.exposure.atMs ? shot.exposure.levels : 0;
    addNoise(picture.data, noise.subarray(Math.floor(random() * PIXELS)), levels);
    return picture;
  };
}

function drawFigure(picture: RgbPicture, { gait, movement, atMs }: { gait: Gait; movement: Movement; atMs: number }): void {
  const position = positionAt(movement.path, atMs);
  if (!position) return;
  const phase = position.moving ? Math.floor(atMs / gait.stepMs) % gait.sprites.length : 0;
  paste(picture, gait.sprites[phase] ?? firstSprite(gait), position);
}

function firstSprite(gait: Gait): Sprite {
  const [first] = gait.sprites;
  if (!first) throw new Error('a figure without a drawing');
  return first;
}

/** Blends the sprite over the picture with its bottom centre at `foot`; what is outside the frame is cut. */
function paste(picture: RgbPicture, sprite: Sprite, foot: { x: number; y: number }): void {
  const left = Math.round(foot.x - sprite.width / 2);
  const top = Math.round(foot.y - sprite.height);
  for (let row = Math.max(0, -top); row < sprite.height && top + row < picture.height; row += 1) {
    for (let column = Math.max(0, -left); column < sprite.width && left + column < picture.width; column += 1) {
      const from = (row * sprite.width + column) * 4;
      const opacity = (sprite.data[from + 3] ?? 0) / 255;
      if (opacity > 0)
        blend(picture.data, ((top + row) * picture.width + left + column) * 3, sprite.data.subarray(from, from + 3), opacity);
    }
  }
}

function blend(target: Uint8Array, to: number, colour: Uint8Array, opacity: number): void {
  for (let channel = 0; channel < 3; channel += 1) {
    target[to + channel] = (target[to + channel] ?? 0) * (1 - opacity) + (colour[channel] ?? 0) * opacity;
  }
}

function addNoise(data: Uint8Array, noise: Int8Array, levels: number): void {
  for (let pixel = 0; pixel < PIXELS; pixel += 1) {
    const change = (noise[pixel] ?? 0) + levels;
    for (let i = pixel * 3; i < pixel * 3 + 3; i += 1) data[i] = clampByte((data[i] ?? 0) + change);
  }
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Twice a frame long, so that each frame can start anywhere in it and no two look alike. */
function gaussianNoise(sigma: number, random: () => number): Int8Array {
  return Int8Array.from({ length: PIXELS * 2 }, () => Math.round((random() + random() + random() + random() - 2) * sigma * 1.73));
}

/** A small repeatable random generator, so that every demo draws the same footage. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
