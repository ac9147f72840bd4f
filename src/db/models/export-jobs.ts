import type { Knex } from 'knex';

import type { ExportFormat, ExportJobStatus, ExportType } from '../../domain/enums.ts';
import { toProgressPercent } from '../../domain/job.ts';

/** One row of `export_jobs`, as stored. */
export type ExportJobRow = {
  id: string;
  status: ExportJobStatus;
  export_type: ExportType;
  export_format: ExportFormat;
  total_items: number | null;
  processed_items: number;
  progress_percent: number;
  current_step: string | null;
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  estimated_completion: Date | null;
  output_path: string | null;
  output_size_bytes: number | null;
  error_message: string | null;
  /** JSON as text. */
  filter_params: string | null;
};

export type NewExportJob = Pick<ExportJobRow, 'id' | 'export_type' | 'export_format'> & { filters?: unknown };

/** Also once more, for another attempt at the same export: what an earlier one left there is forgotten. */
export async function insertExportJob(knex: Knex, job: NewExportJob): Promise<void> {
  const { filters, ...columns } = job;
  const row = { ...UNBEGUN, ...columns, filter_params: filters === undefined ? null : JSON.stringify(filters) };
  await knex('export_jobs').insert(row).onConflict('id').merge();
}

const UNBEGUN = {
  status: 'pending',
  total_items: null,
  processed_items: 0,
  progress_percent: 0,
  current_step: null,
  started_at: null,
  completed_at: null,
  estimated_completion: null,
  output_path: null,
  output_size_bytes: null,
  error_message: null,
} satisfies Partial<ExportJobRow>;

export async function findExportJob(knex: Knex, id: string): Promise<ExportJobRow | undefined> {
  return knex<ExportJobRow>('export_jobs').where({ id }).first();
}

/** From pending only; false otherwise. */
export async function startExportJob(knex: Knex, id: string, options: { totalItems?: number } = {}): Promise<boolean> {
  const patch = { status: 'running', started_at: knex.raw('greatest(now(), created_at)'), total_items: options.totalItems ?? null };
  return (await knex('export_jobs').where({ id, status: 'pending' }).update(patch)) > 0;
}

export type ExportProgress = { processedItems: number; percent: number; step?: string; estimatedCompletion?: Date };

/** Running only; false otherwise. Percent stops at 99 and never goes back. */
export async function saveExportProgress(knex: Knex, id: string, progress: ExportProgress): Promise<boolean> {
  const changed = await knex('export_jobs')
    .where({ id, status: 'running' })
    .update({
      processed_items: progress.processedItems,
      progress_percent: knex.raw('greatest(progress_percent, ?::integer)', [toProgressPercent(progress.percent)]),
      ...(progress.step === undefined ? {} : { current_step: progress.step.slice(0, 255) }),
      ...(progress.estimatedCompletion === undefined ? {} : { estimated_completion: progress.estimatedCompletion }),
    });
  return changed > 0;
}

export type ExportOutput = { outputPath: string | null; sizeBytes: number; items: number };

/** From running only; false otherwise. */
export async function completeExportJob(knex: Knex, id: string, output: ExportOutput): Promise<boolean> {
  const changed = await knex('export_jobs')
    .where({ id, status: 'running' })
    .update({
      status: 'completed',
      completed_at: knex.raw('greatest(now(), started_at)'),
      progress_percent: 100,
      current_step: 'Completed',
      processed_items: output.items,
      output_path: output.outputPath,
      output_size_bytes: output.sizeBytes,
    });
  return changed > 0;
}

/** From pending or running; false otherwise. A cancelled export fails with the message `cancelled`. */
export async function failExportJob(knex: Knex, id: string, message: string): Promise<boolean> {
  const changed = await knex('export_jobs')
    .where({ id })
    .whereIn('status', ['pending', 'running'])
    .update({ status: 'failed', completed_at: knex.raw('greatest(now(), created_at)'), error_message: message });
  return changed > 0;
}

/** All that are pending or running; returns how many. */
export async function failOpenExportJobs(knex: Knex, message: string): Promise<number> {
  return knex('export_jobs')
    .whereIn('status', ['pending', 'running'])
    .update({ status: 'failed', completed_at: knex.raw('greatest(now(), created_at, started_at)'), error_message: message });
}
