import type { Knex } from 'knex';
import { insertLogs, type NewLog } from '../db/models/logs.ts';
import type { AppLogLevel } from '../domain/enums.ts';
import { redact, redactText } from '../lib/redact.ts';
import { createBatchWriter } from './batch-writer.ts';

export type LogContext = {
  cameraId?: string | undefined;
  eventId?: number | undefined;
  detectionId?: number | undefined;
  durationMs?: number | undefined;
  [key: string]: unknown;
};

type AppLogOptions = { knex: Knex; component: string; runId?: string | undefined; lowest: AppLogLevel };

export type AppLog = {
  log: (level: AppLogLevel, message: string, context?: LogContext) => void;
  close: () => Promise<void>;
};

const ORDER: readonly AppLogLevel[] = ['debug', 'info', 'warning', 'error', 'critical'];

/** The `logs` table, written in batches. Losing the database loses lines here and never stops the caller. */
export function createAppLog({ knex, component, runId, lowest }: AppLogOptions): AppLog {
  const writer = createBatchWriter<NewLog>({ write: (lines) => insertLogs(knex, lines) });
  return {
    log: (level, message, context = {}) => {
      if (ORDER.indexOf(level) < ORDER.indexOf(lowest)) return;
      const { cameraId, eventId, detectionId, durationMs, ...extra } = context;
      writer.add({
        timestamp: new Date(),
        level,
        component,
        message: redactText(message),
        camera_id: cameraId ?? null,
        event_id: eventId ?? null,
        detection_id: detectionId ?? null,
        request_id: runId ?? null,
        duration_ms: durationMs === undefined ? null : Math.round(durationMs),
        ...(Object.keys(extra).length === 0 ? {} : { extra: redact(extra) }),
      });
    },
    close: () => writer.close(),
  };
}
