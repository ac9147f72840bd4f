import { storable } from './llm/read-reply.ts';

const LONGEST_TEXT = 4_000;
const LONGEST_ITEM = 500;
const MOST_ITEMS = 20;

export const CRITIQUE_SCHEMA = objectSchema({ critique: { type: 'string', minLength: 1, maxLength: LONGEST_TEXT } });

export function readCritique({ critique }: Readonly<Record<string, unknown>>): string | undefined {
  return isText(critique, LONGEST_TEXT) ? storable(critique) : undefined;
}

const SCORES = ['context_usage', 'reasoning_coherence', 'risk_justification', 'actionability'] as const;
const MARK = { type: 'number', minimum: 1, maximum: 5 };

/** 1–5. */
export type Rubric = Record<(typeof SCORES)[number], number>;

export const RUBRIC_SCHEMA = objectSchema(Object.fromEntries(SCORES.map((name) => [name, MARK])));

export function readRubric(candidate: Readonly<Record<string, unknown>>): Rubric | undefined {
  const isMark = (value: unknown): boolean => typeof value === 'number' && value >= 1 && value <= 5;
  return SCORES.every((name) => isMark(candidate[name])) ? (candidate as Rubric) : undefined;
}

export const SCORE_SCHEMA = objectSchema({ risk_score: { type: 'integer', minimum: 0, maximum: 100 } });

export function readScore({ risk_score: score }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof score === 'number' && Number.isInteger(score) && score >= 0 && score <= 100 ? score : undefined;
}

export const ADVICE_LISTS = ['missing_context', 'confusing_sections', 'unused_data', 'format_suggestions', 'model_gaps'] as const;
export type AdviceLists = Record<(typeof ADVICE_LISTS)[number], string[]>;

const LIST = { type: 'array', maxItems: MOST_ITEMS, items: { type: 'string', minLength: 1, maxLength: LONGEST_ITEM } };

export const ADVICE_SCHEMA = objectSchema(Object.fromEntries(ADVICE_LISTS.map((name) => [name, LIST])));

export function readAdvice(candidate: Readonly<Record<string, unknown>>): AdviceLists | undefined {
  const isItem = (item: unknown): boolean => isText(item, LONGEST_ITEM);
  const isList = (value: unknown): value is string[] => Array.isArray(value) && value.length <= MOST_ITEMS && value.every(isItem);
  const lists = ADVICE_LISTS.flatMap((name) => {
    const list = candidate[name];
    return isList(list) ? [[name, list.map(storable)] as const] : [];
  });
  return lists.length === ADVICE_LISTS.length ? (Object.fromEntries(lists) as AdviceLists) : undefined;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest;
}

function objectSchema(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
