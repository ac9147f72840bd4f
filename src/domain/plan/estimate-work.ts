/** Files that cost about the same each: stills by their number, videos by their footage. */
export type WorkGroup = {
  /** Kind, codec and height. */
  key: string;
  kind: 'image' | 'video';
  files: number;
  /** Stills: files. Videos: seconds of footage. */
  units: number;
};

/** What one file took. */
export type CostSample = { key: string; kind: 'image' | 'video'; units: number; analysisMs: number; detections: number };

/** `low` and `high`: 10th and 90th percentile; null where too few files were measured to say. */
export type Estimate = { likely: number; low: number | null; high: number | null };

export type WorkEstimate = {
  /** Ms of one worker process. */
  work: Estimate;
  detections: Estimate;
  /** Files of a kind of which none was measured: not in the figures. */
  unknownFiles: number;
};

/** From so many measured files of the very same kind on, others are not asked. */
const ENOUGH = 5;
/** Below this the spread of a sample says nothing. */
const FEWEST_FOR_SPREAD = 3;
const RESAMPLES = 400;
const LOW_SHARE = 0.1;
const HIGH_SHARE = 0.9;

type Pooled = { group: WorkGroup; pool: readonly CostSample[] };

/**
 * What work on all groups takes, by the mean cost of measured files alike: those of the same key where there are enough, else all of the
 * same kind. How far it may be off is how far it moves when the measured files are drawn again at random, with repetition (bootstrap).
 * The same input gives the same numbers.
 */
export function estimateWork(groups: readonly WorkGroup[], samples: readonly CostSample[]): WorkEstimate {
  const pools = new Map<string, readonly CostSample[]>();
  const pooled: Pooled[] = [];
  let unknownFiles = 0;
  for (const group of groups) {
    const pool = poolOf(group, samples, pools);
    if (pool.length === 0) unknownFiles += group.files;
    else pooled.push({ group, pool });
  }
  const isSpreadKnown = pooled.every(({ pool }) => pool.length >= FEWEST_FOR_SPREAD);
  const draws = isSpreadKnown ? drawTotals(pooled) : [];
  const likely = totals(pooled, (pool) => pool);
  return {
    work: toEstimate(likely.workMs, draws.map(({ workMs }) => workMs)), // prettier-ignore
    detections: toEstimate(likely.detections, draws.map(({ detections }) => detections)), // prettier-ignore
    unknownFiles,
  };
}

/** The same array for groups that share it, so that they are drawn together. */
function poolOf(group: WorkGroup, samples: readonly CostSample[], pools: Map<string, readonly CostSample[]>): readonly CostSample[] {
  const usable = (sample: CostSample): boolean => sample.units > 0 && sample.kind === group.kind;
  const alike = samples.filter((sample) => usable(sample) && sample.key === group.key);
  const [name, pool] = alike.length >= ENOUGH ? [group.key, alike] : [group.kind, samples.filter(usable)];
  const known = pools.get(name);
  if (known !== undefined) return known;
  pools.set(name, pool);
  return pool;
}

type Totals = { workMs: number; detections: number };

function totals(pooled: readonly Pooled[], drawOf: (pool: readonly CostSample[]) => readonly CostSample[]): Totals {
  const total = { workMs: 0, detections: 0 };
  for (const { group, pool } of pooled) {
    const drawn = drawOf(pool);
    const units = sum(drawn, (sample) => sample.units);
    total.workMs += (group.units * sum(drawn, (sample) => sample.analysisMs)) / units;
    total.detections += (group.units * sum(drawn, (sample) => sample.detections)) / units;
  }
  return total;
}

function drawTotals(pooled: readonly Pooled[]): Totals[] {
  const random = createRandom();
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = new Map<readonly CostSample[], CostSample[]>();
    return totals(pooled, (pool) => {
      const known = drawn.get(pool) ?? pool.flatMap(() => pool[Math.floor(random() * pool.length)] ?? []);
      drawn.set(pool, known);
      return known;
    });
  });
}

function toEstimate(likely: number, draws: readonly number[]): Estimate {
  const sorted = [...draws].sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.round(share * (sorted.length - 1))] ?? null;
  return { likely, low: at(LOW_SHARE), high: at(HIGH_SHARE) };
}

/** Multiplies what is uncertain by what is uncertain, both at their worst on the same side. */
export function timesEstimate(one: Estimate, other: Estimate): Estimate {
  const low = one.low === null || other.low === null ? null : one.low * other.low;
  const high = one.high === null || other.high === null ? null : one.high * other.high;
  return { likely: one.likely * other.likely, low, high };
}

export function scaleEstimate({ likely, low, high }: Estimate, factor: number): Estimate {
  return { likely: likely * factor, low: low === null ? null : low * factor, high: high === null ? null : high * factor };
}

/** No more digits than an estimate has. */
export function roundEstimate(estimate: Estimate): Estimate {
  const round = (value: number): number => Number(value.toPrecision(3));
  const { likely, low, high } = estimate;
  return { likely: round(likely), low: low === null ? null : round(low), high: high === null ? null : round(high) };
}

/** Median, 10th and 90th percentile of what was seen; undefined of nothing. */
export function spreadOf(values: readonly number[]): Estimate | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.round(share * (sorted.length - 1))];
  const likely = at(0.5);
  if (likely === undefined) return undefined;
  const isSpreadKnown = sorted.length >= FEWEST_FOR_SPREAD;
  return { likely, low: isSpreadKnown ? (at(LOW_SHARE) ?? null) : null, high: isSpreadKnown ? (at(HIGH_SHARE) ?? null) : null };
}

/** How many files are not begun after `windowMs` of work that takes `wall` ms; what takes longer leaves more. */
export function filesLeft(files: number, wall: Estimate, windowMs: number): Estimate {
  const left = (wallMs: number): number => (wallMs <= 0 ? 0 : Math.round(files * (1 - Math.min(1, Math.max(0, windowMs) / wallMs))));
  return {
    likely: left(wall.likely),
    low: wall.low === null ? null : left(wall.low),
    high: wall.high === null ? null : left(wall.high),
  };
}

function sum<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function createRandom(): () => number {
  let state = 0x4853;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
