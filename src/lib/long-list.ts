import { randomBytes } from 'node:crypto';
import { createReadStream, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type LongList<T> = {
  add: (item: T) => void;
  count: () => number;
  /** The oldest ones, those in memory. */
  first: () => readonly T[];
  /** All of them, oldest first; of a list that is not `complete` the first only. */
  all: () => AsyncGenerator<T>;
  /** Why some are missing. */
  lost: () => Error | undefined;
};

type LongListOptions = {
  /** So many stay in memory. */
  kept: number;
  /** Whether the others are wanted back, or just counted. */
  complete: boolean;
};

const SPILL_BYTES = 64 * 1024;

/**
 * A list of plain objects in bounded memory: what is too much for it waits in a file without a name, which goes with the process. A file that
 * cannot be written loses items and stops nobody: `lost` tells.
 */
export function createLongList<T extends object>({ kept, complete }: LongListOptions): LongList<T> {
  const first: T[] = [];
  let count = 0;
  let spill: Spill | undefined;
  return {
    add(item) {
      count += 1;
      if (first.length < kept) first.push(item);
      else if (complete) (spill ??= createSpill()).add(toLine(item));
    },
    count: () => count,
    first: () => first,
    async *all() {
      yield* first;
      for await (const line of spill?.lines() ?? []) yield JSON.parse(line) as T;
    },
    lost: () => spill?.trouble(),
  };
}

/** Without the line separators that JSON leaves as they are and readline ends a line at. */
function toLine(item: object): string {
  return JSON.stringify(item).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

type Spill = { add: (line: string) => void; lines: () => AsyncIterable<string>; trouble: () => Error | undefined };

function createSpill(): Spill {
  let file: number | undefined;
  let waiting = '';
  let trouble: Error | undefined;
  let writtenBytes = 0;
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = '';
    if (trouble !== undefined || bytes.length === 0) return;
    try {
      file ??= openNameless();
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, writtenBytes + at);
      writtenBytes += bytes.length;
    } catch (error) {
      trouble = error as Error;
    }
  };
  return {
    add(line) {
      waiting += `${line}\n`;
      if (waiting.length >= SPILL_BYTES) flush();
    },
    async *lines() {
      flush();
      if (file === undefined || writtenBytes === 0) return;
      yield* createInterface({
        input: createReadStream('', { fd: file, start: 0, end: writtenBytes - 1, autoClose: false }),
        crlfDelay: Infinity,
      });
    },
    trouble: () => trouble,
  };
}

/** Nobody else can open it, and nothing of it is left when this process ends, however it ends. */
function openNameless(): number {
  const path = join(tmpdir(), `hs-${randomBytes(8).toString('hex')}.tmp`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
