import { Flags } from '@oclif/core';
import { footageFlags } from './list-flags.ts';
import { queueFlag } from './queue-flag.ts';

/** Flags of commands that recognise people and vehicles. */
export const recogniseFlags = {
  ...footageFlags,
  model: Flags.string({ summary: 'Embedding model; by default the most preferred one installed.', helpValue: 'ID' }),
  device: Flags.string({ summary: 'Where the model runs, such as cpu or cuda.', helpValue: 'NAME' }),
  queue: queueFlag(),
};
