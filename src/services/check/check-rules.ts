import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import type { CheckRule } from './check-rule.ts';
import { ALERT_RULES } from './rules/alert-rules.ts';
import { DERIVATION_RULES } from './rules/derivation-rules.ts';
import { DETECTION_RULES } from './rules/detection-rules.ts';
import { EVENT_RULES } from './rules/event-rules.ts';
import { IDENTITY_RULES } from './rules/identity-rules.ts';
import { JOB_RULES } from './rules/job-rules.ts';
import { MEDIA_RULES } from './rules/media-rules.ts';
import { PARTITION_RULES } from './rules/partition-rules.ts';
import { PROMPT_RULES } from './rules/prompt-rules.ts';
import { SCHEMA_RULES } from './rules/schema-rules.ts';

/** In the order they are looked at: a fix may put right what a later rule would find. */
export const CHECK_RULES: readonly CheckRule[] = [
  ...SCHEMA_RULES,
  ...PARTITION_RULES,
  ...MEDIA_RULES,
  ...DETECTION_RULES,
  ...EVENT_RULES,
  ...DERIVATION_RULES,
  ...ALERT_RULES,
  ...IDENTITY_RULES,
  ...PROMPT_RULES,
  ...JOB_RULES,
];

/** Same files, settings and model give the same rows in any order, but for this. */
export const ORDER_EXCEPTION =
  'Known to depend on the order in which footage comes, and not checked: a file that was read before the file it continues had come ' +
  'started with an empty background; `hs ingest --redo all` reads it anew.';

/** All rules, or those named by id in any case. Throws a usage error for an id that is none. */
export function chooseRules(ids: readonly string[]): readonly CheckRule[] {
  if (ids.length === 0) return CHECK_RULES;
  const known = CHECK_RULES.map((rule) => rule.id);
  const wanted = ids.map((id) => id.toUpperCase());
  const unknown = wanted.find((id) => !known.includes(id));
  if (unknown === undefined) return CHECK_RULES.filter((rule) => wanted.includes(rule.id));
  const meant = nearestName(unknown, known);
  throw new UsageError(`there is no rule ${JSON.stringify(unknown)}`, {
    hint: meant === undefined ? 'hs check --explain lists all rules' : `did you mean ${meant}? hs check --explain lists all rules`,
  });
}
