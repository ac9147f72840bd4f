import { extname } from 'node:path';
import { Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';
import { counted } from '../lib/counted.ts';
import type { ProgressLine } from './progress-line.ts';
import { queueFlag } from './queue-flag.ts';
import { writeOut } from './write-out.ts';

const OUTPUT = 'OUTPUT';
const FORMATS = ['html', 'text', 'json'] as const;
type ReportFormat = (typeof FORMATS)[number];

/** Flags of every report. */
export const reportFlags = {
  format: Flags.option({ summary: 'By default told from the name of the file; text without one.', options: FORMATS, helpGroup: OUTPUT })(),
  out: Flags.string({
    summary: 'File (.html, .json, .txt), folder, or - for standard output, which is the default.',
    helpValue: 'FILE',
    helpGroup: OUTPUT,
  }),
  queue: queueFlag({ dependsOn: ['out'] }),
  thumbnails: Flags.boolean({
    summary: 'Pictures of the most urgent events in a page, cut from their footage.',
    default: true,
    allowNo: true,
    helpGroup: OUTPUT,
  }),
  'fail-on-empty': Flags.boolean({
    summary: 'End with code 4 when there is no footage of that time and nothing happened.',
    default: false,
    helpGroup: OUTPUT,
  }),
};

/** Flags of reports of several cameras. */
export const dateReportFlags = {
  ...reportFlags,
  camera: Flags.string({ summary: 'Only this camera; may be repeated and may hold * and ?.', multiple: true, helpValue: 'ID' }),
};

const FORMAT_OF_SUFFIX: Readonly<Record<string, ReportFormat>> = { '.html': 'html', '.htm': 'html', '.json': 'json', '.txt': 'text' };

export type ReportFlags = {
  format?: ReportFormat | undefined;
  out?: string | undefined;
  thumbnails: boolean;
  json?: boolean;
  'fail-on-empty': boolean;
};

/** What the flags ask for. Throws a usage error for a file whose name tells no format. */
export function toReportOutput(flags: ReportFlags) {
  return { format: formatOf(flags), out: flags.out ?? '-', withPictures: flags.thumbnails, folder: process.cwd(), writeOut };
}

/** A folder gets pages. */
function formatOf({ format, out, json }: ReportFlags): ReportFormat {
  if (format !== undefined) return format;
  if (out === undefined || out === '-') return json === true ? 'json' : 'text';
  const suffix = extname(out).toLowerCase();
  if (suffix === '') return 'html';
  const named = FORMAT_OF_SUFFIX[suffix];
  if (named !== undefined) return named;
  throw new UsageError(`--out ${JSON.stringify(out)}: a report is .html, .json or .txt`, { hint: 'or say --format' });
}

/** Shows how far the pictures are. */
export function pictureProgress(line: ProgressLine): (done: number, of: number) => void {
  return (done, of) => {
    line.update(`pictures ${String(done)} of ${String(of)}`);
  };
}

/** "report of 12 events with 8 pictures": what a report says when it is written. */
export function reportWritten({ events, pictures }: { events: number; pictures: number }): string {
  return `report of ${counted(events, 'event')}${pictures === 0 ? '' : ` with ${counted(pictures, 'picture')}`} written`;
}
