import type { Knex } from 'knex';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import type { ExportFormat } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { BoxRecord } from '../../exporters/boxes/box-record.ts';
import { encodeCsv } from '../../exporters/encode-csv.ts';
import { encodeExcel } from '../../exporters/excel/encode-excel.ts';
import type { ThumbnailSource } from '../../exporters/excel/sheet-texts.ts';
import { encodeJson } from '../../exporters/encode-json.ts';
import { encodeNdjson } from '../../exporters/encode-ndjson.ts';
import type { ExportRecord } from '../../exporters/export-record.ts';
import { encodeZip } from '../../exporters/zip/encode-zip.ts';
import { chooseExportColumns } from './choose-export-columns.ts';
import { BOX_FORMATS, encodeBoxes, isBoxFormat, type BoxFormatName } from './export-boxes.ts';
import { recordExport, type ExportLedger, type ReportProgress } from './export-ledger.ts';
import { EXPORT_PERCENT, exportPercent, reportRows } from './export-progress.ts';
import type { ExportSource } from './export-source.ts';
import type { ExportTarget } from './export-target.ts';
import { writeTarget, type WrittenFile } from './write-target.ts';

const ROW_FORMATS = ['csv', 'excel', 'json', 'ndjson', 'zip'] as const;
export const EXPORT_FORMATS = [...ROW_FORMATS, ...BOX_FORMATS] as const;
export type ExportFormatName = (typeof EXPORT_FORMATS)[number];

export const EXPORT_SCHEMA_VERSION = 1;

export type ExportRecordsOptions = {
  format: ExportFormatName;
  /** All when none are named. */
  columns?: readonly string[] | undefined;
  /** A byte-order mark before CSV. */
  bom: boolean;
  /** Of the program, and the time zone of the settings: what an Excel workbook tells about itself. */
  version: string;
  timezone: string;
  /** Pictures beside the first rows of an Excel workbook. */
  thumbnails?: ThumbnailSource | undefined;
  /** Folder that file names of a format of boxes begin at; by default the longest that all files lie in. */
  root?: string | undefined;
  target: ExportTarget;
  /** Receives the bytes when the target is standard output. */
  writeOut: (chunk: Uint8Array) => Promise<void>;
  /** Shared by the job and its export. */
  jobId: string;
  actor: string;
  signal: AbortSignal;
  progress: ReportProgress;
  now: () => Date;
};

export type ExportSummary = { type: ExportSource['type']; format: ExportFormatName; rows: number; path: string | null } & WrittenFile;

/**
 * Writes what `source` reads, all of it from one moment of the database, with an `export_jobs` row moving beside it. A file is
 * complete under its name or not there. On failure the row and the audit log say why.
 */
export async function exportRecords(knex: Knex, source: ExportSource, options: ExportRecordsOptions): Promise<ExportSummary> {
  const columns = chooseExportColumns(source.columns, options.columns);
  const { format, target } = options;
  const filters = { format, columns: options.columns ?? 'all', ...source.filters };
  const row = { export_type: source.type, export_format: storedFormat(format) };
  return recordExport(knex, { ...options, type: source.type, filters, row }, async (ledger) => {
    const { rows, written } = await readSnapshot(knex, (snapshot) => writeSnapshot(snapshot, { source, columns, options, ledger }));
    const path = target.kind === 'file' ? target.path : null;
    await ledger.complete({ rows, path, ...written });
    return { type: source.type, format, rows, path, ...written };
  });
}

type WriteSnapshotOptions = { source: ExportSource; columns: readonly string[]; options: ExportRecordsOptions; ledger: ExportLedger };

async function writeSnapshot(snapshot: Knex, job: WriteSnapshotOptions): Promise<{ rows: number; written: WrittenFile }> {
  const { options, ledger } = job;
  const { total, chunks } = await startReading(snapshot, job);
  const written = await writeTarget(chunks, {
    ...options,
    onWritten: () => ledger.advance({ done: total, percent: exportPercent(total, total), step: 'rows written' }),
    onSynced: () => ledger.advance({ done: total, percent: EXPORT_PERCENT.synced, step: 'file synced' }),
  });
  return { rows: total, written };
}

