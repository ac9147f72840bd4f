/** An appearance vector. Vectors of different models are never compared, nor are ones of different lengths. */
export type Appearance = { modelId: string; vector: ArrayLike<number> };

/** An appearance as one crop of a track shows it. `quality`: confidence × area. */
export type Crop = Appearance & { heightPx: number; quality: number };

/** Model cards that state no threshold of their own get this one. */
export const DEFAULT_SIMILARITY_THRESHOLD = 0.85;
/** Smaller crops show too little of a person. */
export const MIN_CROP_HEIGHT_PX = 96;
export const MAX_CROPS = 5;
/** Similarities are sums of rounded products: a limit reached but for this is reached. */
const ROUNDING = 1e-12;

/** Cosine of two appearances, −1 … 1; null when they cannot be compared, 0 when one of them is all 0. */
export function similarityOf(a: Appearance, b: Appearance): number | null {
  if (a.modelId !== b.modelId || a.vector.length !== b.vector.length) return null;
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.vector.length; i += 1) {
    const valueA = a.vector[i] ?? 0;
    const valueB = b.vector[i] ?? 0;
    product += valueA * valueB;
    squaresA += valueA * valueA;
    squaresB += valueB * valueB;
  }
  const lengths = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  return lengths > 0 ? Math.min(1, Math.max(-1, product / lengths)) : 0;
}

/** The vector at length 1; one that is all 0 stays. */
export function toUnit(vector: ArrayLike<number>): number[] {
  const numbers = Array.from(vector);
  const length = Math.hypot(...numbers);
  return length > 0 ? numbers.map((value) => value / length) : numbers;
}

/** What a track looks like: the mean direction of its up to five best crops that are high enough; null without one. */
export function trackAppearance(crops: readonly Crop[]): Appearance | null {
  const best = crops.filter(({ heightPx }) => heightPx >= MIN_CROP_HEIGHT_PX).sort((a, b) => b.quality - a.quality);
  const [first] = best;
  if (!first) return null;
  const used = best.filter((crop) => crop.modelId === first.modelId && crop.vector.length === first.vector.length).slice(0, MAX_CROPS);
  const sum = new Array<number>(first.vector.length).fill(0);
  for (const { vector } of used) {
    for (const [i, value] of toUnit(vector).entries()) sum[i] = (sum[i] ?? 0) + value;
  }
  return { modelId: first.modelId, vector: toUnit(sum) };
}

/** Whether a similarity or a lead reaches its limit. */
export function reaches(value: number, limit: number): boolean {
  return value >= limit - ROUNDING;
}
