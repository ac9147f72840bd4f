import { escapeXml } from './excel-text.ts';
import { xmlDocument } from './xml-document.ts';

/** What the parts around the sheets need to know of one: `filter` is the range of its filter, for a sheet of records. */
export type SheetEntry = { name: string; filter?: string };

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

type Relationship = { type: string; target: string };

/** Relationships `rId1`, `rId2`, … in the order given. */
export function relationshipsXml(relationships: readonly Relationship[]): string {
  const items = relationships.map(
    ({ type, target }, index) => `<Relationship Id="rId${String(index + 1)}" Type="${type}" Target="${target}"/>`,
  );
  return xmlDocument(`<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`);
}

export function officeRelationship(kind: string, target: string): Relationship {
  return { type: `${OFFICE}/${kind}`, target };
}

export function packageRelationships(): string {
  const core = { type: `${PACKAGE}/relationships/metadata/core-properties`, target: 'docProps/core.xml' };
  return relationshipsXml([officeRelationship('officeDocument', 'xl/workbook.xml'), core]);
}

export function corePropertiesXml(title: string, createdAt: Date): string {
  const created = `${createdAt.toISOString().slice(0, 19)}Z`;
  return xmlDocument(
    `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
      `<dc:title>${escapeXml(title)}</dc:title><dc:creator>hs</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${created}</dcterms:created></cp:coreProperties>`,
  );
}

/** Sheets in order; the header of records is repeated on every printed page. */
export function workbookXml(sheets: readonly SheetEntry[]): string {
  const entries = sheets.map(
    ({ name }, index) => `<sheet name="${escapeXml(name)}" sheetId="${String(index + 1)}" r:id="rId${String(index + 1)}"/>`,
  );
  const names = [filterNames(sheets), titleNames(sheets)].flat().join('');
  return xmlDocument(
    `<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15000"/></bookViews>` +
      `<sheets>${entries.join('')}</sheets>${names === '' ? '' : `<definedNames>${names}</definedNames>`}</workbook>`,
  );
}

function filterNames(sheets: readonly SheetEntry[]): string[] {
  return sheets.flatMap(({ name, filter }, index) =>
    filter === undefined
      ? []
      : [
          `<definedName name="_xlnm._FilterDatabase" localSheetId="${String(index)}" hidden="1">${quoted(name)}!${absolute(filter)}</definedName>`,
        ],
  );
}

function titleNames(sheets: readonly SheetEntry[]): string[] {
  return sheets.flatMap(({ name, filter }, index) =>
    filter === undefined
      ? []
      : [`<definedName name="_xlnm.Print_Titles" localSheetId="${String(index)}">${quoted(name)}!$1:$1</definedName>`],
  );
}

/** `A1:C9` → `$A$1:$C$9`. */
function absolute(range: string): string {
  return range.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2');
}

function quoted(name: string): string {
  return `'${escapeXml(name)}'`;
}

/** The sheets and then the styles, as the workbook names them. */
export function workbookRelationships(sheetCount: number): string {
  const sheets = Array.from({ length: sheetCount }, (_, index) =>
    officeRelationship('worksheet', `worksheets/sheet${String(index + 1)}.xml`),
  );
  return relationshipsXml([...sheets, officeRelationship('styles', 'styles.xml')]);
}

export function contentTypesXml(sheetCount: number, hasDrawing: boolean): string {
  const overrides = [
    ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
    ['/xl/workbook.xml', `${SHEET_TYPE}.sheet.main+xml`],
    ['/xl/styles.xml', `${SHEET_TYPE}.styles+xml`],
    ...Array.from({ length: sheetCount }, (_, index) => [`/xl/worksheets/sheet${String(index + 1)}.xml`, `${SHEET_TYPE}.worksheet+xml`]),
    ...(hasDrawing ? [['/xl/drawings/drawing1.xml', 'application/vnd.openxmlformats-officedocument.drawing+xml']] : []),
  ];
  const items = overrides.map(([name, type]) => `<Override PartName="${name ?? ''}" ContentType="${type ?? ''}"/>`);
  return xmlDocument(
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>${items.join('')}</Types>`,
  );
}
