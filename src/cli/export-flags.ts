import { Flags } from '@oclif/core';
import { listFlags } from './list-flags.ts';
import { counted } from '../lib/counted.ts';

const OUTPUT = 'OUTPUT';

/** Flags of every export beside its filters. */
export const exportFlags = {
  format: Flags.option({
    summary: 'Format of the file.',
    options: ['csv', 'json', 'ndjson'] as const,
    default: 'csv',
    helpGroup: OUTPUT,
  })(),
  out: Flags.string({
    summary: 'File, folder, or - for standard output; by default a new file in the current folder.',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
  }),
  ids: Flags.string({
    summary: 'Only these ids, separated by commas; - reads them from standard input.',
    helpValue: 'IDS',
    helpGroup: 'FILTER',
  }),
  columns: listFlags.columns,
  bom: Flags.boolean({ summary: 'Begin CSV with a byte-order mark, as some spreadsheets need.', default: false, helpGroup: OUTPUT }),
  'fail-on-empty': Flags.boolean({ summary: 'End with code 4 when nothing matched.', default: false, helpGroup: OUTPUT }),
};

/** "3 events written": what an export says when it is done. */
export function writtenText(rows: number, noun: string): string {
  return `${counted(rows, noun)} written`;
}
