import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';

export const promptModelArg = Args.string({ description: 'model, such as nemotron', required: true });

/** A version as an argument; oclif's own kind takes what is none for an error of ours. */
export const versionArg = Args.custom<number>({
  parse: (given) => {
    const version = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
    if (version <= LARGEST_INTEGER) return Promise.resolve(version);
    throw new UsageError(`${JSON.stringify(given)} is not a version: a whole number from 0 on is`, {
      hint: 'hs prompts history lists them',
    });
  },
});

/** What may be set of a prompt. */
export const promptContentFlags = {
  file: Flags.string({
    summary: 'File with the text, or a JSON object with the keys of the model; - for standard input.',
    helpValue: 'FILE',
  }),
  temperature: Flags.string({ summary: 'From 0 (always the same answer) to 2.', helpValue: 'NUMBER' }),
  'max-tokens': Flags.integer({ summary: 'Longest answer in tokens, 100 to 8192.' }),
};

export const expectFlag = Flags.integer({
  summary: 'Version that must be active, 0 for none of your own; otherwise nothing is changed.',
  min: 0,
  helpValue: 'VERSION',
});

export const dryRunFlag = Flags.boolean({ summary: 'Say what would change and change nothing.', default: false });

/** Of flags that take fractions. NaN for what is no number: the check of the value refuses it. */
export function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.trim() === '' ? Number.NaN : Number(text);
}
