import type { ExportRecord } from './export-record.ts';
import { joinTexts } from './join-texts.ts';

/** One JSON object per line and nothing else; an empty result has no lines. */
export function encodeNdjson(records: AsyncIterable<ExportRecord> | Iterable<ExportRecord>): AsyncIterable<string> {
  return joinTexts(ndjsonLines(records));
}

async function* ndjsonLines(records: AsyncIterable<ExportRecord> | Iterable<ExportRecord>): AsyncIterable<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}
