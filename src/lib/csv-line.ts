import { guardFormula } from './guard-formula.ts';

export type CsvCell = string | number | bigint | boolean | null | undefined;

const NEEDS_QUOTES = /[",\r\n]/;

/** One RFC 4180 line with its line feed: text is guarded against formulas, missing values are empty. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  return quoteCsv(typeof cell === 'string' ? guardFormula(cell) : String(cell));
}

/** Puts quotes around what a reader would take apart otherwise, doubling those inside. */
export function quoteCsv(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
