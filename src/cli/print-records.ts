import type { CellValue } from './column.ts';
import { printRecord, RECORD_SCHEMA_VERSION } from './print-record.ts';
import type { Terminal } from './terminal.ts';
import { writeOut } from './write-out.ts';

type Records = readonly Readonly<Record<string, CellValue>>[];

type PrintRecordsOptions = { /** As the user gave them. */ words: readonly string[]; json: boolean; terminal: Terminal };

/** Prints the things that `words` named, with a blank line between; in JSON one word gives `item`, several or `-` give `items`. */
export async function printRecords(records: Records, { words, json, terminal }: PrintRecordsOptions): Promise<void> {
  const isSeveral = words.length > 1 || words.includes('-');
  if (json && isSeveral) {
    await writeOut(`${JSON.stringify({ schema_version: RECORD_SCHEMA_VERSION, items: records }, undefined, 2)}\n`);
    return;
  }
  for (const [index, record] of records.entries()) {
    if (index > 0) await writeOut('\n');
    await printRecord(record, { json, terminal });
  }
}
