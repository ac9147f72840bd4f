import type { ExportRecord } from '../export-record.ts';
import { joinTexts } from '../join-texts.ts';
import { writeZip, type ZipEntry } from '../zip/write-zip.ts';
import { aboutRows } from './about-rows.ts';
import { drawingXml, type PlacedThumbnail } from './drawing-xml.ts';
import { planColumns } from './excel-columns.ts';
import { stylesXml } from './excel-styles.ts';
import { createExportTally } from './export-tally.ts';
import { createRowCursor, type RowCursor } from './row-cursor.ts';
import { COLOURED, sheetTexts, type ExcelExport, type SheetsWritten } from './sheet-texts.ts';
import { labelledSheet } from './sheet-xml.ts';
import {
  contentTypesXml,
  corePropertiesXml,
  officeRelationship,
  packageRelationships,
  relationshipsXml,
  workbookRelationships,
  workbookXml,
} from './workbook-parts.ts';

type Records = AsyncIterable<ExportRecord> | Iterable<ExportRecord>;

/** Rows that decide how wide columns are. */
const SAMPLE_ROWS = 200;

/**
 * An Excel workbook (ECMA-376): a sheet of records, further ones beyond the rows a sheet can hold, and a sheet `about`. Records are read as fast as
 * the bytes are and never held. The same records at the same time give the same bytes, in any time zone.
 */
export async function* encodeExcel(given: ExcelExport, records: Records): AsyncIterable<Uint8Array> {
  const rows = createRowCursor(records);
  try {
    yield* writeZip(workbookEntries(given, rows), given.exportedAt);
  } finally {
    await rows.close();
  }
}

async function* workbookEntries(given: ExcelExport, rows: RowCursor<ExportRecord>): AsyncIterable<ZipEntry> {
  yield part('_rels/.rels', packageRelationships());
  yield part('docProps/core.xml', corePropertiesXml(`hs ${given.type}`, given.exportedAt));
  const columns = planColumns(given.columns, await rows.peek(SAMPLE_ROWS), given.thumbnails === undefined ? 0 : 1);
  const tally = createExportTally(COLOURED.filter((key) => given.columns.includes(key)));
  const sheets: SheetsWritten = { tally, pictures: [], entries: [] };
  const texts = (): AsyncIterable<string> => joinTexts(sheetTexts({ given, columns, rows, written: sheets }));
  do yield { name: sheetPath(sheets.entries.length + 1), content: texts, compress: true };
  while ((await rows.peek(1)).length > 0);
  yield* pictureEntries(sheets.pictures);
  yield* closingEntries(given, sheets);
}

function* pictureEntries(pictures: readonly PlacedThumbnail[]): Iterable<ZipEntry> {
  if (pictures.length === 0) return;
  yield part('xl/worksheets/_rels/sheet1.xml.rels', relationshipsXml([officeRelationship('drawing', '../drawings/drawing1.xml')]));
  yield part('xl/drawings/drawing1.xml', drawingXml(pictures));
  const files = pictures.map((_, index) => `thumbnail${String(index + 1)}.jpeg`);
  yield part('xl/drawings/_rels/drawing1.xml.rels', relationshipsXml(files.map((file) => officeRelationship('image', `../media/${file}`))));
  for (const [index, { jpeg }] of pictures.entries())
    yield { name: `xl/media/${files[index] ?? ''}`, content: () => [jpeg], compress: false };
}

function* closingEntries(given: ExcelExport, { tally, entries, pictures }: SheetsWritten): Iterable<ZipEntry> {
  const about = aboutRows(
    given,
    tally,
    entries.map(({ name }) => name),
  );
  const sheets = [...entries, { name: 'about' }];
  yield part(sheetPath(sheets.length), labelledSheet(about));
  yield part('xl/styles.xml', stylesXml());
  yield part('xl/workbook.xml', workbookXml(sheets));
  yield part('xl/_rels/workbook.xml.rels', workbookRelationships(sheets.length));
  yield part('[Content_Types].xml', contentTypesXml(sheets.length, pictures.length > 0));
}

function sheetPath(number: number): string {
  return `xl/worksheets/sheet${String(number)}.xml`;
}

function part(name: string, xml: string): ZipEntry {
  return { name, content: () => [xml], compress: true };
}
