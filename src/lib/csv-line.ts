import { guardFormula } from './guard-formula.ts';

export type CsvCell = string | number | bigint | boolean | null | undefined;

/** One RFC 4180 line with its line feed: text is guarded against formulas, missing values are empty. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'string' ? guardFormula(cell) : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
