import type { Knex } from 'knex';

import type { ReportScope } from './event-counts.ts';

export type ReportFileCounts = {
  files: number;
  failed: number;
  partial: number;
  /** Failed or partial, and nothing tells their time. */ undated: number;
};

/** Files whose footage begins in a span, and what became of them. */
export async function countReportFiles(knex: Knex, { since, until, cameraIds }: ReportScope): Promise<ReportFileCounts> {
  const { rows } = await knex.raw<{ rows: ReportFileCounts[] }>(
    `SELECT count(*) FILTER (WHERE captured_at IS NOT NULL) AS files,
            count(*) FILTER (WHERE captured_at IS NOT NULL AND status = 'failed') AS failed,
            count(*) FILTER (WHERE captured_at IS NOT NULL AND status = 'partial') AS partial,
            count(*) FILTER (WHERE captured_at IS NULL) AS undated
       FROM media_files
      WHERE camera_id = ANY (:cameraIds)
        AND (captured_at >= :since AND captured_at < :until OR captured_at IS NULL AND status IN ('failed', 'partial'))`,
    { since, until, cameraIds: [...cameraIds] },
  );
  return rows[0] ?? { files: 0, failed: 0, partial: 0, undated: 0 };
}
