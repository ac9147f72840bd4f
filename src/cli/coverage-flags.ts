import { Flags } from '@oclif/core';

import { EXIT } from '../errors/exit-codes.ts';
import { footageFlags, listFlags } from './list-flags.ts';
import { asOfFlag, durationFlag } from './moment-flags.ts';

export const coverageFlags = {
  columns: listFlags.columns,
  ndjson: listFlags.ndjson,
  csv: listFlags.csv,
  ...footageFlags,
  'as-of': asOfFlag('What the age of the last footage is counted to; by default the newest footage of all cameras.'),
  'min-gap': durationFlag('Shorter pauses are no holes.'),
  holes: Flags.boolean({ summary: 'List the holes.', default: false, exclusive: ['matrix'] }),
  matrix: Flags.boolean({ summary: 'Hours of footage of each camera on each day.', default: false }),
  out: Flags.string({
    summary: 'Write a drawing of cameras and days; the name ends in .svg or .png.',
    helpValue: 'FILE',
    exclusive: ['csv', 'ndjson', 'json', 'columns', 'holes', 'matrix'],
  }),
  'fail-on': Flags.string({ summary: `End with ${String(EXIT.findings)} when there is a hole.`, options: ['gap'] }),
};
