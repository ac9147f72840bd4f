import type { ExportRecord } from './export-record.ts';
import { joinTexts } from './join-texts.ts';

/** What a JSON export says about itself, before its items. `filters` are those given, times in UTC. */
export type ExportHead = {
  schema: string;
  schemaVersion: number;
  exportedAt: Date;
  filters: Readonly<Record<string, unknown>>;
  count: number;
};

type Records = AsyncIterable<ExportRecord> | Iterable<ExportRecord>;

/** One JSON document `{schema, schema_version, exported_at, filters, count, items}`, one item per line, never held whole. */
export function encodeJson(head: ExportHead, records: Records): AsyncIterable<string> {
  return joinTexts(jsonTexts(head, records));
}

async function* jsonTexts(head: ExportHead, records: Records): AsyncIterable<string> {
  const fields = {
    schema: head.schema,
    schema_version: head.schemaVersion,
    exported_at: head.exportedAt.toISOString(),
    filters: head.filters,
    count: head.count,
  };
  const members = Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  yield `{\n  ${members.join(',\n  ')},\n  "items": [`;
  let separator = '\n    ';
  for await (const record of records) {
    yield separator + JSON.stringify(record);
    separator = ',\n    ';
  }
  yield separator.startsWith(',') ? '\n  ]\n}\n' : ']\n}\n';
}
