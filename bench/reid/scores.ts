/** Something with a known identity. `group`: things of one group are never compared, as they are too close in time to prove anything. */
export type Labelled = { id: number; atMs: number; vector: ArrayLike<number> };

export type Scores = {
  items: number;
  identities: number;
  auc: number;
  rank1: number;
  queries: number;
  /** Mean cosine of pairs of one person, and of two. */
  same: number;
  different: number;
  pairs: { similarity: number; isSame: boolean }[];
};

/** Area under the ROC curve over all pairs, and how often the most alike of the others is the same person. */
export function scoresOf(items: readonly Labelled[], minGapMs: number): Scores {
  const pairs = pairsOf(items, minGapMs);
  const { hits, queries } = rankOne(items, minGapMs);
  const mean = (isSame: boolean): number => {
    const chosen = pairs.filter((pair) => pair.isSame === isSame);
    return chosen.reduce((sum, { similarity }) => sum + similarity, 0) / chosen.length;
  };
  return {
    items: items.length,
    identities: new Set(items.map(({ id }) => id)).size,
    auc: areaUnderCurve(pairs),
    rank1: hits / queries,
    queries,
    same: mean(true),
    different: mean(false),
    pairs,
  };
}

function pairsOf(items: readonly Labelled[], minGapMs: number): Scores['pairs'] {
  return items.flatMap((a, index) =>
    items
      .slice(index + 1)
      .filter((b) => a.id !== b.id || Math.abs(a.atMs - b.atMs) >= minGapMs)
      .map((b) => ({ similarity: cosine(a.vector, b.vector), isSame: a.id === b.id })),
  );
}

/** The chance that a pair of one person is more alike than a pair of two; ties count half. */
export function areaUnderCurve(pairs: Scores['pairs']): number {
  const sorted = pairs.toSorted((a, b) => a.similarity - b.similarity);
  let rankSum = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]?.similarity === sorted[start]?.similarity) end += 1;
    const rank = (start + end + 1) / 2;
    rankSum += rank * sorted.slice(start, end).filter(({ isSame }) => isSame).length;
    start = end;
  }
  const same = pairs.filter(({ isSame }) => isSame).length;
  return (rankSum - (same * (same + 1)) / 2) / (same * (pairs.length - same));
}

function rankOne(items: readonly Labelled[], minGapMs: number): { hits: number; queries: number } {
  let [hits, queries] = [0, 0];
  for (const query of items) {
    const gallery = items.filter((item) => Math.abs(item.atMs - query.atMs) >= minGapMs);
    if (!gallery.some(({ id }) => id === query.id)) continue;
    queries += 1;
    const best = gallery.reduce((a, b) => (cosine(query.vector, b.vector) > cosine(query.vector, a.vector) ? b : a));
    if (best.id === query.id) hits += 1;
  }
  return { hits, queries };
}

/** Vectors have length 1. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
