import { Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';
import type { ListFormat } from './print-list.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';

const LIST = 'LIST';
const FORMAT = 'FORMAT';
const DEFAULT_LIMIT = 50;

const commaList = Flags.custom<string[]>({
  parse: (text) =>
    Promise.resolve(
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
});

/** Flags of every list: how many rows, which columns, which format. */
export const listFlags = {
  sort: Flags.string({ summary: 'Column to sort by, with :desc for the other direction.', helpValue: 'COLUMN[:desc]', helpGroup: LIST }),
  limit: Flags.integer({
    summary: 'At most this many rows, 0 for all.',
    default: DEFAULT_LIMIT,
    min: 0,
    max: LARGEST_INTEGER,
    helpGroup: LIST,
  }),
  columns: commaList({ summary: 'Columns to show, separated by commas.', helpValue: 'A,B', helpGroup: FORMAT }),
  ndjson: Flags.boolean({
    summary: 'One JSON object per line, then a summary line.',
    helpGroup: FORMAT,
    exclusive: ['json', 'csv', 'ids'],
  }),
  csv: Flags.boolean({ summary: 'CSV with a header.', helpGroup: FORMAT, exclusive: ['json', 'ndjson', 'ids'] }),
  ids: Flags.boolean({ summary: 'Only the ids, one per line.', helpGroup: FORMAT, exclusive: ['json', 'ndjson', 'csv'] }),
};

/** For lists of things that have a footage time and a camera. */
export const footageFlags = {
  since: Flags.string({
    summary: 'From this footage time on: ISO 8601, or 7d, 12h, 30m before the newest footage.',
    helpValue: 'TIME',
    helpGroup: LIST,
  }),
  until: Flags.string({ summary: 'Up to this footage time.', helpValue: 'TIME', helpGroup: LIST }),
  camera: Flags.string({
    summary: 'Only this camera; may be repeated and may hold * and ?.',
    multiple: true,
    helpValue: 'ID',
    helpGroup: LIST,
  }),
};

/** For lists of what hs did. */
export const wallFlags = {
  since: Flags.string({
    summary: 'From this time on: ISO 8601, UTC without an offset, or 7d, 12h, 30m before now.',
    helpValue: 'TIME',
    helpGroup: LIST,
  }),
  until: Flags.string({ summary: 'Up to this time.', helpValue: 'TIME', helpGroup: LIST }),
};

type FormatFlags = { json?: boolean; ndjson?: boolean; csv?: boolean; ids?: boolean };

export function listFormat(flags: FormatFlags): ListFormat {
  const chosen = (['json', 'ndjson', 'csv', 'ids'] as const).find((name) => flags[name] === true);
  return chosen ?? 'table';
}

export type SortOrder<Field extends string> = { field: Field; descending: boolean };

/** Reads `--sort field[:desc|:asc]`. Throws `UsageError` for a field the list cannot be sorted by. */
export function parseSort<Field extends string>(
  text: string | undefined,
  fields: readonly Field[],
  fallback: SortOrder<Field>,
): SortOrder<Field> {
  if (text === undefined) return fallback;
  const [name = '', direction = 'asc', ...rest] = text.split(':');
  const field = fields.find((known) => known === name);
  const isDirection = direction === 'asc' || direction === 'desc';
  if (field !== undefined && isDirection && rest.length === 0) return { field, descending: direction === 'desc' };
  const meant = field === undefined ? nearestName(name, fields) : undefined;
  throw new UsageError(`--sort ${JSON.stringify(text)} is not a sort order of this list`, {
    hint: `${meant === undefined ? '' : `did you mean ${meant}? `}use one of ${fields.join(', ')}, with :desc for the other direction`,
  });
}
