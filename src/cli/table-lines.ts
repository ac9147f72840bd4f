import { cellText, type Column } from './column.ts';
import { cutStartToWidth, cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { fitWidths } from './fit-widths.ts';
import type { Terminal } from './terminal.ts';

type TableOptions<Row> = { columns: readonly Column<Row>[]; terminal: Terminal; emptyText: string };

/** cli-table3 needs 0.6 s for 1,000 rows and 63 s for 10,000, so longer lists are padded by hand. */
const TABLE_ROWS = 200;
const GAP = '  ';

/**
 * Lines of a table that fit the terminal. Column widths come from the first 200 rows; longer lists go on with those.
 * On a terminal too narrow for all columns every row becomes a block of `title  value` lines.
 */
export async function* tableLines<Row>(rows: AsyncIterable<Row>, options: TableOptions<Row>): AsyncGenerator<string> {
  const { columns, terminal } = options;
  const titles = columns.map(({ key, title }) => title ?? key);
  let head: string[][] | undefined = [];
  let widths: number[] | undefined;
  for await (const row of rows) {
    const cells = columns.map((column) => cellText(column, row));
    if (head !== undefined && head.length < TABLE_ROWS) {
      head.push(cells);
      continue;
    }
    if (head !== undefined) {
      widths = fitWidths(naturalWidths([titles, ...head]), terminal.width, GAP.length);
      yield paddedHead(titles, head, { widths, columns, terminal });
      head = undefined;
    }
    yield widths === undefined ? block(titles, cells, terminal) : paddedLine(cells, widths, columns);
  }
  if (head === undefined) return;
  yield head.length === 0 ? `${options.emptyText}\n` : await smallTable(titles, head, { columns, terminal });
}

type Layout<Row> = { columns: readonly Column<Row>[]; terminal: Terminal };

async function smallTable<Row>(allTitles: string[], allRows: string[][], layout: Layout<Row>): Promise<string> {
  const { terminal } = layout;
  const kept = shownColumns(allTitles, allRows, terminal.width);
  const pick = <T>(items: readonly T[]): T[] => items.filter((_, index) => kept.has(index));
  const [titles, rows, columns] = [pick(allTitles), allRows.map(pick), pick(layout.columns)];
  const widths = fitWidths(naturalWidths([titles, ...rows]), terminal.width, GAP.length);
  if (widths === undefined) return rows.map((cells) => block(titles, cells, terminal)).join('\n');
  // Loaded only when there is a table to draw: JSON and CSV do without.
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    chars: NO_BORDERS,
  });
  const cut = (cells: string[]): string[] => cells.map((cell, index) => cutCell(cell, widths[index] ?? 0, columns[index]));
  table.push(
    cut(titles).map((title) => terminal.style('bold', title)),
    ...rows.map(cut),
  );
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

function cutCell<Row>(cell: string, width: number, column: Column<Row> | undefined): string {
  return column?.cutAtStart === true ? cutStartToWidth(cell, width) : cutToWidth(cell, width);
}

/** On a narrow terminal columns in which no row has anything give way to the others. */
function shownColumns(titles: readonly string[], rows: readonly string[][], width: number): Set<number> {
  const all = titles.map((_, index) => index);
  const needed = naturalWidths([titles, ...rows]).reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  return new Set(needed <= width ? all : all.filter((index) => rows.some((cells) => cells[index] !== '')));
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: GAP,
};

function paddedHead<Row>(titles: string[], rows: string[][], layout: Layout<Row> & { widths: number[] | undefined }): string {
  const { widths, columns, terminal } = layout;
  if (widths === undefined) return rows.map((cells) => `${block(titles, cells, terminal)}\n`).join('');
  const lines = rows.map((cells) => paddedLine(cells, widths, columns));
  return terminal.style('bold', paddedLine(titles, widths, columns).trimEnd()) + '\n' + lines.join('');
}

function paddedLine<Row>(cells: string[], widths: readonly number[], columns: readonly Column<Row>[]): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return padToWidth(cutCell(cell, width, columns[index]), width, columns[index]?.align);
  });
  return `${padded.join(GAP).trimEnd()}\n`;
}

function block(titles: string[], cells: string[], terminal: Terminal): string {
  const titleWidth = Math.min(Math.max(...titles.map(displayWidth)), Math.floor(terminal.width / 2));
  const lines = titles.flatMap((title, index) => {
    if (cells[index] === '') return [];
    const label = padToWidth(cutToWidth(title, titleWidth), titleWidth);
    const value = cutToWidth(cells[index] ?? '', terminal.width - titleWidth - GAP.length);
    return [`${terminal.style('bold', label)}${GAP}${value}`.trimEnd()];
  });
  return `${lines.join('\n')}\n`;
}

function naturalWidths(lines: readonly (readonly string[])[]): number[] {
  return (lines[0] ?? []).map((_, index) => Math.max(...lines.map((cells) => displayWidth(cells[index] ?? ''))));
}
