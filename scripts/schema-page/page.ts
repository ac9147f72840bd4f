import { familyDiagram } from './diagram.ts';
import { assertFamilies, FAMILIES, type Family } from './families.ts';
import { readableSql, readableType } from './readable-sql.ts';
import type { Column, Definition, ForeignKey, Schema, Table } from './read-schema.ts';

const HEAD = `# Database schema

Generated from a migrated database by \`npm run docs\`. Times about footage are footage time, times about \`hs\` itself the database's clock. In the
diagrams \`||\` is exactly one, \`|o\` at most one, \`o{\` any number; the label names the column and what deleting the parent does, if it does not just
fail. A box without columns belongs to another chapter.
`;

/** The whole page; one that leaves a table out cannot be made. */
export function schemaPage(schema: Schema): string {
  assertFamilies(schema.tables.map(({ name }) => name));
  const chapters = FAMILIES.map((family) => chapter(schema, family));
  return `${[HEAD, contents(), ...chapters, functions(schema.functions)].join('\n').trimEnd()}\n`;
}

function contents(): string {
  const lines = FAMILIES.map(
    ({ title, tables }) => `| [${title}](#${anchor(title)}) | ${tables.map((name) => `[${name}](#${name})`).join(', ')} |`,
  );
  return ['| chapter | tables |', '| --- | --- |', ...lines, ''].join('\n');
}

/** As GitHub makes them from headings. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function chapter(schema: Schema, family: Family): string {
  const diagram = familyDiagram(schema, family);
  const picture = diagram === undefined ? 'No table of this chapter refers to another.\n' : `\`\`\`mermaid\n${diagram}\n\`\`\`\n`;
  const byName = new Map(schema.tables.map((table) => [table.name, table]));
  const tables = family.tables.flatMap((name) => byName.get(name) ?? []);
  return [`## ${family.title}\n`, picture, ...tables.map((table) => section(schema, table))].join('\n');
}

function section(schema: Schema, table: Table): string {
  const { name, comment, partitions, keys, foreignKeys, checks, indexes, triggers } = table;
  const parts = [
    `### ${name}\n`,
    ...(comment === '' ? [] : [`${comment}\n`]),
    ...(partitions === null ? [] : [`In partitions by \`${partitions}\`, which are left out here.\n`]),
    columnTable(table.columns),
    list('Keys', [...keys.map(definition), ...foreignKeys.map(foreignKey)]),
    list('Referred to by', referrers(schema, name)),
    list('Checks', checks.map(definition)),
    list('Indexes', indexes.map(definition)),
    list('Triggers', triggers.map(definition)),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function columnTable(columns: readonly Column[]): string {
  const lines = columns.map(({ name, type, nullable, default: value, comment }) => {
    const cells = [name, readableType(type), nullable ? 'yes' : 'no', value === null ? '' : readableSql(value), comment ?? ''];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return ['| column | type | null | default | meaning |', '| --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

function definition({ name, text }: Definition): string {
  return `\`${name}\`: \`${readableSql(text).replaceAll(/\s+/g, ' ')}\``;
}

function foreignKey({ name, columns, parent, parentColumns, onDelete }: ForeignKey): string {
  return `\`${name}\`: \`(${columns.join(', ')})\` → [${parent}](#${parent}) \`(${parentColumns.join(', ')})\`, on delete \`${onDelete}\``;
}

function referrers({ tables }: Schema, name: string): string[] {
  const keys = tables.flatMap(({ foreignKeys }) => foreignKeys).filter(({ parent }) => parent === name);
  return keys.map(({ table, columns, onDelete }) => `[${table}](#${table}) \`(${columns.join(', ')})\`, on delete \`${onDelete}\``);
}

function functions(definitions: readonly Definition[]): string {
  return ['## Functions\n', ...definitions.map(({ name, text }) => `- \`${name}\`${functionText(text)}`)].join('\n');
}

function functionText(text: string): string {
  const [, signature = text, comment = ''] = /^(\(.*?\) → [^:]+)(: .*)?$/s.exec(text) ?? [];
  return ` \`${readableType(signature)}\`${comment}`;
}
