import { Flags } from '@oclif/core';
import { FEEDBACK_TYPES, SEVERITIES, type FeedbackType, type Severity } from '../domain/enums.ts';
import { choiceFlag, toChoices } from './choice-flag.ts';

/** What is said about an event. */
export const verdictFlags = {
  type: Flags.string({ summary: `What was wrong or right with it: ${FEEDBACK_TYPES.join(', ')}.`, helpValue: 'TYPE', required: true }),
  expected: Flags.string({
    summary: `With severity_wrong: the level it should have had (${SEVERITIES.join(', ')}).`,
    helpValue: 'LEVEL',
  }),
  note: Flags.string({ summary: 'Why.', helpValue: 'TEXT' }),
};

/** What lists of feedback are narrowed to. */
export const feedbackTypeFlag = { type: choiceFlag(FEEDBACK_TYPES, 'Only feedback of these types.') };

/** The types of `feedbackTypeFlag` as the services take them. */
export function toFeedbackTypes({ type }: { type?: string[] | undefined }): FeedbackType[] | undefined {
  return toChoices('type', type, FEEDBACK_TYPES);
}

type VerdictFlagValues = { type: string; expected?: string | undefined; note?: string | undefined };

/** The verdict of `verdictFlags` as the services take it; words in any case. */
export function toVerdict({ type, expected, note }: VerdictFlagValues): {
  type: FeedbackType;
  expected: Severity | undefined;
  note: string | undefined;
} {
  const [known = 'correct'] = toChoices('type', [type.toLowerCase()], FEEDBACK_TYPES) ?? [];
  const level = toChoices('expected', expected === undefined ? undefined : [expected.toLowerCase()], SEVERITIES);
  return { type: known, expected: level?.[0], note };
}
