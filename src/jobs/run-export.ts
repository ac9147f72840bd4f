import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { chooseExportColumns } from '../services/export/choose-export-columns.ts';
import { exportRecords, type ExportRecordsOptions, type ExportSummary } from '../services/export/export-records.ts';
import type { ExportSource } from '../services/export/export-source.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type RunExportOptions = {
  job: Omit<RunAsJobOptions, 'jobType'>;
  source: ExportSource;
  output: Omit<ExportRecordsOptions, 'jobId' | 'signal' | 'progress'>;
  /** An empty export ends with the code for "nothing matched"; it is written all the same. */
  failOnEmpty: boolean;
  onProgress?: (percent: number, step: string | undefined) => void;
};

/** Exports with the records of a job around it. */
export async function runExport(options: RunExportOptions): Promise<{ summary: ExportSummary; exitCode: ExitCode }> {
  const { job, source, output, failOnEmpty, onProgress } = options;
  // A misspelt column is the user's error, not a failed job.
  chooseExportColumns(source.columns, output.columns);
  const { result, exitCode } = await runAsJob({ ...job, jobType: 'export' }, async ({ jobId, signal, progress }) => {
    const report = (percent: number, step?: string): void => {
      progress(percent, step);
      onProgress?.(percent, step);
    };
    const summary = await exportRecords(job.database.knex, source, { ...output, jobId, signal, progress: report });
    return { result: summary, exitCode: failOnEmpty && summary.rows === 0 ? EXIT.nothingMatched : EXIT.ok, summary };
  });
  return { summary: result, exitCode };
}
