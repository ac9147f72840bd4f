import { sleep } from '../../lib/sleep.ts';

type Followed<Id> = { id: Id; timestamp: Date };

type FollowRowsOptions<Id, Row> = {
  /** What was shown already, oldest first. */
  shown: readonly Row[];
  /** Rows whose id is greater, by id; undefined: all. */
  fetchAfter: (id: Id | undefined) => Promise<Row[]>;
  /** Asked before each look; true makes that look the last one. */
  isOver?: () => Promise<boolean>;
  signal: AbortSignal;
  pollMs?: number;
};

const POLL_MS = 500;
/** Ids are given before a transaction commits, so a smaller one may show up after a greater one. */
const LATE_MS = 10_000;

/** Rows as they are added, each once, until the signal aborts. */
export async function* followRows<Id extends number | string, Row extends Followed<Id>>(
  options: FollowRowsOptions<Id, Row>,
): AsyncGenerator<Row> {
  const { shown, fetchAfter, isOver, signal, pollMs = POLL_MS } = options;
  const seenAtMs = new Map(shown.map((row): [Id, number] => [row.id, row.timestamp.getTime()]));
  let floor = [...seenAtMs.keys()].reduce<Id | undefined>((least, id) => (least === undefined || id < least ? id : least), undefined);
  while (!signal.aborted) {
    floor = settle(seenAtMs, floor);
    const isLast = (await isOver?.()) ?? false;
    for (const row of await fetchAfter(floor)) {
      if (seenAtMs.has(row.id)) continue;
      seenAtMs.set(row.id, Date.now());
      yield row;
    }
    if (isLast) return;
    await sleep(pollMs, signal);
  }
}

/** The greatest id below which nothing is expected any more; what lies below it is forgotten. */
function settle<Id extends number | string>(seenAtMs: Map<Id, number>, floor: Id | undefined): Id | undefined {
  const oldEnoughMs = Date.now() - LATE_MS;
  let greatest = floor;
  for (const [id, atMs] of seenAtMs) if (atMs <= oldEnoughMs && (greatest === undefined || id > greatest)) greatest = id;
  if (greatest !== undefined) for (const id of seenAtMs.keys()) if (id <= greatest) seenAtMs.delete(id);
  return greatest;
}
