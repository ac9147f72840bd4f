import { createHash } from 'node:crypto';

const DEDUP_VARIABLES = ['camera_id', 'rule_id', 'object_type', 'zone_id', 'sequence_id'] as const;

/** What an alert is about; null stands for "there is none". */
export type DedupValues = Readonly<
  { camera_id: string; rule_id: string } & Partial<Record<(typeof DEDUP_VARIABLES)[number], string | null | undefined>>
>;

const VARIABLE = /\{([^{}]*)\}/g;
/** Of the column, in characters. */
const MAX_LENGTH = 255;
const KEPT_LENGTH = 200;
const HASH_DIGITS = 16;

/** Names in braces that no alert has a value for; a template with one is refused on input. */
export function unknownDedupVariables(template: string): string[] {
  const names = [...template.matchAll(VARIABLE)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !isVariable(name));
}

/**
 * Alerts of a rule with the same key are repetitions of one another. Characters other than letters, digits and `_ : -` become
 * `_`, a missing value becomes `none`; a key too long to store keeps its begin and a hash of all of it. Throws RangeError for an
 * unknown variable and for a template that leaves nothing.
 */
export function fillDedupKey(template: string, values: DedupValues): string {
  const filled = template.replace(VARIABLE, (_, name: string) => {
    if (!isVariable(name)) throw new RangeError(`a dedup key has no variable ${JSON.stringify(name)}`);
    return values[name] ?? 'none';
  });
  const key = filled.replace(/[^\p{L}\p{Nd}_:-]/gu, '_');
  if (key === '') throw new RangeError('a dedup key must not be empty');
  return fitColumn(key);
}

function isVariable(name: string): name is (typeof DEDUP_VARIABLES)[number] {
  return (DEDUP_VARIABLES as readonly string[]).includes(name);
}

function fitColumn(key: string): string {
  const characters = Array.from(key);
  if (characters.length <= MAX_LENGTH) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, HASH_DIGITS);
  return `${characters.slice(0, KEPT_LENGTH).join('')}:${hash}`;
}
