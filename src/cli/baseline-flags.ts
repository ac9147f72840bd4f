import { Flags } from '@oclif/core';

import { footageFlags, listFlags } from './list-flags.ts';
import { queueFlag } from './queue-flag.ts';

/** Flags of commands that compute baselines. */
export const computeFlags = {
  camera: footageFlags.camera,
  verify: Flags.boolean({ summary: 'Say whether what is stored equals a rebuild to the last bit.', default: false }),
  queue: queueFlag({ exclusive: ['verify'] }),
  columns: listFlags.columns,
  ndjson: listFlags.ndjson,
  csv: listFlags.csv,
};
