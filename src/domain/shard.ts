import { createHash } from 'node:crypto';

/** One of `count` equal parts of the work; `index` counts from 1, as in `--shard 1/3` of test runners. */
export type Shard = { index: number; count: number };

export const MOST_SHARDS = 10_000;

/** Reads `2/4`; undefined for anything that names no part. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  if (index === undefined || count === undefined) return undefined;
  const shard = { index: Number(index), count: Number(count) };
  return shard.index >= 1 && shard.index <= shard.count && shard.count <= MOST_SHARDS ? shard : undefined;
}

export function shardText({ index, count }: Shard): string {
  return `${String(index)}/${String(count)}`;
}

/** Whether what goes by this name falls to this part. The same name falls to the same part on every machine and in every version. */
export function isInShard(name: string, { index, count }: Shard): boolean {
  const hash = createHash('sha256').update(name.normalize('NFC')).digest().readUIntBE(0, 6);
  return hash % count === index - 1;
}
