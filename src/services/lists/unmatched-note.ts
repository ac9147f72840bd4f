import type { Knex } from 'knex';
import { findUnmatchedWords, listWords, type WordColumn } from '../../db/queries/unmatched-words.ts';
import { nearestName } from '../../lib/nearest-name.ts';

type UnmatchedNoteOptions = {
  column: WordColumn;
  words: readonly string[] | undefined;
  /** Of the filter, e.g. `--type`. */
  flag: string;
};

const WORDS_SHOWN = 12;

/** A remark on words of a filter that no row has, so that a misspelt one does not look like an empty store; undefined without such. */
export async function unmatchedNote(knex: Knex, { column, words, flag }: UnmatchedNoteOptions): Promise<string | undefined> {
  if (words === undefined || words.length === 0) return undefined;
  const unmatched = await findUnmatchedWords(knex, column, words);
  if (unmatched.length === 0) return undefined;
  const known = await listWords(knex, column, WORDS_SHOWN);
  const meant = unmatched.flatMap((word) => nearestName(word, known) ?? []);
  const there = known.length === 0 ? 'there are none yet' : `there are: ${known.join(', ')}`;
  return `${flag}: nothing has ${unmatched.join(', ')}; ${meant.length === 0 ? there : `did you mean ${meant.join(', ')}?`}`;
}
