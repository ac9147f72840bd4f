import { Args, Flags } from '@oclif/core';

export const promptModelArg = Args.string({ description: 'model, such as nemotron', required: true });

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
