/**
 * One part of a pattern. `nextEnd` names, one after another, the positions where the part may end when it begins at `at`:
 * `previous` is -1 for the first answer, then the answer before; -1 means there is no further one.
 */
export type PatternPart = {
  /** Captured under this name; the same name twice must stand for the same text. */
  name?: string;
  nextEnd: (text: string, at: number, previous: number) => number;
  /** The ends after a given one do not depend on where the part began. */
  isRun?: boolean;
};

export type PathPattern = {
  parts: readonly PatternPart[];
  /** Path parts the pattern covers; with `anyDepth` at least so many. */
  depth: number;
  anyDepth: boolean;
};

export type Captures = ReadonlyMap<string, string>;

export type PatternMatch<Accepted> = { accepted: Accepted; depth: number };

export type PatternOutcome<Accepted> = { match?: PatternMatch<Accepted>; steps: number };

/** A real name needs a few hundred steps; only a hostile one gets here, and then counts as not matching. */
export const STEP_LIMIT = 20_000;
/** Dead ends are remembered only once a search has become long: for ordinary names the bookkeeping costs more than it saves. */
const REMEMBER_AFTER_STEPS = 200;

type Search<Accepted> = {
  text: string;
  parts: readonly PatternPart[];
  accept: (captures: Captures) => Accepted | undefined;
  captures: Map<string, string>;
  /** States (part and position) from which nothing follows. */
  deadEnds: Set<number>;
  /** Ends of a run after which neither they nor any longer run lead on; without it two runs in a row cost the square of the length. */
  deadRuns: Set<number>;
  steps: number;
  /** Refusals that depended on what was captured earlier: such a dead end may be a way through elsewhere. */
  captureRefusals: number;
};

/**
 * Matches a pattern against the right end of a '/' separated path, beginning at the start of a path part, by backtracking that remembers dead ends,
 * so that no name makes it slow. `accept` turns the captures into the result or refuses them.
 */
export function matchPath<Accepted>(
  pattern: PathPattern,
  path: string,
  accept: (captures: Captures) => Accepted | undefined,
): PatternOutcome<Accepted> {
  const search: Search<Accepted> = {
    text: path,
    parts: pattern.parts,
    accept,
    captures: new Map(),
    deadEnds: new Set(),
    deadRuns: new Set(),
    steps: 0,
    captureRefusals: 0,
  };
  let start = path.length + 1;
  for (let depth = 1; start > 0 && search.steps < STEP_LIMIT; depth++) {
    start = start < 2 ? 0 : path.lastIndexOf('/', start - 2) + 1;
    if (depth < pattern.depth) continue;
    const accepted = matchFrom(search, 0, start);
    if (accepted !== undefined) return { match: { accepted, depth }, steps: search.steps };
    if (!pattern.anyDepth) break;
  }
  return { steps: search.steps };
}

function matchFrom<Accepted>(search: Search<Accepted>, index: number, at: number): Accepted | undefined {
  const part = search.parts[index];
  if (part === undefined) return finish(search, at);
  const state = stateOf(search, index, at);
  if (search.deadEnds.has(state)) return undefined;
  const refusalsBefore = search.captureRefusals;
  let end = part.nextEnd(search.text, at, -1);
  while (end !== -1 && search.steps < STEP_LIMIT && !search.deadRuns.has(stateOf(search, index, end))) {
    search.steps++;
    const accepted = matchWith(search, { index, at, end });
    if (accepted !== undefined) return accepted;
    end = part.nextEnd(search.text, at, end);
  }
  const isDead = search.captureRefusals === refusalsBefore && search.steps < STEP_LIMIT;
  if (isDead && search.steps > REMEMBER_AFTER_STEPS) remember(search, index, at);
  return undefined;
}

function remember<Accepted>(search: Search<Accepted>, index: number, at: number): void {
  search.deadEnds.add(stateOf(search, index, at));
  const part = search.parts[index];
  if (!part?.isRun) return;
  let end = part.nextEnd(search.text, at, -1);
  while (end !== -1 && !search.deadRuns.has(stateOf(search, index, end))) {
    search.deadRuns.add(stateOf(search, index, end));
    end = part.nextEnd(search.text, at, end);
  }
}

function stateOf<Accepted>(search: Search<Accepted>, index: number, at: number): number {
  return index * (search.text.length + 1) + at;
}

function matchWith<Accepted>(
  search: Search<Accepted>,
  { index, at, end }: { index: number; at: number; end: number },
): Accepted | undefined {
  const name = search.parts[index]?.name;
  if (name === undefined) return matchFrom(search, index + 1, end);
  const value = search.text.slice(at, end);
  const earlier = search.captures.get(name);
  if (earlier !== undefined) {
    if (earlier.toLowerCase() === value.toLowerCase()) return matchFrom(search, index + 1, end);
    search.captureRefusals++;
    return undefined;
  }
  search.captures.set(name, value);
  const accepted = matchFrom(search, index + 1, end);
  if (accepted === undefined) search.captures.delete(name);
  return accepted;
}

function finish<Accepted>(search: Search<Accepted>, at: number): Accepted | undefined {
  if (at !== search.text.length) return undefined;
  const accepted = search.accept(search.captures);
  if (accepted === undefined) search.captureRefusals++;
  return accepted;
}
