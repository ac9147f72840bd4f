type Rewrite = readonly [pattern: RegExp, replacement: string];

const TYPES: readonly Rewrite[] = [
  [/\btimestamp\((\d)\) with time zone/g, 'timestamptz($1)'],
  [/\btimestamp with time zone/g, 'timestamptz'],
  [/\btime(\(\d\))? without time zone/g, 'time$1'],
  [/\bcharacter varying/g, 'varchar'],
];

/** In this order: what the database adds to an expression before it shows it. */
const ADDITIONS: readonly Rewrite[] = [
  [/('(?:[^']|'')*')::(?:text|character varying|double precision)(?:\(\d+\))?(?!\[)/g, '$1'],
  [/\((-?[\d.]+)\)::(?:double precision|numeric)/g, '$1'],
  [/\((\w+)\)::text\b(?!\[)/g, '$1'],
  [/\((ARRAY\[[^\]]*\])\)::text\[\]/g, '$1'],
  [/ = ANY \(ARRAY\[([^\]]*)\]\)/g, ' IN ($1)'],
  [/ <> ALL \(ARRAY\[([^\]]*)\]\)/g, ' NOT IN ($1)'],
  [/^CHECK \(\((.*)\)\)/s, 'CHECK ($1)'],
];

/** Types as people write them. */
export function readableType(type: string): string {
  return rewrite(type, TYPES);
}

/** A definition without the casts, arrays and parentheses that the database adds. */
export function readableSql(text: string): string {
  return readableType(rewrite(text, ADDITIONS));
}

function rewrite(text: string, rewrites: readonly Rewrite[]): string {
  return rewrites.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
