import { Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';

const FILTER = 'FILTER';

const SEVERAL = { multiple: true, multipleNonGreedy: true, delimiter: ',', helpGroup: FILTER } as const;

/** A filter flag that takes words, in any case, separated by commas or given several times. */
export function wordsFlag(summary: string, helpValue = 'A,B') {
  return Flags.string({ ...SEVERAL, summary, helpValue, parse: (text) => Promise.resolve(text.trim().toLowerCase()) });
}

/** A filter flag that takes names as they are written, separated by commas or given several times. */
export function namesFlag(summary: string, helpValue: string) {
  return Flags.string({ ...SEVERAL, summary, helpValue });
}

/** The same for words out of a list; `toChoices` checks them, as oclif garbles errors that come from a flag's own parser. */
export function choiceFlag(choices: readonly string[], summary: string) {
  return wordsFlag(`${summary} (${choices.join(', ')})`);
}

/** The words of a `choiceFlag`. Throws `UsageError` for one that is not in the list. */
export function toChoices<Choice extends string>(
  flag: string,
  words: readonly string[] | undefined,
  choices: readonly Choice[],
): Choice[] | undefined {
  return words?.map((word) => {
    const found = choices.find((choice) => choice === word);
    if (found !== undefined) return found;
    const meant = nearestName(word, choices);
    const hint = meant === undefined ? {} : { hint: `did you mean ${meant}?` };
    throw new UsageError(`--${flag}: ${JSON.stringify(word)} is not one of ${choices.join(', ')}`, hint);
  });
}

/** Comma-separated words, lower-case. */
export function splitWords(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}
