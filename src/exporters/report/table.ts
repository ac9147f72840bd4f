import { markup, type Html, type HtmlPart } from './markup.ts';

/** A column: its heading and how its cells look. The first column names its row. */
export type TableColumn<Row> = {
  title: string;
  cell: (row: Row) => HtmlPart;
  kind?: 'number' | 'wide' | 'path';
};

type TableOptions<Row> = { id: string; caption: string; columns: readonly TableColumn<Row>[]; rows: readonly Row[] };

/** A table in a frame of its own, which scrolls sideways, by keyboard too, where the page is narrow. */
export function table<Row>({ id, caption, columns, rows }: TableOptions<Row>): Html {
  const headings = columns.map(({ title, kind }) => markup`<th scope="col" ${classOf(kind)}>${title}</th>`);
  const body = rows.map(
    (row) =>
      markup`<tr>
        ${columns.map((column, index) => cellOf(column, row, index === 0))}
      </tr> `,
  );
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
    <table>
      <caption id="${id}">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headings}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function cellOf<Row>({ cell, kind }: TableColumn<Row>, row: Row, isFirst: boolean): Html {
  if (isFirst) return markup`<th scope="row" ${classOf(kind)}>${cell(row)}</th>`;
  return markup`<td ${classOf(kind)}>${cell(row)}</td>`;
}

function classOf(kind: TableColumn<unknown>['kind']): HtmlPart {
  return kind === undefined ? '' : markup`class="${kind}"`;
}
