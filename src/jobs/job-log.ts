import type { Knex } from 'knex';
import { insertJobLogs, type NewJobLog } from '../db/models/job-logs.ts';
import type { AppLogLevel, LogLevel } from '../domain/enums.ts';
import { redact, redactText } from '../lib/redact.ts';
import { createAppLog, type LogContext } from './app-log.ts';
import { createBatchWriter } from './batch-writer.ts';

export type JobLog = { write: (level: LogLevel, message: string, context?: LogContext) => void; close: () => Promise<void> };

type JobLogOptions = { knex: Knex; component: string; logLevel: AppLogLevel; onLog?: (level: LogLevel, message: string) => void };

/** Lines about one attempt of a job, into `job_logs` and `logs`, in batches. */
export function createJobLog(options: JobLogOptions, job: { runId: string; jobId: string; attemptNumber: number }): JobLog {
  const { knex, component, logLevel: lowest } = options;
  const lines = createBatchWriter<NewJobLog>({ write: (batch) => insertJobLogs(knex, batch) });
  const appLog = createAppLog({ knex, component, runId: job.runId, lowest });
  return {
    write: (level, message, context) => {
      options.onLog?.(level, message);
      appLog.log(level, message, context);
      lines.add({
        job_id: job.jobId,
        attempt_number: job.attemptNumber,
        level,
        message: redactText(message),
        timestamp: new Date(),
        ...(context === undefined ? {} : { context: redact(context) }),
      });
    },
    close: async () => {
      await lines.close();
      await appLog.close();
    },
  };
}
