import { Flags } from '@oclif/core';

/** Flags of the commands that change what people decide about an event. */
export const reviewFlags = {
  expect: Flags.integer({
    summary: 'Only if the event still has this version, as `hs events show` tells it.',
    helpValue: 'VERSION',
    min: 1,
  }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};
