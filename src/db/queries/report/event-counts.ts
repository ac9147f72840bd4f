import type { Knex } from 'knex';

import type { Severity } from '../../../domain/enums.ts';

export type ReportScope = { since: Date; until: Date; cameraIds: readonly string[] };

/** Events of a camera and level that began in the same quarter of an hour: clocks everywhere differ by whole quarters. */
export type EventCountRow = { camera_id: string; level: Severity | null; quarter: Date; events: number };

export async function countEventsByQuarter(knex: Knex, { since, until, cameraIds }: ReportScope): Promise<EventCountRow[]> {
  const { rows } = await knex.raw<{ rows: EventCountRow[] }>(
    `SELECT camera_id, risk_level AS level, date_bin('15 minutes', started_at, timestamptz '2000-01-01Z') AS quarter, count(*) AS events
       FROM events WHERE started_at >= ? AND started_at < ? AND camera_id = ANY (?)
      GROUP BY 1, 2, 3 ORDER BY 3, 1, 2`,
    [since, until, [...cameraIds]],
  );
  return rows;
}
