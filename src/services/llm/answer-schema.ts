import { z } from 'zod';
import {
  ANSWER_ENTITY_TYPES,
  ANSWER_FLAG_SEVERITIES,
  ANSWER_LIMITS as LIMITS,
  ANSWER_THREAT_LEVELS,
  DETECTION_QUALITIES,
  ENRICHMENT_COVERAGES,
  WEATHER_IMPACTS,
  type LlmAnswer,
} from '../../domain/llm/answer.ts';
import { findJsonObjects, withoutThinking } from '../../domain/llm/find-json.ts';
import { inventedEntities, type Supported } from '../../domain/llm/violations.ts';

/** In characters as people count them. NUL and halves of pairs cannot be stored. */
const text = (longest: number, shortest = 0) =>
  z.string().refine((value) => Array.from(value).length <= longest && value.trim().length >= shortest && !/[\0\p{Cs}]/u.test(value), {
    error: `must have ${String(shortest)} to ${String(longest)} characters`,
  });

const answerSchema = z.object({
  risk_score: z.int().min(0).max(100),
  summary: text(LIMITS.summary, 1),
  reasoning: text(LIMITS.reasoning, 1),
  entities: z
    .array(
      z.object({
        type: z.enum(ANSWER_ENTITY_TYPES),
        description: text(LIMITS.description),
        threat_level: z.enum(ANSWER_THREAT_LEVELS),
      }),
    )
    .max(LIMITS.entities),
  flags: z
    .array(z.object({ type: text(LIMITS.flagType, 1), description: text(LIMITS.description), severity: z.enum(ANSWER_FLAG_SEVERITIES) }))
    .max(LIMITS.flags),
  recommended_action: text(LIMITS.recommendedAction),
  confidence_factors: z.object({
    detection_quality: z.enum(DETECTION_QUALITIES),
    weather_impact: z.enum(WEATHER_IMPACTS),
    enrichment_coverage: z.enum(ENRICHMENT_COVERAGES),
  }),
});

/**
 * What servers hold models to: the structure. Lengths of texts are left to the check of the answer, because servers that build a
 * grammar from the schema refuse long repetitions.
 */
export const ANSWER_JSON_SCHEMA: { name: string; jsonSchema: Record<string, unknown> } = {
  name: 'event_risk',
  jsonSchema: withoutMark(z.toJSONSchema(answerSchema)),
};

export type ParsedAnswer = { ok: true; answer: LlmAnswer } | { ok: false; problems: string[] };

/** The first complete JSON object in the text that satisfies the schema and invents nothing. Nothing is clamped or guessed. */
export function parseAnswer(reply: string, supported: Supported): ParsedAnswer {
  let problems: string[] | undefined;
  for (const found of findJsonObjects(withoutThinking(reply))) {
    const parsed = answerSchema.safeParse(found);
    if (parsed.success) {
      const invented = inventedEntities(parsed.data, supported);
      if (invented.length === 0) return { ok: true, answer: parsed.data };
      return { ok: false, problems: invented.map((type) => `entities: ${type} was not detected`) };
    }
    problems ??= parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'answer'}: ${message}`);
  }
  return { ok: false, problems: problems ?? ['there is no complete JSON object in the answer'] };
}

function withoutMark(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}
