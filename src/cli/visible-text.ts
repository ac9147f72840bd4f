/** Control characters and those that change the direction of text; both could fake or hide what a terminal shows. */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** Text safe to show to people: escapes for control and direction characters. Data output (JSON, CSV) keeps its text as it is. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' ? '\\n' : escapeOf(character)));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
