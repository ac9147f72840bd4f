import type { ExportValue } from '../export-record.ts';
import { STYLE, styleAttribute, type StyleName } from './excel-styles.ts';
import { escapeXml, toExcelText } from './excel-text.ts';

/** Where a cell stands and how it looks where its value does not decide that. */
export type CellPlace = { /** Such as `C7`. */ reference: string; style: StyleName; isLocalTime: boolean };

export type CellXml = { xml: string; isCut: boolean };

const MS_PER_DAY = 86_400_000;
/** Days between 1899-12-30, the day 0 of spreadsheets, and 1970-01-01. */
const EPOCH_DAYS = 25_569;
/** 1900-03-01: the days before it are counted in two ways, as 1900 was no leap year. */
const FIRST_SAFE_DAY = 61;
const LAST_DAY = 2_958_466;
const LOCAL_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?)(?:Z|[+-]\d\d:\d\d)$/;
const ABSENT: CellXml = { xml: '', isCut: false };

/** One cell: numbers, booleans and times as what they are, text never as a formula, a missing value as nothing. */
export function cellXml(value: ExportValue | undefined, place: CellPlace): CellXml {
  if (value === null || value === undefined) return ABSENT;
  switch (typeof value) {
    case 'number':
      return numberXml(value, place);
    case 'boolean':
      return whole(`<c r="${place.reference}"${styleAttribute('boolean')} t="b"><v>${value ? '1' : '0'}</v></c>`);
    case 'string':
      return place.isLocalTime ? localTimeXml(value, place) : textXml(value, place);
    default:
      return value instanceof Date ? timeXml(value.getTime(), value.toISOString(), place) : textXml(value.join('; '), place);
  }
}

/**
 * Days of a time since the day 0 of spreadsheets, less than 0.01 ms late and never early: LibreOffice cuts what is less than a
 * millisecond off. Undefined where spreadsheets have no such day.
 */
export function toSerialDays(ms: number): number | undefined {
  const days = Math.ceil((ms / MS_PER_DAY + EPOCH_DAYS) * 1e10) / 1e10;
  return days >= FIRST_SAFE_DAY && days < LAST_DAY ? days : undefined;
}

/** The time of day as it is written, without its offset from UTC. */
function localTimeXml(text: string, place: CellPlace): CellXml {
  const wallTime = LOCAL_TIME.exec(text)?.[1];
  return wallTime === undefined ? textXml(text, place) : timeXml(Date.parse(`${wallTime}Z`), text, place);
}

function timeXml(ms: number, text: string, place: CellPlace): CellXml {
  const days = toSerialDays(ms);
  if (days === undefined) return textXml(text, place);
  return whole(`<c r="${place.reference}" s="${String(STYLE.time)}"><v>${String(days)}</v></c>`);
}

function numberXml(value: number, place: CellPlace): CellXml {
  if (!Number.isFinite(value)) return textXml(String(value), place);
  return whole(`<c r="${place.reference}"${styleAttribute(place.style)}><v>${String(value)}</v></c>`);
}

function textXml(given: string, { reference, style }: CellPlace): CellXml {
  const { text, isCut } = toExcelText(given);
  const space = /^\s|\s$|[\t\n]/.test(text) ? ' xml:space="preserve"' : '';
  return { xml: `<c r="${reference}"${styleAttribute(style)} t="inlineStr"><is><t${space}>${escapeXml(text)}</t></is></c>`, isCut };
}

function whole(xml: string): CellXml {
  return { xml, isCut: false };
}
