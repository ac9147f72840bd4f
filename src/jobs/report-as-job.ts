import { EXIT } from '../errors/exit-codes.ts';
import { writeReport, type WriteReportOptions } from '../services/report/write-report.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type ReportAsJobOptions = {
  job: Omit<RunAsJobOptions, 'jobType'>;
  report: Omit<WriteReportOptions, 'signal'>;
};

type Written = Awaited<ReturnType<typeof writeReport>>;

/** Writes a report. A report changes nothing, so that only that of a worker has a job, which tells how far it is. */
export async function reportAsJob({ job, report }: ReportAsJobOptions): Promise<Written> {
  const { knex } = job.database;
  if (job.adopts === undefined) return writeReport(knex, { ...report, signal: job.signal });
  const { result } = await runAsJob({ ...job, jobType: 'report' }, async ({ signal, progress }) => {
    const onPicture = (done: number, of: number): void => {
      progress(Math.floor((95 * done) / Math.max(1, of)), `${String(done)} of ${String(of)} pictures`);
      report.onPicture(done, of);
    };
    const { isEmpty, ...written } = await writeReport(knex, { ...report, signal, onPicture });
    return { result: { isEmpty, ...written }, exitCode: EXIT.ok, summary: written };
  });
  return result;
}
