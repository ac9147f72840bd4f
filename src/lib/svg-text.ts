const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Control characters have no place in XML, direction marks none in a label. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Co}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu;
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFFD\p{Extended_Pictographic}]/u;
const WIDTH_SHARE = 0.6;

/** Text without characters that hide or turn what stands around it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}

/** Any text as the content of an element or attribute. */
export function escapeXml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** At most so many characters, with an ellipsis for the rest. */
export function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/** How wide a text becomes, a little more rather than less: the font is the system's. */
export function textWidth(text: string, fontSize: number): number {
  return Array.from(printable(text)).reduce((sum, character) => sum + (WIDE.test(character) ? 1.05 : WIDTH_SHARE), 0) * fontSize;
}
