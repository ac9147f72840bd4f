import type { Family } from './families.ts';
import { readableType } from './readable-sql.ts';
import type { ForeignKey, Schema, Table } from './read-schema.ts';

/**
 * The relationships of a family as a Mermaid diagram: its tables with their key columns, and tables of other families that they
 * refer to, or that refer to them, as bare boxes. Undefined when there are none.
 */
export function familyDiagram(schema: Schema, family: Family): string | undefined {
  const own = schema.tables.filter(({ name }) => family.tables.includes(name));
  const keys = schema.tables.flatMap(({ foreignKeys }) => foreignKeys).filter((key) => family.tables.includes(key.table));
  if (keys.length === 0) return undefined;
  const drawn = new Set(keys.flatMap((key) => [key.table, key.parent]));
  const boxes = own.filter(({ name }) => drawn.has(name)).map(box);
  return ['erDiagram', ...keys.map(line), ...boxes].join('\n');
}

/** `parent ||--o{ child : "column"`; a parent that may be missing is `|o`, a child that is at most one `o|`. */
function line(key: ForeignKey): string {
  const link = `${key.optional ? '|o' : '||'}--${key.unique ? 'o|' : 'o{'}`;
  const action = key.onDelete === 'NO ACTION' ? '' : `, ${key.onDelete.toLowerCase()}`;
  return `  ${key.parent} ${link} ${key.table} : "${key.columns.join(' + ')}${action}"`;
}

function box(table: Table): string {
  const primary = primaryColumns(table);
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const shown = table.columns.filter(({ name }) => primary.has(name) || foreign.has(name));
  const lines = shown.map(({ name, type }) => {
    const marks = [...(primary.has(name) ? ['PK'] : []), ...(foreign.has(name) ? ['FK'] : [])];
    return `    ${diagramType(type)} ${name} ${marks.join(', ')}`;
  });
  return [`  ${table.name} {`, ...lines, '  }'].join('\n');
}

function primaryColumns({ keys }: Table): ReadonlySet<string> {
  const [, columns = ''] = /^PRIMARY KEY \((.*)\)/.exec(keys.find(({ text }) => text.startsWith('PRIMARY KEY'))?.text ?? '') ?? [];
  return new Set(columns.split(', '));
}

/** Mermaid takes one word: letters, digits, underscores, hyphens, brackets. */
function diagramType(type: string): string {
  return readableType(type).replaceAll(' ', '_');
}
