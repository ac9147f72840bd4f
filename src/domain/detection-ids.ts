/** Why a part of an id text gave no id, or why the whole was read another way. */
export type DetectionIdProblem = 'malformed_json' | 'not_an_id' | 'out_of_range';

export type ParsedDetectionIds = {
  /** In the order of the text, each once. */
  ids: number[];
  /** How often each problem occurred; no member for one that did not. */
  problems: Partial<Record<DetectionIdProblem, number>>;
};

type Element = { id: number } | { problem: DetectionIdProblem };

/** White space of Unicode, and the byte-order mark, which is none. */
const BLANK = /^[\p{White_Space}\uFEFF]$/u;
const DIGITS = /^[0-9]+$/;
const QUOTED = /^(["'])(.*)\1$/su;

/**
 * Detection ids in the text that old writers kept beside an event: a JSON array or a list with commas. Never throws: what cannot
 * be read is counted, what can be read is kept (schema §8).
 */
export function parseDetectionIds(text: string | null): ParsedDetectionIds {
  const trimmed = trim(text ?? '');
  if (!trimmed.startsWith('[')) return collect(readList(trimmed));
  const array = parseArray(trimmed);
  if (array !== undefined) return collect(array.map(readJson));
  return collect([{ problem: 'malformed_json' }, ...readList(trimmed.replace(/^\[/, '').replace(/\]$/, ''))]);
}

/** Knows more blanks than String.trim; by hand, because a pattern for the end of a text takes the square of its length. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANK.test(text.charAt(start))) start += 1;
  while (end > start && BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readList(text: string): Element[] {
  return text
    .split(',')
    .map((token) => trim(token).replace(QUOTED, '$2'))
    .filter((token) => token !== '')
    .map(readDigits);
}

function readJson(value: unknown): Element {
  if (typeof value === 'string') return readDigits(value);
  if (typeof value !== 'number') return { problem: 'not_an_id' };
  // 1e400 is a whole number to JSON, and infinite here
  return Number.isInteger(value) || Math.abs(value) === Infinity ? inRange(value) : { problem: 'not_an_id' };
}

function readDigits(text: string): Element {
  return DIGITS.test(text) ? inRange(Number(text)) : { problem: 'not_an_id' };
}

function inRange(value: number): Element {
  return value >= 1 && value <= Number.MAX_SAFE_INTEGER ? { id: value } : { problem: 'out_of_range' };
}

function collect(elements: readonly Element[]): ParsedDetectionIds {
  const ids = new Set<number>();
  const problems: ParsedDetectionIds['problems'] = {};
  for (const element of elements) {
    if ('id' in element) ids.add(element.id);
    else problems[element.problem] = (problems[element.problem] ?? 0) + 1;
  }
  return { ids: [...ids], problems };
}
