import { expect, test } from 'vitest';
import { encodeJson, type ExportHead } from '../../../src/exporters/encode-json.ts';
import { encodeNdjson } from '../../../src/exporters/encode-ndjson.ts';
import type { ExportRecord } from '../../../src/exporters/export-record.ts';

const head: ExportHead = {
  schema: 'hs-events',
  schemaVersion: 1,
  exportedAt: new Date('2026-02-01T00:00:00Z'),
  filters: { level: ['high'] },
  count: 0,
};

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

test('an empty export is a whole document with an empty list', async () => {
  expect(JSON.parse(await textOf(encodeJson(head, [])))).toEqual({
    schema: 'hs-events',
    schema_version: 1,
    exported_at: '2026-02-01T00:00:00.000Z',
    filters: { level: ['high'] },
    count: 0,
    items: [],
  });
});

test('has its members in the documented order (§10.14)', async () => {
  const text = await textOf(encodeJson(head, []));
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['schema', 'schema_version', 'exported_at', 'filters', 'count', 'items']);
});

const records: ExportRecord[] = [
  { id: 1, at: new Date('2026-01-14T08:15:00.250Z'), types: ['person', 'car'], notes: null, reviewed: false },
  { id: 2, at: new Date('2026-01-14T08:16:00Z'), types: [], notes: '=1+1 "x"\n\u2028👩‍👩‍👧‍👦 \u202E', reviewed: true },
];

test('text is exact, times are UTC with ms, lists are lists, missing values null', async () => {
  const document = JSON.parse(await textOf(encodeJson({ ...head, count: 2 }, records))) as { items: unknown[] };
  expect(document.items).toEqual([
    { id: 1, at: '2026-01-14T08:15:00.250Z', types: ['person', 'car'], notes: null, reviewed: false },
    { id: 2, at: '2026-01-14T08:16:00.000Z', types: [], notes: '=1+1 "x"\n\u2028👩‍👩‍👧‍👦 \u202E', reviewed: true },
  ]);
});

test('NDJSON is one item per line and nothing when there are none', async () => {
  const lines = (await textOf(encodeNdjson(records))).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe('');
  expect(lines.slice(0, 2).map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2]);
  expect(await textOf(encodeNdjson([]))).toBe('');
});

test('many small items leave as few large chunks', async () => {
  const many = Array.from({ length: 10_000 }, (_, id) => ({ id }));
  let chunks = 0;
  for await (const chunk of encodeNdjson(many)) chunks += chunk === '' ? 0 : 1;
  expect(chunks).toBeGreaterThan(1);
  expect(chunks).toBeLessThan(10);
});
