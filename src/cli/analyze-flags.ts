import { Flags } from '@oclif/core';
import { footageFlags } from './list-flags.ts';
import { durationFlag } from './moment-flags.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';
import { queueFlag } from './queue-flag.ts';

const STATES = ['pending', 'failed', 'stale', 'all'] as const;

/** Of `hs analyze`: which events, how, how many, and what to say of it. */
export const analyzeFlags = {
  status: Flags.option({ options: STATES, summary: 'Which events; pending unless said otherwise.', exclusive: ['rescore'] })(),
  rescore: Flags.boolean({ summary: 'All events of the footage, also those with a score that holds.' }),
  regroup: Flags.boolean({ summary: 'Form the events of the footage anew first, under the gates and zones of now.' }),
  ...footageFlags,
  llm: Flags.boolean({
    summary: 'Ask the language model; it is asked where one is set up. --no-llm leaves it at the rules.',
    allowNo: true,
  }),
  diff: Flags.boolean({ summary: 'List the events that are rated otherwise than before.' }),
  csv: Flags.boolean({ summary: 'That list as CSV with a header.', dependsOn: ['diff'], exclusive: ['json'] }),
  'max-events': Flags.integer({ summary: 'At most N events, the most urgent ones.', helpValue: 'N', min: 1, max: LARGEST_INTEGER }),
  'max-duration': durationFlag('Begin no more events after this long, such as 30m.'),
  queue: queueFlag({ exclusive: ['dry-run', 'diff'] }),
  'dry-run': Flags.boolean({ summary: 'Say what would be done; write nothing.' }),
};
