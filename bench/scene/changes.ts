import type { SceneFinding } from '../../src/domain/scene/scene-run.ts';
import { blurred, mapFrame, viewOf, type Frame } from './views.ts';

/** What happens to a view, for how many minutes, and whether a finding of it has the right type; without that nothing may be found. */
export type Change = {
  name: string;
  minutes: number;
  isRight?: (finding: SceneFinding) => boolean;
  make: (scene: Frame, look: number) => Frame | Promise<Frame>;
};

const BRIEF = 5;
/** `unknown` needs ten minutes. */
const LONG = 11;

const isCover = ({ changeType }: SceneFinding): boolean => changeType === 'view_blocked';
const isTampered = ({ changeType }: SceneFinding): boolean => changeType === 'view_blocked' || changeType === 'view_tampered';
const isTurned = ({ changeType }: SceneFinding): boolean => changeType === 'angle_changed';
const isDefocused = ({ changeType, reason }: SceneFinding): boolean => changeType === 'view_tampered' && reason === 'defocus';

export const CHANGES: Change[] = [
  { name: 'none', minutes: LONG, make: (scene, look) => grainy(viewOf(scene), look) },
  { name: 'covered by cloth', minutes: BRIEF, isRight: isCover, make: (scene, look) => grainy(cloth(viewOf(scene)), look) },
  {
    name: 'covered by grey cloth',
    minutes: BRIEF,
    isRight: isCover,
    make: (scene, look) => grainy(cloth(viewOf(scene), { colour: [72, 70, 71] }), look),
  },
  { name: '80 % covered', minutes: BRIEF, isRight: isTampered, make: (scene, look) => grainy(cloth(viewOf(scene), { share: 0.8 }), look) },
  { name: 'black', minutes: BRIEF, isRight: isCover, make: (scene, look) => mapFrame(viewOf(scene), (_, i) => 3 + grain(look, i) / 2) },
  ...[0.05, 0.1, 0.15, 0.2].map((share): Change => ({
    name: `turned by ${String(share * 100)} %`,
    minutes: LONG,
    isRight: isTurned,
    make: (scene, look) => grainy(viewOf(scene, share), look),
  })),
  ...[0.005, 0.01, 0.02].map((share): Change => ({
    name: `defocused, ${String(share * 100)} % of the width`,
    minutes: LONG,
    isRight: isDefocused,
    make: async (scene, look) => grainy(await blurred(viewOf(scene), share), look),
  })),
  { name: 'frozen', minutes: 14, isRight: ({ reason }) => reason === 'frozen', make: (scene) => grainy(viewOf(scene), 3) },
  ...([2, 1.5, 0.6, 0.4] as const).map((gain) => brightness(`× ${String(gain)}`, (value) => value * gain)),
  brightness('+ 40', (value) => value + 40),
];

function brightness(by: string, change: (value: number) => number): Change {
  return { name: `brightness ${by}`, minutes: LONG, make: (scene, look) => grainy(mapFrame(viewOf(scene), change), look) };
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

function grain(look: number, index: number): number {
  return NOISE[(look * 104_729 + index) % NOISE.length] ?? 0;
}

export function grainy(frame: Frame, look: number): Frame {
  return mapFrame(frame, (value, index) => value + grain(look, index));
}

function cloth(frame: Frame, { colour = [95, 70, 50], share = 1 }: { colour?: readonly number[]; share?: number } = {}): Frame {
  const { width } = frame;
  return mapFrame(frame, (value, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    if (x > share * width) return value;
    return (colour[index % 3] ?? 0) + 14 * Math.sin(x / 3) * Math.cos(y / 4);
  });
}
