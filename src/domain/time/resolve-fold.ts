/** A recording of one camera: decided, or one whose local time occurs twice. `key` is any unique name; instants in ms. */
export type FoldFile = { key: string; durationMs: number } & ({ startMs: number } | { candidates: readonly [early: number, late: number] });

export type FoldResult = { startMs: number; ambiguous: boolean };

/** Recordings touch when the later begins so soon after the end of the earlier … */
const TOUCH_MS = 10_000;
/** … or so little before it. */
const OVERLAP_MS = 2_000;

type Open = { key: string; candidates: readonly [number, number]; durationMs: number; supported: [boolean, boolean] };
type Interval = { startMs: number; endMs: number };
type Edge = { atMs: number; open: Open; which: 0 | 1 };

/**
 * Decides repeated hours by the neighbours of a file (§1.4), in rounds: what one round decided is evidence in the next.
 * Answers for every file that had candidates; the order of `files` does not matter.
 */
export function resolveFold(files: readonly FoldFile[]): Map<string, FoldResult> {
  const open = new Map<string, Open>();
  let evidence: Interval[] = [];
  for (const file of files) {
    if ('candidates' in file) open.set(file.key, { ...file, supported: [false, false] });
    else evidence.push({ startMs: file.startMs, endMs: file.startMs + file.durationMs });
  }
  const results = new Map<string, FoldResult>();
  for (const { key, candidates } of open.values()) results.set(key, { startMs: candidates[0], ambiguous: true });
  const starts = sortedEdges(open.values(), 'start');
  const ends = sortedEdges(open.values(), 'end');
  // A file that earlier rounds left open found no support there, so only what the last round decided can be new evidence.
  while (evidence.length > 0 && open.size > 0) {
    for (const neighbour of evidence) {
      support(starts, neighbour.endMs - OVERLAP_MS, neighbour.endMs + TOUCH_MS);
      support(ends, neighbour.startMs - TOUCH_MS, neighbour.startMs + OVERLAP_MS);
    }
    evidence = decideSupported(open, results);
  }
  return results;
}

function decideSupported(open: Map<string, Open>, results: Map<string, FoldResult>): Interval[] {
  const decided: Interval[] = [];
  for (const file of [...open.values()]) {
    const [early, late] = file.supported;
    if (!early && !late) continue;
    open.delete(file.key);
    if (early && late) continue;
    const startMs = file.candidates[early ? 0 : 1];
    results.set(file.key, { startMs, ambiguous: false });
    decided.push({ startMs, endMs: startMs + file.durationMs });
  }
  return decided;
}

function sortedEdges(files: Iterable<Open>, side: 'start' | 'end'): Edge[] {
  const edges: Edge[] = [];
  for (const open of files) {
    const shiftMs = side === 'start' ? 0 : open.durationMs;
    edges.push({ atMs: open.candidates[0] + shiftMs, open, which: 0 }, { atMs: open.candidates[1] + shiftMs, open, which: 1 });
  }
  return edges.sort((a, b) => a.atMs - b.atMs);
}

/** Marks the candidates whose edge lies in the closed interval. Those of decided files may be marked too; nobody reads that. */
function support(edges: readonly Edge[], fromMs: number, toMs: number): void {
  for (let index = firstAtOrAfter(edges, fromMs); index < edges.length; index++) {
    const edge = edges[index];
    if (!edge || edge.atMs > toMs) return;
    edge.open.supported[edge.which] = true;
  }
}

function firstAtOrAfter(edges: readonly Edge[], atMs: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle]?.atMs ?? Infinity) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
