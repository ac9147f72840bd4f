import { plainText, type CellValue } from './column.ts';
import { displayWidth, padToWidth } from './display-width.ts';
import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { writeOut } from './write-out.ts';

type PrintRecordOptions = { json: boolean; terminal: Terminal; write?: (text: string) => Promise<void> };

export const RECORD_SCHEMA_VERSION = 1;

/** Prints one thing: `key  value` lines for people, `{schema_version, item}` with `--json`. Objects show as JSON. */
export async function printRecord(record: Readonly<Record<string, CellValue>>, options: PrintRecordOptions): Promise<void> {
  const write = options.write ?? writeOut;
  await write(options.json ? jsonText(record) : recordText(record, options.terminal));
}

function jsonText(record: Readonly<Record<string, CellValue>>): string {
  const item = Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value ?? null]));
  const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return `${JSON.stringify({ schema_version: RECORD_SCHEMA_VERSION, item }, replacer, 2)}\n`;
}

function recordText(record: Readonly<Record<string, CellValue>>, terminal: Terminal): string {
  const shown = Object.entries(record).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([key]) => displayWidth(key)));
  const lines = shown.map(([key, value]) => `${terminal.style('bold', padToWidth(key, width))}  ${valueText(value)}`);
  return `${lines.join('\n')}\n`;
}

function valueText(value: CellValue): string {
  const isListOfObjects = Array.isArray(value) && value.some((item) => typeof item === 'object');
  return visibleText(isListOfObjects ? JSON.stringify(value) : plainText(value));
}
