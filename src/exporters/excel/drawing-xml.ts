import { escapeXml } from './excel-text.ts';
import { xmlDocument } from './xml-document.ts';

/** A small JPEG beside a row; sizes in pixels. */
export type Thumbnail = { jpeg: Uint8Array; width: number; height: number; /** For those who do not see it. */ description: string };

/** The largest that fits the column and the rows made for it. */
export const THUMBNAIL_SIZE = { width: 150, height: 84 } as const;
/** Width of the column, in characters, and height of its rows, in points. */
export const THUMBNAIL_CELL = { width: 22, height: 66 } as const;

export type PlacedThumbnail = Thumbnail & { /** From 1. */ row: number };

const EMU_PER_PIXEL = 9525;
const INSET = 2;
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing';
const MAIN = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Pictures in the first column, bound to both ends of their cell, so that a filter hides them with their rows. */
export function drawingXml(thumbnails: readonly PlacedThumbnail[]): string {
  return xmlDocument(`<xdr:wsDr xmlns:xdr="${DRAWING}" xmlns:a="${MAIN}">${thumbnails.map(anchorXml).join('')}</xdr:wsDr>`);
}

function anchorXml(thumbnail: PlacedThumbnail, index: number): string {
  const { width, height, row, description } = thumbnail;
  const id = String(index + 1);
  const corner = (x: number, y: number): string =>
    `<xdr:col>0</xdr:col><xdr:colOff>${emu(x)}</xdr:colOff><xdr:row>${String(row - 1)}</xdr:row><xdr:rowOff>${emu(y)}</xdr:rowOff>`;
  return (
    `<xdr:twoCellAnchor editAs="twoCell"><xdr:from>${corner(INSET, INSET)}</xdr:from><xdr:to>${corner(INSET + width, INSET + height)}</xdr:to>` +
    `<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${id}" name="Thumbnail ${id}" descr="${escapeXml(description)}"/>` +
    '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>' +
    `<xdr:blipFill><a:blip xmlns:r="${RELATIONSHIPS}" r:embed="rId${id}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>` +
    `<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${emu(width)}" cy="${emu(height)}"/></a:xfrm>` +
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>'
  );
}

function emu(pixels: number): string {
  return String(Math.round(pixels * EMU_PER_PIXEL));
}
