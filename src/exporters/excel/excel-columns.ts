import type { ExportRecord, ExportValue } from '../export-record.ts';

export type ExcelColumn = {
  key: string;
  /** The key as words: "Started at". */
  title: string;
  /** Such as `AB`. */
  letters: string;
  /** In characters. */
  width: number;
  isLocalTime: boolean;
};

const NARROWEST = 8;
const WIDEST = 52;
/** `2026-01-14 08:15:00.000` and some air. */
const TIME_WIDTH = 24;
/** Room for the button of the filter. */
const BUTTON_WIDTH = 4;

/** Columns from the one numbered `first` (0 = A) on, as wide as their title and what the sample of their first rows needs. */
export function planColumns(keys: readonly string[], sample: readonly ExportRecord[], first = 0): ExcelColumn[] {
  return keys.map((key, index) => {
    const title = titleOf(key);
    const isLocalTime = key.endsWith('_local');
    const widest = sample.reduce((width, record) => Math.max(width, widthOf(record[key], isLocalTime)), title.length + BUTTON_WIDTH);
    return { key, title, letters: columnLetters(first + index), width: Math.min(WIDEST, Math.max(NARROWEST, widest)), isLocalTime };
  });
}

/** `started_at` → `Started at`. */
export function titleOf(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** 0 → `A`, 25 → `Z`, 26 → `AA`. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

function widthOf(value: ExportValue | undefined, isLocalTime: boolean): number {
  if (value === null || value === undefined) return 0;
  if (value instanceof Date || isLocalTime) return TIME_WIDTH;
  const text = typeof value === 'object' ? value.join('; ') : String(value);
  return text.length + 2;
}
