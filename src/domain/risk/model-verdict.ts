import type { RuleVerdict } from './rule-verdict.ts';

/** What a language model says of an event; the level follows from the score. */
export type ModelVerdict = Omit<RuleVerdict, 'level' | 'factors'> & {
  /** The text it was asked. */
  prompt: string;
  promptVersion: number | null;
};
