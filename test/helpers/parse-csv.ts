import { unguardFormula } from '../../src/lib/guard-formula.ts';

/** A strict reader of RFC 4180 written from the standard, so that the writer is not checked with itself. `undefined` is an empty, unquoted cell. */
export function parseCsv(text: string): (string | undefined)[][] {
  const rows: (string | undefined)[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: (string | undefined)[] = [];
    for (;;) {
      const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      row.push(cell);
      at = next;
      if (text[at] === ',') at += 1;
      else break;
    }
    if (text[at] !== '\n') throw new Error(`expected a line end at ${String(at)}, found ${JSON.stringify(text.slice(at, at + 10))}`);
    at += 1;
    rows.push(row);
  }
  return rows;
}

function plainCell(text: string, start: number): [string | undefined, number] {
  let end = start;
  while (end < text.length && !',\n'.includes(text.charAt(end))) {
    if ('"\r'.includes(text.charAt(end))) throw new Error(`character ${String(end)} needs quotes`);
    end += 1;
  }
  return [end === start ? undefined : unguardFormula(text.slice(start, end)), end];
}

function quotedCell(text: string, start: number): [string, number] {
  let cell = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new Error('quote is never closed');
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') return [unguardFormula(cell), quote + 1];
    cell += '"';
    at = quote + 2;
  }
}
