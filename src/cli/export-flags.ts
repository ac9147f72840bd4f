import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { listFlags } from './list-flags.ts';
import { UsageError } from '../errors/hs-error.ts';
import { counted } from '../lib/counted.ts';
import { queueFlag } from './queue-flag.ts';

const OUTPUT = 'OUTPUT';

/** Flags of every export beside its filters. */
export const plainExportFlags = {
  queue: queueFlag(),
  format: Flags.option({
    summary: 'Format of the file; zip holds the CSV and a manifest with its sha256.',
    options: ['csv', 'excel', 'json', 'ndjson', 'zip'] as const,
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

/** The same for what was seen in pictures. */
export const exportFlags = {
  ...plainExportFlags,
  thumbnails: Flags.boolean({
    summary: 'Pictures of what was seen beside the first 500 rows of an Excel file.',
    default: false,
    helpGroup: OUTPUT,
  }),
};

/** Formats of detections, and what goes with those of boxes. */
export const boxExportFlags = {
  ...exportFlags,
  format: Flags.option({
    summary: 'Format of the file; zip holds the CSV and a manifest; coco and megadetector are JSON for tools of computer vision.',
    options: ['csv', 'excel', 'json', 'ndjson', 'zip', 'coco', 'megadetector'] as const,
    default: 'csv',
    helpGroup: OUTPUT,
  })(),
  root: Flags.string({
    summary: 'Folder that file names in coco and megadetector begin at; by default the longest that all files lie in.',
    helpValue: 'FOLDER',
    helpGroup: OUTPUT,
  }),
};

type BoxFlags = { format: string; columns?: readonly string[] | undefined; root?: string | undefined };

/** The folder of `--root` with links resolved, as paths of footage are stored. Throws a usage error for a flag that the format has no use for. */
export async function checkBoxFlags({ format, columns, root }: BoxFlags): Promise<string | undefined> {
  const isBoxes = format === 'coco' || format === 'megadetector';
  if (root !== undefined && !isBoxes) throw new UsageError('--root goes with --format coco and megadetector only');
  if (columns !== undefined && columns.length > 0 && isBoxes) throw new UsageError(`--columns does not go with --format ${format}`);
  if (root === undefined) return undefined;
  // It need not be here any more: the footage may lie on a disk that is away.
  return realpath(root).catch(() => resolve(root));
}

/** "3 events written": what an export says when it is done. */
export function writtenText(rows: number, noun: string): string {
  return `${counted(rows, noun)} written`;
}

/** Pictures need a workbook to lie in and the id to find them by. Throws a usage error. */
export function checkThumbnails(format: string, columns: readonly string[] | undefined): void {
  if (format !== 'excel') throw new UsageError('--thumbnails goes with --format excel only');
  if (columns !== undefined && columns.length > 0 && !columns.includes('id')) {
    throw new UsageError('--thumbnails needs the column id', { hint: 'add id to --columns' });
  }
}

/** Shows how far an export is. */
export function exportProgress(line: { update: (text: string) => void }): (percent: number, step: string | undefined) => void {
  return (percent, step) => {
    line.update(`export ${String(percent)} % · ${step ?? ''}`);
  };
}
