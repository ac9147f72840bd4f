import { Flags } from '@oclif/core';

import type { Column } from '../cli/column.ts';
import { coverageMatrixText } from '../cli/coverage-matrix-text.ts';
import { formatDuration } from '../cli/format-duration.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../cli/list-flags.ts';
import { asOfFlag, durationFlag } from '../cli/moment-flags.ts';
import { printList } from '../cli/print-list.ts';
import { recordColumns } from '../cli/record-columns.ts';
import { EXIT } from '../errors/exit-codes.ts';
import { toCoverageMatrix, toMatrixRecords, type CoverageMatrixRecord } from '../services/coverage/coverage-matrix-records.ts';
import {
  COVERAGE_COLUMNS,
  COVERAGE_LIST_COLUMNS,
  HOLE_COLUMNS,
  HOLE_LIST_COLUMNS,
  toCoverageRecord,
  toHoleRecords,
} from '../services/coverage/coverage-record.ts';
import { reportCoverage, type CoverageReport } from '../services/coverage/report-coverage.ts';

export default class Coverage extends HsCommand<typeof Coverage> {
  static override summary = 'Show when cameras recorded, and when not.';
  static override description =
    'A camera that records all the time has a hole where more than 10 seconds are missing, one that records on motion where nothing came for more than 24 hours. Files that failed or were read in part are named as the cause.';
  static override examples = [
    '<%= config.bin %> coverage --since 7d',
    '<%= config.bin %> coverage --matrix',
    '<%= config.bin %> coverage --holes --min-gap 5m --csv',
    '<%= config.bin %> coverage --since 1d --fail-on gap',
  ];
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ...footageFlags,
    'as-of': asOfFlag('What the age of the last footage is counted to; by default the newest footage of all cameras.'),
    'min-gap': durationFlag('Shorter pauses are no holes.'),
    holes: Flags.boolean({ summary: 'List the holes.', default: false, exclusive: ['matrix'] }),
    matrix: Flags.boolean({ summary: 'Hours of footage of each camera on each day.', default: false }),
    'fail-on': Flags.string({ summary: `End with ${String(EXIT.findings)} when there is a hole.`, options: ['gap'] }),
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, 'as-of': asOf, 'min-gap': minGapMs } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const options = { scope: { since, until, cameras }, asOf, minGapMs, zones: this.settings };
      const reports: CoverageReport[] = [];
      for await (const report of await reportCoverage(knex, options)) reports.push(report);
      // Before the list: its last NDJSON line tells the code.
      if (this.flags['fail-on'] === 'gap' && reports.some(({ holes }) => holes.length > 0)) this.exitWith(EXIT.findings);
      if (this.flags.matrix) await this.printMatrix(reports);
      else await (this.flags.holes ? this.printHoles(reports) : this.printCameras(reports));
    });
  }

  private async printCameras(reports: readonly CoverageReport[]): Promise<void> {
    const columns = recordColumns(COVERAGE_COLUMNS, COVERAGE_LIST_COLUMNS).map(withDuration);
    await printList(reports.map(toCoverageRecord), { columns, ...this.format, emptyText: 'no cameras' });
  }

  private async printHoles(reports: readonly CoverageReport[]): Promise<void> {
    const columns = recordColumns(HOLE_COLUMNS, HOLE_LIST_COLUMNS);
    await printList(reports.flatMap(toHoleRecords), { columns, ...this.format, emptyText: 'no holes' });
  }

  private async printMatrix(reports: readonly CoverageReport[]): Promise<void> {
    const { dates, rows } = toCoverageMatrix(reports);
    if (this.format.format === 'table') return this.print(coverageMatrixText(rows, dates, this.stdout));
    const columns: Column<CoverageMatrixRecord>[] = ['camera_id', ...dates].map((key) => ({ key, value: (row) => row[key] }));
    await printList(toMatrixRecords(reports), { columns, ...this.format });
  }

  private get format() {
    return { wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout };
  }
}

/** Seconds are for programs. */
function withDuration<Row>(column: Column<Row>): Column<Row> {
  if (!column.key.endsWith('_s')) return column;
  const text = (row: Row): string => {
    const value = column.value(row);
    return typeof value === 'number' ? (value === 0 ? '0' : formatDuration(value * 1000)) : '';
  };
  return { ...column, title: column.key.slice(0, -2), format: text };
}
