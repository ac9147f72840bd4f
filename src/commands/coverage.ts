import type { Column } from '../cli/column.ts';
import { withDuration } from '../cli/duration-column.ts';
import { coverageFlags } from '../cli/coverage-flags.ts';
import { coverageMatrixText } from '../cli/coverage-matrix-text.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { listFormat } from '../cli/list-flags.ts';
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
import { assertPlotPath } from '../services/plots/plot-path.ts';
import { reportCoverage, type CoverageReport } from '../services/coverage/report-coverage.ts';

export default class Coverage extends HsCommand<typeof Coverage> {
  static override summary = 'Show when cameras recorded, and when not.';
  static override description =
    'A camera that records all the time has a hole where more than 10 seconds are missing, one that records on motion where nothing came for more than 24 hours. Files that failed or were read in part are named as the cause.';
  static override examples = [
    '<%= config.bin %> coverage --since 7d',
    '<%= config.bin %> coverage --matrix',
    '<%= config.bin %> coverage --since 30d --out footage.png',
    '<%= config.bin %> coverage --holes --min-gap 5m --csv',
    '<%= config.bin %> coverage --since 1d --fail-on gap',
  ];
  static override flags = coverageFlags;

  async run(): Promise<void> {
    const { since, until, camera: cameras, 'as-of': asOf, 'min-gap': minGapMs, out } = this.flags;
    if (out !== undefined) assertPlotPath(out);
    await this.withDatabase(async ({ knex }) => {
      const byClock = out !== undefined || this.flags.matrix;
      const options = { scope: { since, until, cameras }, asOf, minGapMs, byClock, zones: this.settings };
      const reports: CoverageReport[] = [];
      for await (const report of await reportCoverage(knex, options)) reports.push(report);
      // Before the list: its last NDJSON line tells the code.
      if (this.flags['fail-on'] === 'gap' && reports.some(({ holes }) => holes.length > 0)) this.exitWith(EXIT.findings);
      if (out !== undefined) await this.draw(out, reports);
      else if (this.flags.matrix) await this.printMatrix(reports);
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

  private async draw(path: string, reports: readonly CoverageReport[]): Promise<void> {
    const { writeCoveragePlot } = await import('../services/coverage/write-coverage-plot.ts');
    this.remark(await writeCoveragePlot(path, reports));
    this.note(`written to ${path}`);
  }

  private get format() {
    return { wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout };
  }
}
