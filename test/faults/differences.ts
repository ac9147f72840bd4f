import type { NormalisedRows } from './stored-rows.ts';

const SHOWN = 6;

/** Rows that only one side has, a few of each table as JSON: a whole diff of thousands of rows helps nobody. */
export function differences(expected: NormalisedRows, actual: NormalisedRows): string[] {
  return (Object.keys(expected) as (keyof NormalisedRows)[]).flatMap((table) => {
    const [wanted, got] = [expected[table], actual[table]].map((rows) => rows.map((row) => JSON.stringify(row)));
    const missing = leftOf(wanted ?? [], got ?? []);
    const extra = leftOf(got ?? [], wanted ?? []);
    return [...shown(`${table}: missing`, missing), ...shown(`${table}: not expected`, extra)];
  });
}

function leftOf(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others);
  return rows.filter((row) => !left.has(row));
}

function shown(what: string, rows: readonly string[]): string[] {
  const more = rows.length > SHOWN ? [`${what}: and ${String(rows.length - SHOWN)} more`] : [];
  return [...rows.slice(0, SHOWN).map((row) => `${what} ${row.slice(0, 400)}`), ...more];
}
