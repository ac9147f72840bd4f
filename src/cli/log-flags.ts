import { Flags } from '@oclif/core';
import { wordsFlag } from './choice-flag.ts';
import { footageFlags } from './list-flags.ts';

/** Filters of the application log. */
export const logFlags = {
  level: Flags.string({
    summary: 'Only lines of this level and above: debug, info, warning, error, critical.',
    helpValue: 'LEVEL',
    helpGroup: 'FILTER',
  }),
  component: wordsFlag('Only lines of these parts of hs, such as ingest,export.'),
  camera: footageFlags.camera,
  run: Flags.string({ summary: 'Only lines of this run.', helpValue: 'ID', helpGroup: 'FILTER' }),
};
