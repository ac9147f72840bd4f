/** What models write around their thoughts; a block may lack its end when the answer was cut, or its begin when the prompt held it. */
const THINKING = /<(think|thinking|thought|reasoning)>[\s\S]*?(<\/\1>|$)/gi;
const UNOPENED = /^[\s\S]*<\/(think|thinking|thought|reasoning)>/i;
const FENCED_THINKING = /```(?:think|thinking|thought|reasoning)\b[\s\S]*?(```|$)/gi;

/** Each begins a search to the end of the text, so that a text of nothing but braces must not take for ever. */
const MAX_BEGINNINGS = 200;
/** Longer than any answer that is accepted. */
const MAX_CHARS = 262_144;

/** The answer without the thoughts that some models write before it. */
export function withoutThinking(text: string): string {
  return text.replace(THINKING, '').replace(FENCED_THINKING, '').replace(UNOPENED, '');
}

/** Every complete JSON object in a text in the order they begin, outermost first; those inside of one that is complete are parts of it. */
export function* findJsonObjects(reply: string): Generator<Record<string, unknown>> {
  const text = reply.slice(0, MAX_CHARS);
  let begin = text.indexOf('{');
  for (let count = 0; begin !== -1 && count < MAX_BEGINNINGS; count += 1) {
    const end = endOfObject(text, begin);
    const found = end === undefined ? undefined : parseObject(text.slice(begin, end));
    if (found !== undefined) yield found;
    begin = text.indexOf('{', found === undefined ? begin + 1 : (end ?? begin + 1));
  }
}

/** Behind the brace that closes the one at `begin`; braces in strings do not count. */
function endOfObject(text: string, begin: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let index = begin; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
