import { Flags } from '@oclif/core';

import { UsageError } from '../errors/hs-error.ts';
import { footageFlags, listFlags } from './list-flags.ts';

const NO_METRICS = ['by', 'since', 'until', 'camera', 'columns', 'csv', 'ndjson', 'json', 'fail-on-empty'];

/** Flags of `hs stats` beside what it is put together by. */
export const statsFlags = {
  ...footageFlags,
  columns: listFlags.columns,
  ndjson: listFlags.ndjson,
  csv: listFlags.csv,
  'fail-on-empty': Flags.boolean({ summary: 'End with code 4 when there is nothing to count.' }),
  prometheus: Flags.boolean({ summary: "Print everything in Prometheus' text format.", exclusive: NO_METRICS }),
  out: Flags.string({
    summary:
      'With --by write a drawing, .svg or .png; with --prometheus the text, at once for a textfile collector. A new file is yours alone, one that is there keeps its mode and group: chmod 644 it once for a collector of another user.',
    helpValue: 'FILE',
    exclusive: ['csv', 'ndjson', 'json', 'columns'],
  }),
};

export function assertOutFits({ out, by, prometheus }: { out?: string | undefined; by?: string | undefined; prometheus: boolean }): void {
  if (out === undefined || by !== undefined || prometheus) return;
  throw new UsageError('--out needs something to draw or to write', { hint: 'add --by day, --by hour or another, or --prometheus' });
}
