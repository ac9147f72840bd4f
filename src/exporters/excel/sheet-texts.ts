import type { ExportRecord } from '../export-record.ts';
import type { ExcelHead } from './about-rows.ts';
import { THUMBNAIL_CELL, type PlacedThumbnail, type Thumbnail } from './drawing-xml.ts';
import { columnLetters, type ExcelColumn } from './excel-columns.ts';
import { countRecord, type ExportTally } from './export-tally.ts';
import type { RowCursor } from './row-cursor.ts';
import { rowXml, sheetEnd, sheetHead } from './sheet-xml.ts';
import type { SheetEntry } from './workbook-parts.ts';

/** Pictures for the first `most` rows; a row without one answers undefined. They are held until the first sheet is written. */
export type ThumbnailSource = { most: number; of: (record: ExportRecord) => Promise<Thumbnail | undefined> };

export type ExcelExport = ExcelHead & {
  columns: readonly string[];
  thumbnails?: ThumbnailSource | undefined;
  /** Of records, without the header; Excel's own limit by default. */
  rowsPerSheet?: number;
};

/** What the sheets so far leave for the parts after them. */
export type SheetsWritten = { tally: ExportTally; pictures: PlacedThumbnail[]; entries: SheetEntry[] };

export type SheetSource = {
  given: ExcelExport;
  columns: readonly ExcelColumn[];
  rows: RowCursor<ExportRecord>;
  written: SheetsWritten;
};

/** Columns whose cells are coloured by the level they name. */
export const COLOURED: readonly string[] = ['risk_level', 'severity'];
const MOST_ROWS = 1_048_575;

/** The next sheet of records as text, as many as it can hold. */
export async function* sheetTexts({ given, columns, rows, written }: SheetSource): AsyncIterable<string> {
  const { tally, pictures, entries } = written;
  const isFirst = entries.length === 0;
  const thumbnails = isFirst ? given.thumbnails : undefined;
  const shown = given.thumbnails === undefined ? columns : [thumbnailColumn(), ...columns];
  const layout = { columns: shown, coloured: COLOURED, isSelected: isFirst };
  const onCut = (): void => {
    tally.cutCells += 1;
  };
  let number = 1;
  yield sheetHead(layout);
  for await (const record of upTo(rows, given.rowsPerSheet ?? MOST_ROWS)) {
    number += 1;
    countRecord(tally, record);
    const picture = thumbnails && (await thumbnailOf(thumbnails, record, written));
    if (picture !== undefined) pictures.push({ ...picture, row: number });
    yield rowXml(record, columns, { number, onCut, ...(picture && { height: THUMBNAIL_CELL.height }) });
  }
  yield sheetEnd({ ...layout, lastRow: number, hasDrawing: isFirst && pictures.length > 0 });
  const name = isFirst ? given.type : `${given.type} ${String(entries.length + 1)}`;
  entries.push({ name, filter: `A1:${columnLetters(Math.max(0, shown.length - 1))}${String(number)}` });
}

async function* upTo(rows: RowCursor<ExportRecord>, most: number): AsyncIterable<ExportRecord> {
  for (let count = 0; count < most; count += 1) {
    const record = await rows.next();
    if (record === undefined) return;
    yield record;
  }
}

async function thumbnailOf(source: ThumbnailSource, record: ExportRecord, { tally }: SheetsWritten): Promise<Thumbnail | undefined> {
  if (tally.thumbnails + tally.missingThumbnails >= source.most) return undefined;
  const picture = await source.of(record);
  if (picture === undefined) tally.missingThumbnails += 1;
  else tally.thumbnails += 1;
  return picture;
}

function thumbnailColumn(): ExcelColumn {
  return { key: '', title: 'Thumbnail', letters: columnLetters(0), width: THUMBNAIL_CELL.width, isLocalTime: false };
}
