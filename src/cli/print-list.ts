import { csvLine, type CsvCell } from '../lib/csv-line.ts';
import { chooseColumns, plainText, toItem, type CellValue, type Column } from './column.ts';
import { tableLines } from './table-lines.ts';
import type { Terminal } from './terminal.ts';
import { writeOut } from './write-out.ts';

export type ListFormat = 'table' | 'json' | 'ndjson' | 'csv' | 'ids';

type Rows<Row> = AsyncIterable<Row> | Iterable<Row>;

type PrintListOptions<Row> = {
  columns: readonly Column<Row>[];
  format: ListFormat;
  /** `--columns`. */
  wanted?: readonly string[] | undefined;
  terminal: Terminal;
  /** Further counts for the closing NDJSON line. */
  summary?: () => Record<string, unknown>;
  /** Said on an empty table. */
  emptyText?: string;
  write?: (text: string) => Promise<void>;
};

export const LIST_SCHEMA_VERSION = 1;

/** Prints a list in the chosen format, row by row as it comes, and returns how many rows there were. */
export async function printList<Row>(rows: Rows<Row>, options: PrintListOptions<Row>): Promise<number> {
  const write = options.write ?? writeOut;
  let count = 0;
  for await (const chunk of listChunks(
    counted(rows, () => count++),
    options,
  ))
    await write(chunk);
  if (options.format === 'ndjson') {
    await write(`${JSON.stringify({ type: 'summary', count, ...options.summary?.(), exit_code: Number(process.exitCode ?? 0) })}\n`);
  }
  return count;
}

async function* counted<Row>(rows: Rows<Row>, onRow: () => void): AsyncGenerator<Row> {
  for await (const row of rows) {
    onRow();
    yield row;
  }
}

function listChunks<Row>(rows: AsyncIterable<Row>, options: PrintListOptions<Row>): AsyncIterable<string> {
  const shown = chooseColumns(options.columns, options.wanted);
  switch (options.format) {
    case 'json':
      return jsonChunks(rows, options.wanted === undefined ? options.columns : shown);
    case 'ndjson':
      return ndjsonChunks(rows, options.wanted === undefined ? options.columns : shown);
    case 'csv':
      return csvChunks(rows, shown);
    case 'ids':
      return idChunks(rows, options.columns);
    case 'table':
      return tableLines(rows, { columns: shown, terminal: options.terminal, emptyText: options.emptyText ?? 'nothing found' });
  }
}

async function* jsonChunks<Row>(rows: AsyncIterable<Row>, columns: readonly Column<Row>[]): AsyncGenerator<string> {
  yield `{"schema_version":${String(LIST_SCHEMA_VERSION)},"items":[`;
  let separator = '\n';
  for await (const row of rows) {
    yield separator + JSON.stringify(toItem(columns, row));
    separator = ',\n';
  }
  yield '\n]}\n';
}

async function* ndjsonChunks<Row>(rows: AsyncIterable<Row>, columns: readonly Column<Row>[]): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(toItem(columns, row))}\n`;
}

async function* csvChunks<Row>(rows: AsyncIterable<Row>, columns: readonly Column<Row>[]): AsyncGenerator<string> {
  yield csvLine(columns.map(({ key }) => key));
  for await (const row of rows) yield csvLine(columns.map(({ value }) => csvCell(value(row))));
}

/** The first column is the id in every list. */
async function* idChunks<Row>(rows: AsyncIterable<Row>, columns: readonly Column<Row>[]): AsyncGenerator<string> {
  const id = columns[0];
  if (id === undefined) return;
  for await (const row of rows) yield `${plainText(id.value(row))}\n`;
}

function csvCell(value: CellValue): CsvCell {
  return typeof value === 'object' && value !== null ? plainText(value) : value;
}
