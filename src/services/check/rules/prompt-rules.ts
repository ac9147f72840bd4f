import type { Knex } from 'knex';

import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import {
  findWrongPromptVersions,
  findWrongRates,
  repairRates,
  streamAdviceTexts,
  streamConfigTexts,
  type JsonTextRow,
} from '../../../db/queries/check/prompts.ts';
import { PROMPT_CONFIG_MODELS } from '../../../domain/enums.ts';
import { toVersionModel } from '../../../domain/prompt-version.ts';
import type { CheckRule } from '../check-rule.ts';

type TextKind = { stream: (knex: Knex) => AsyncIterable<JsonTextRow>; is: (value: unknown) => boolean; called: string };

const TEXTS: readonly TextKind[] = [
  {
    stream: streamConfigTexts,
    is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    called: 'a JSON object',
  },
  { stream: streamAdviceTexts, is: Array.isArray, called: 'a JSON array' },
];

const findOddJson: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for (const { stream, is, called } of TEXTS) {
    for await (const { place, text } of stream(knex)) {
      if (!is(parsed(text))) broken.add({ where: place, text: `is not ${called}` });
    }
  }
  return broken;
};

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

export const PROMPT_RULES: readonly CheckRule[] = [
  {
    id: 'Q1',
    severity: 'E',
    title: 'The version of a prompt is the highest one of its history, and that one is active.',
    why: 'The history says with which words an event was analyzed.',
    find: findWrongPromptVersions(PROMPT_CONFIG_MODELS.map((model) => [model, toVersionModel(model)] as const)),
  },
  {
    id: 'Q2',
    severity: 'E',
    title: 'Every stored prompt configuration is a JSON object, and every advice of an audit a JSON array.',
    why: 'They are text to the database: what cannot be read cannot be rolled back to.',
    find: findOddJson,
  },
  {
    id: 'Q3',
    severity: 'W',
    title: 'The false-positive rate of a camera is its false positives out of all feedback.',
    why: 'Calibration goes by it.',
    find: findWrongRates,
    fix: { does: 'computes the rate anew', run: repairRates },
  },
];
