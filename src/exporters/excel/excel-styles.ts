import { xmlDocument } from './xml-document.ts';

/** Places in `cellXfs` below. */
export const STYLE = { plain: 0, header: 1, time: 2, label: 3, wrapped: 4, middle: 5, boolean: 6 } as const;
export type StyleName = keyof typeof STYLE;

export function styleAttribute(name: StyleName): string {
  return STYLE[name] === STYLE.plain ? '' : ` s="${String(STYLE[name])}"`;
}

/** Values that are coloured, with their colours: dark text on a pale ground, so that they stay readable in print. */
export const LEVEL_COLOURS = [
  { value: 'critical', text: 'FF9C0006', ground: 'FFFFC7CE' },
  { value: 'high', text: 'FF974706', ground: 'FFFCD5B4' },
  { value: 'medium', text: 'FF7F6000', ground: 'FFFFEB9C' },
  { value: 'low', text: 'FF006100', ground: 'FFC6EFCE' },
] as const;

const FONT = '<name val="Calibri"/><family val="2"/>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

const BORDERS =
  '<border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border>';
const FILLS =
  '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
  '<fill><patternFill patternType="solid"><fgColor rgb="FFE7ECF2"/><bgColor indexed="64"/></patternFill></fill>';

const CELLS = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf>',
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="center"/></xf>',
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="top"/></xf>',
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="left" vertical="top" wrapText="1"/></xf>',
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="center"/></xf>',
  '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="center"/></xf>',
];
/** Excel shows booleans as words whatever their format; LibreOffice shows 1 and 0 without this one. */
const FORMATS =
  '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/>' +
  '<numFmt numFmtId="165" formatCode="&quot;TRUE&quot;;&quot;TRUE&quot;;&quot;FALSE&quot;"/></numFmts>';

/** The style sheet of every workbook; the colours of levels are its differential formats, in order. */
export function stylesXml(): string {
  const colours = LEVEL_COLOURS.map(
    ({ text, ground }) =>
      `<dxf><font><color rgb="${text}"/></font><fill><patternFill patternType="solid"><fgColor rgb="${ground}"/><bgColor rgb="${ground}"/></patternFill></fill></dxf>`,
  );
  return xmlDocument(
    `<styleSheet xmlns="${MAIN}">${FORMATS}` +
      `<fonts count="2"><font><sz val="11"/>${FONT}</font><font><b/><sz val="11"/>${FONT}</font></fonts>` +
      `<fills count="3">${FILLS}</fills><borders count="2">${BORDERS}</borders>` +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      `<cellXfs count="${String(CELLS.length)}">${CELLS.join('')}</cellXfs>` +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>' +
      `<dxfs count="${String(colours.length)}">${colours.join('')}</dxfs></styleSheet>`,
  );
}
