import { START_MS, type SyntheticDetection, type SyntheticFile } from './synthetic-footage.ts';

type Random = () => number;

/** Something that is seen for a while; x and y in pixels at a time in seconds. */
type Thing = {
  label: string;
  fromS: number;
  untilS: number;
  score: number;
  width: number;
  height: number;
  at: (second: number) => { x: number; y: number };
};

const LENGTH_S = 3_600;

/**
 * An hour of one camera: walkers, cars that come and stay, things the detector is not sure of, crowds; in files of many
 * lengths with gaps and overlaps, and with stills between them.
 */
export function randomFootage(random: Random): SyntheticFile[] {
  const things = Array.from({ length: 10 }, () => randomThing(random));
  const crowd = random() < 0.5 ? randomCrowd(random) : [];
  const withStills = random() < 0.5;
  const files: SyntheticFile[] = [];
  for (let second = 0; second < LENGTH_S;) {
    const seconds = 5 + Math.floor(random() * 55);
    const isStill = withStills && random() < 0.4;
    files.push(randomFile(random, { things: [...things, ...crowd], second, seconds, isStill, name: `file ${String(files.length)}` }));
    second += isStill ? 20 : Math.max(1, seconds + pauseAfter(random));
  }
  return files;
}

/** Mostly none; sometimes an overlap, a short gap, a long one. */
function pauseAfter(random: Random): number {
  const kind = random();
  if (kind < 0.6) return 0;
  if (kind < 0.7) return -2;
  if (kind < 0.85) return Math.floor(random() * 15);
  return Math.floor(random() * (kind < 0.96 ? 240 : 1_200));
}

function randomThing(random: Random): Thing {
  const fromS = random() * LENGTH_S;
  const [x, y] = [random() * 400, random() * 300];
  const kind = random();
  if (kind < 0.3) {
    return {
      label: 'car',
      fromS,
      untilS: fromS + 600 * random(),
      score: 0.7,
      width: 120,
      height: 60,
      at: (second) => ({ x: Math.max(x, x + 200 - 60 * (second - fromS)), y }),
    };
  }
  const speed = random() * 25;
  const score = kind < 0.5 ? 0.36 : 0.85;
  return {
    label: kind < 0.9 ? 'person' : 'dog',
    fromS,
    untilS: fromS + 20 + 200 * random(),
    score,
    width: 40,
    height: 100,
    at: (second) => ({ x: 250 + 200 * Math.sin((speed * (second - fromS)) / 150), y: y / 2 }),
  };
}

function randomCrowd(random: Random): Thing[] {
  const fromS = random() * LENGTH_S;
  return Array.from({ length: 15 }, (_, index) => ({
    label: 'person',
    fromS,
    untilS: fromS + 120,
    score: 0.9,
    width: 20,
    height: 50,
    at: (second) => ({ x: 40 * index + 15 * Math.sin(second + index), y: 200 + 40 * Math.cos(second / 3 + index) }),
  }));
}

type FileOptions = { things: readonly Thing[]; second: number; seconds: number; isStill: boolean; name: string };

function randomFile(random: Random, { things, second, seconds, isStill, name }: FileOptions): SyntheticFile {
  const offsets = isStill ? [0] : Array.from({ length: seconds }, (_, index) => 500 + 1_000 * index).filter(() => random() < 0.9);
  return {
    name,
    startMs: START_MS + second * 1_000,
    durationMs: isStill ? 0 : seconds * 1_000,
    isStill,
    frameOffsetsMs: offsets,
    detections: offsets.flatMap((offsetMs) =>
      things.flatMap((thing) => seen(thing, { second: second + offsetMs / 1_000, offsetMs, random })),
    ),
  };
}

function seen(thing: Thing, { second, offsetMs, random }: { second: number; offsetMs: number; random: Random }): SyntheticDetection[] {
  if (second < thing.fromS || second > thing.untilS || random() < 0.08) return [];
  const { x, y } = thing.at(second);
  const score = Math.round((thing.score + 0.1 * (random() - 0.5)) * 1e4) / 1e4;
  return [
    {
      offsetMs,
      label: thing.label,
      score,
      x: Math.round(Math.max(0, x)),
      y: Math.round(Math.max(0, y)),
      width: thing.width,
      height: thing.height,
    },
  ];
}
