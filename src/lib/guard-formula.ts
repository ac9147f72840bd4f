/** Text a spreadsheet would run as a formula, with any number of apostrophes before it; full-width signs count, too. */
const FORMULA = /^'*\s*[=+\-@＝＋－＠]|^'*[\t\r\n]/;

/** Puts one apostrophe before text that a spreadsheet would evaluate. For text cells only: numbers and times keep their sign. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Takes back what `guardFormula` added. */
export function unguardFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text;
}
