import { guardFormula } from '../../lib/guard-formula.ts';

/** Excel refuses files with longer cells; in UTF-16 units. */
export const LONGEST_CELL = 32_767;

/** What XML 1.0 cannot hold, a carriage return, which parsers turn into a line feed, and what would be read as one of the escapes. */
const TO_ESCAPE = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const NEEDS_CARE = /[&<>"\u0000-\u001F\uFFFE\uFFFF\p{Surrogate}]|_x/u;

export type ExcelText = { text: string; isCut: boolean };

/** Text as a cell may hold it: guarded against formulas, cut with `…` where it is too long, never through a pair of surrogates. */
export function toExcelText(given: string): ExcelText {
  const text = guardFormula(given);
  if (text.length <= LONGEST_CELL) return { text, isCut: false };
  const kept = text.slice(0, LONGEST_CELL - 1);
  return { text: `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`, isCut: true };
}

/** Text inside an element or attribute of a spreadsheet: `_xHHHH_` for what XML cannot hold (ECMA-376 22.9.2.19), U+FFFD for half a character. */
export function escapeXml(text: string): string {
  if (!NEEDS_CARE.test(text)) return text;
  return text
    .replace(LONE_SURROGATE, '\uFFFD')
    .replace(TO_ESCAPE, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, (character) => MARKUP[character] ?? character);
}