/** Counts first; the chunks are read as they are written. */
async function startReading(snapshot: Knex, job: WriteSnapshotOptions): Promise<{ total: number; chunks: Chunks }> {
  const { source, columns, options, ledger } = job;
  const { format } = options;
  if (isBoxFormat(format)) return startReadingBoxes(snapshot, job, format);
  const total = await source.count(snapshot);
  await ledger.counted(total);
  const rows = watchRows(await source.records(snapshot, columns), { ledger, total });
  const records = columns === source.columns ? rows : pickColumns(rows, columns);
  return { total, chunks: encode(records, { source, columns, options: { ...options, format }, total }) };
}

async function startReadingBoxes(
  snapshot: Knex,
  job: WriteSnapshotOptions,
  format: BoxFormatName,
): Promise<{ total: number; chunks: Chunks }> {
  const { source, options, ledger } = job;
  if (!source.boxes) throw new UsageError(`${source.type} cannot be written as ${format}`);
  const span = await source.boxes.span(snapshot);
  await ledger.counted(span.count);
  const { root, version } = options;
  const watch = (records: AsyncIterable<BoxRecord>): AsyncIterable<BoxRecord> => watchRows(records, { ledger, total: span.count });
  const chunks = encodeBoxes(snapshot, source.boxes, { format, span, root, version, exportedAt: options.now(), watch });
  return { total: span.count, chunks };
}

type WatchOptions = { ledger: ExportLedger; total: number };

function watchRows<Row>(rows: AsyncIterable<Row>, { ledger, total }: WatchOptions): AsyncIterable<Row> {
  return reportRows(rows, {
    total,
    nowMs: () => performance.now(),
    // Of boxes there are more records than rows: frames without one.
    report: ({ done, percent, remainingMs }) => ledger.advance({ done: Math.min(done, total), percent, remainingMs, step: 'writing rows' }),
  });
}

async function* pickColumns(records: AsyncIterable<ExportRecord>, columns: readonly string[]): AsyncIterable<ExportRecord> {
  for await (const record of records) yield Object.fromEntries(columns.map((column) => [column, record[column] ?? null]));
}

type Chunks = AsyncIterable<string | Uint8Array>;
type EncodeOptions = Omit<WriteSnapshotOptions, 'ledger' | 'options'> & {
  options: ExportRecordsOptions & { format: (typeof ROW_FORMATS)[number] };
  total: number;
};

function encode(records: AsyncIterable<ExportRecord>, { source, columns, options, total }: EncodeOptions): Chunks {
  const exportedAt = options.now();
  const { filters } = source;
  switch (options.format) {
    case 'excel': {
      const { version, timezone, thumbnails } = options;
      return encodeExcel({ type: source.type, columns, exportedAt, filters, version, timezone, thumbnails }, records);
    }
    case 'csv':
      return encodeCsv(columns, records, { bom: options.bom });
    case 'ndjson':
      return encodeNdjson(records);
    case 'zip': {
      const { bom, version } = options;
      const about = { type: source.type, columns, filters, count: total, exportedAt, version };
      return encodeZip(encodeCsv(columns, records, { bom }), {
        ...about,
        schemaVersion: EXPORT_SCHEMA_VERSION,
        file: `${source.type}.csv`,
      });
    }
    case 'json': {
      const head = { schema: `hs-${source.type}`, schemaVersion: EXPORT_SCHEMA_VERSION, exportedAt };
      return encodeJson({ ...head, filters, count: total }, records);
    }
  }
}

/** What `export_jobs` knows a format as. */
function storedFormat(format: ExportFormatName): ExportFormat {
  return format === 'csv' || format === 'excel' || format === 'zip' ? format : 'json';
}
