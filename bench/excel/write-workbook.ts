import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { writeXlsxStream } from 'hucre/xlsx';
import { encodeExcel } from '../../src/exporters/excel/encode-excel.ts';
import { SAMPLE_COLUMNS, sampleRecords } from './sample-records.ts';

const [writer = '', rows = '', path = ''] = process.argv.slice(2);
const AT = new Date('2026-02-01T00:00:00Z');

/** What the library does with the same values and nothing else: no filter, no colours, no second sheet. */
function* plainRows(count: number): Iterable<Record<string, unknown>> {
  for (const record of sampleRecords(count)) {
    yield Object.fromEntries(Object.entries(record).map(([key, value]) => [key, Array.isArray(value) ? value.join('; ') : value]));
  }
}

function chunksOf(count: number): AsyncIterable<Uint8Array> | Readable {
  if (writer === 'hs') {
    const head = { type: 'detections', exportedAt: AT, filters: {}, version: '0', timezone: 'Europe/Berlin' };
    return encodeExcel({ ...head, columns: SAMPLE_COLUMNS }, sampleRecords(count));
  }
  const columns = SAMPLE_COLUMNS.map((key) => ({
    key,
    header: key,
    ...(key === 'detected_at' ? { numFmt: 'yyyy-mm-dd hh:mm:ss.000' } : {}),
  }));
  return Readable.fromWeb(writeXlsxStream(plainRows(count), { name: 'detections', columns }) as ReadableStream);
}

await pipeline(chunksOf(Number(rows)), createWriteStream(path));
