import { Readable } from 'node:stream';
import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import { REPORT_SCHEMA_VERSION, type Report, type ReportPictures } from '../../exporters/report/report-data.ts';
import { reportPage } from '../../exporters/report/report-page.ts';
import { reportText } from '../../exporters/report/report-text.ts';
import { isEmptyReport } from '../../exporters/report/report-words.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveTarget, type ExportTarget } from '../export/export-target.ts';
import { writeTarget, type WrittenFile } from '../export/write-target.ts';
import type { DecodeSettings } from '../footage/read-footage-frame.ts';
import { cutPictures } from './cut-pictures.ts';
import { gatherReport } from './gather-report.ts';
import { resolveReportSpan, type ReportChoice } from './report-span.ts';

export const REPORT_FORMATS = ['html', 'text', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type WriteReportOptions = {
  choice: ReportChoice;
  format: ReportFormat;
  /** A file, an existing folder, or `-` for standard output. */
  out: string;
  /** What a relative `out` is relative to. */
  folder: string;
  settings: ZoneSettings & DecodeSettings;
  /** Frames of the most urgent events, in a page. */
  withPictures: boolean;
  version: string;
  actor: string;
  writeOut: (chunk: Uint8Array) => Promise<void>;
  signal: AbortSignal;
  onPicture: (done: number, of: number) => void;
};

export type WrittenReport = {
  kind: Report['kind'];
  format: ReportFormat;
  since: Date;
  until: Date;
  events: number;
  pictures: number;
  path: string | null;
} & WrittenFile;

const SUFFIX = { html: 'html', text: 'txt', json: 'json' } as const;

/** Writes a report of what is stored about some footage. What leaves as a file or with pictures is in the audit log. */
export async function writeReport(knex: Knex, options: WriteReportOptions): Promise<WrittenReport & { isEmpty: boolean }> {
  const { choice, format, settings } = options;
  const span = await resolveReportSpan(knex, choice, settings);
  const target = await targetOf(options, span.dates);
  const report = await readSnapshot(knex, (snapshot) => gatherReport(snapshot, span, settings));
  const pictures: ReportPictures = format === 'html' && options.withPictures ? await cutPictures(knex, report, options) : new Map();
  const shown = [...pictures.values()].filter((picture) => picture !== null).length;
  const file = await writeTarget(Readable.from([render(report, { pictures, options })]), { ...options, target, ...SILENT });
  const path = target.kind === 'file' ? target.path : null;
  const { kind, since, until } = report;
  const written: WrittenReport = { kind, format, since, until, events: report.counts.events, pictures: shown, path, ...file };
  if (path !== null || shown > 0) await audit(knex, { written, cameras: span.cameraIds, actor: options.actor });
  return { ...written, isEmpty: isEmptyReport(report) };
}

const SILENT = { onWritten: () => Promise.resolve(), onSynced: () => Promise.resolve() };

/** Names made here say of which days a report is. */
function targetOf({ choice, format, out, folder }: WriteReportOptions, dates: readonly string[]): Promise<ExportTarget> {
  return resolveTarget({ out, folder, type: `report-${choice.kind}`, suffix: SUFFIX[format], at: dates[0] ?? '' });
}

function render(report: Report, { pictures, options }: { pictures: ReportPictures; options: WriteReportOptions }): string {
  if (options.format === 'html') return reportPage(report, { pictures, version: options.version });
  if (options.format === 'text') return reportText(report);
  return `${JSON.stringify({ schema_version: REPORT_SCHEMA_VERSION, report }, undefined, 2)}\n`;
}

type AuditOptions = { written: WrittenReport; cameras: readonly string[]; actor: string };

async function audit(knex: Knex, { written, cameras, actor }: AuditOptions): Promise<void> {
  const { kind, ...details } = written;
  const entry = { action: 'media_exported', resource_type: 'report', resource_id: kind, actor, status: 'success' } as const;
  await insertAuditLog(knex, { ...entry, details: { type: 'report', ...details, cameras } });
}
