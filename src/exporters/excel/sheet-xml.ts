import type { ExportRecord } from '../export-record.ts';
import { cellXml } from './excel-cell.ts';
import type { ExcelColumn } from './excel-columns.ts';
import { LEVEL_COLOURS, STYLE } from './excel-styles.ts';
import { escapeXml } from './excel-text.ts';
import { xmlDocument } from './xml-document.ts';

/** A sheet of records: rows are numbered from 1, the header is row 1. */
export type SheetLayout = {
  columns: readonly ExcelColumn[];
  /** Keys of columns whose cells are coloured by level. */
  coloured: readonly string[];
  /** Only the sheet that is shown first. */
  isSelected: boolean;
};

const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** Everything before the records: frozen header, widths, titles. */
export function sheetHead({ columns, isSelected }: SheetLayout): string {
  const widths = columns.map(
    ({ width }, index) => `<col min="${String(index + 1)}" max="${String(index + 1)}" width="${String(width)}" customWidth="1"/>`,
  );
  const titles = columns.map(
    ({ letters, title }) => `<c r="${letters}1" s="${String(STYLE.header)}" t="inlineStr"><is><t>${escapeXml(title)}</t></is></c>`,
  );
  return xmlDocument(
    `<worksheet ${NAMESPACES}><sheetViews><sheetView${isSelected ? ' tabSelected="1"' : ''} workbookViewId="0">` +
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>' +
      `<sheetFormatPr defaultRowHeight="15"/><cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`,
  );
}

export type RowPlace = {
  number: number;
  /** In points; the usual height by default. */
  height?: number;
  /** Hears of every cell that was too long. */
  onCut: () => void;
};

export function rowXml(record: ExportRecord, columns: readonly ExcelColumn[], { number, height, onCut }: RowPlace): string {
  const row = String(number);
  let cells = '';
  for (const { key, letters, isLocalTime } of columns) {
    const cell = cellXml(record[key], { reference: letters + row, style: height === undefined ? 'plain' : 'middle', isLocalTime });
    if (cell.isCut) onCut();
    cells += cell.xml;
  }
  return `<row r="${row}"${height === undefined ? '' : ` ht="${String(height)}" customHeight="1"`}>${cells}</row>`;
}

type SheetEnd = SheetLayout & { lastRow: number; hasDrawing: boolean };

/** Everything after the records: filter, colours, page, pictures. */
export function sheetEnd({ columns, coloured, lastRow, hasDrawing }: SheetEnd): string {
  const all = `A1:${columns.at(-1)?.letters ?? 'A'}${String(lastRow)}`;
  const levels = columns.filter(({ key }) => coloured.includes(key)).map(({ letters }) => letters);
  return (
    `</sheetData><autoFilter ref="${all}"/>${lastRow > 1 ? levels.map((letters) => coloursXml(letters, lastRow)).join('') : ''}` +
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup orientation="landscape"/>' +
    // Lists of numbers in a cell are text and meant so.
    `<ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors>` +
    `${hasDrawing ? '<drawing r:id="rId1"/>' : ''}</worksheet>`
  );
}

/** Conditional formats, so that a level that is changed by hand changes its colour. */
function coloursXml(letters: string, lastRow: number): string {
  const rules = LEVEL_COLOURS.map(
    ({ value }, index) =>
      `<cfRule type="cellIs" dxfId="${String(index)}" priority="${String(index + 1)}" operator="equal"><formula>"${value}"</formula></cfRule>`,
  );
  return `<conditionalFormatting sqref="${letters}2:${letters}${String(lastRow)}">${rules.join('')}</conditionalFormatting>`;
}

/** A sheet of labels and what they stand for; a number, a time or text each. */
export function labelledSheet(rows: readonly (readonly [string, string | number | Date])[]): string {
  const lines = rows.map(([label, value], index) => {
    const number = String(index + 1);
    const name = cellXml(label, { reference: `A${number}`, style: 'label', isLocalTime: false }).xml;
    return `<row r="${number}">${name}${cellXml(value, { reference: `B${number}`, style: 'wrapped', isLocalTime: false }).xml}</row>`;
  });
  return xmlDocument(
    `<worksheet ${NAMESPACES}><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>` +
      `<cols><col min="1" max="1" width="34" customWidth="1"/><col min="2" max="2" width="52" customWidth="1"/></cols>` +
      `<sheetData>${lines.join('')}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`,
  );
}
