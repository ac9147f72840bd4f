import type { SceneFinding } from '../../src/domain/scene/scene-run.ts';
import { blurred, mapFrame, viewOf, type Frame } from './views.ts';

/**
 * What happens to a view, for how many minutes, and whether a finding of it has the right type; without that nothing may be found.
 * `hangs`: the noise of the sensor stays the same, too.
 */
export type Change = {
  name: string;
  minutes: number;
  isRight?: (finding: SceneFinding) => boolean;
  make: (scene: Frame) => Frame | Promise<Frame>;
  hangs?: true;
};

const BRIEF = 5;
/** `unknown` needs ten minutes. */
const LONG = 11;

const isCover = ({ changeType }: SceneFinding): boolean => changeType === 'view_blocked';
const isTampered = ({ changeType }: SceneFinding): boolean => changeType === 'view_blocked' || changeType === 'view_tampered';
const isTurned = ({ changeType }: SceneFinding): boolean => changeType === 'angle_changed';
const isDefocused = ({ changeType, reason }: SceneFinding): boolean => changeType === 'view_tampered' && reason === 'defocus';

export const CHANGES: Change[] = [
  { name: 'none', minutes: LONG, make: (scene) => viewOf(scene) },
  { name: 'covered by cloth', minutes: BRIEF, isRight: isCover, make: (scene) => cloth(viewOf(scene)) },
  { name: 'covered by grey cloth', minutes: BRIEF, isRight: isCover, make: (scene) => cloth(viewOf(scene), { colour: [72, 70, 71] }) },
  { name: '80 % covered', minutes: BRIEF, isRight: isTampered, make: (scene) => cloth(viewOf(scene), { share: 0.8 }) },
  { name: 'black', minutes: BRIEF, isRight: isCover, make: (scene) => mapFrame(viewOf(scene), () => 2) },
  ...[0.05, 0.1, 0.15, 0.2].map((share): Change => ({
    name: `turned by ${String(share * 100)} %`,
    minutes: LONG,
    isRight: isTurned,
    make: (scene) => viewOf(scene, share),
  })),
  ...[0.005, 0.01, 0.02].map((share): Change => ({
    name: `defocused, ${String(share * 100)} % of the width`,
    minutes: LONG,
    isRight: isDefocused,
    make: (scene) => blurred(viewOf(scene), share),
  })),
  { name: 'frozen', minutes: 14, isRight: ({ reason }) => reason === 'frozen', make: (scene) => viewOf(scene), hangs: true },
  ...([2, 1.5, 0.6, 0.4] as const).map((gain) => brightness(`× ${String(gain)}`, (value) => value * gain)),
  brightness('+ 40', (value) => value + 40),
];

function brightness(by: string, change: (value: number) => number): Change {
  return { name: `brightness ${by}`, minutes: LONG, make: (scene) => mapFrame(viewOf(scene), change) };
}

/** Noise of a sensor, up to three grey levels either way; cut out of one long piece of it. */
const NOISE = makeNoise(3_000_017);

function makeNoise(length: number): Int8Array {
  let state = 12_345;
  return Int8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.round(((state >>> 8) / 2 ** 24 - 0.5) * 7);
  });
}

export function grainy({ width, height, data }: Frame, look: number): Frame {
  const noisy = new Uint8Array(data.length);
  for (let at = 0, from = look * 104_729; at < data.length; at += 1) {
    noisy[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + (NOISE[(from + at) % NOISE.length] ?? 0)));
  }
  return { width, height, data: noisy };
}

function cloth(frame: Frame, { colour = [95, 70, 50], share = 1 }: { colour?: readonly number[]; share?: number } = {}): Frame {
  const { width } = frame;
  return mapFrame(frame, (value, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    if (x > share * width) return value;
    return (colour[index % 3] ?? 0) + 14 * Math.sin(x / 3) * Math.cos(y / 4);
  });
}
