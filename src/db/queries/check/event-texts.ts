import type { Knex } from 'knex';

import { isDerived } from './events.ts';
import type { CheckScope } from './broken.ts';

/** An event whose text may differ from its members. Ids ascend, classes are in no order; those the column does not need are left out. */
export type EventTextRow = {
  id: number;
  detection_ids: string | null;
  object_types: string | null;
  member_ids: number[];
  member_classes: string[];
};

type EventTextColumn = 'detection_ids' | 'object_types';

type ColumnSql = {
  /** What the members say, as columns of EventTextRow. */
  members: string;
  /** What the column holds when it was written by us, so that the database can leave out what is right. */
  written: string;
};

const COLUMNS: Readonly<Record<EventTextColumn, ColumnSql>> = {
  detection_ids: {
    members: `SELECT coalesce(array_agg(j.detection_id ORDER BY j.detection_id), '{}') AS member_ids, '{}'::text[] AS member_classes
                FROM event_detections j WHERE j.event_id = e.id`,
    written: `'[' || array_to_string(m.member_ids, ',') || ']'`,
  },
  // An event without members keeps the classes it had.
  object_types: {
    members: `SELECT '{}'::bigint[] AS member_ids, array_agg(d.object_type::text) FILTER (WHERE d.object_type IS NOT NULL) AS member_classes
                FROM event_detections j JOIN detections d ON d.id = j.detection_id AND d.detected_at = j.detected_at
               WHERE j.event_id = e.id HAVING count(*) > 0`,
    written: `(SELECT string_agg(object_type, ',' ORDER BY times DESC, object_type COLLATE "C")
                 FROM (SELECT object_type, count(*) AS times FROM unnest(m.member_classes) AS object_type GROUP BY 1) t)`,
  },
};

const SLICE = 500;

/** Events whose column is not what we would write, in slices; whether it is wrong the caller decides. */
export async function* suspectTexts(knex: Knex, column: EventTextColumn, scope: CheckScope): AsyncIterable<EventTextRow[]> {
  for (let after = 0; ;) {
    const { rows } = await knex.raw<{ rows: EventTextRow[] }>(SUSPECTS(column, ''), { since: scope.since, after });
    if (rows.length > 0) yield rows;
    if (rows.length < SLICE) return;
    after = rows.at(-1)?.id ?? after;
  }
}

/** The same, with each row locked first, so that a derivation that runs meanwhile is seen whole. */
export async function lockSuspectTexts(trx: Knex.Transaction, column: EventTextColumn, ids: readonly number[]): Promise<EventTextRow[]> {
  await trx('events')
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate()
    .select('id');
  const { rows } = await trx.raw<{ rows: EventTextRow[] }>(SUSPECTS(column, 'AND e.id = ANY (CAST(:ids AS bigint[]))'), {
    since: '-infinity',
    after: 0,
    ids: [...ids],
  });
  return rows;
}

export async function updateEventText(
  trx: Knex.Transaction,
  id: number,
  patch: Partial<Record<EventTextColumn, string | null>>,
): Promise<void> {
  await trx('events').where({ id }).update(patch);
}

const SUSPECTS = (column: EventTextColumn, narrowed: string): string => `
  SELECT e.id, e.detection_ids, e.object_types, m.member_ids, coalesce(m.member_classes, '{}') AS member_classes
    FROM events e CROSS JOIN LATERAL (${COLUMNS[column].members}) m
   WHERE e.started_at >= :since AND e.id > :after ${narrowed}
     AND e.${column} IS DISTINCT FROM ${COLUMNS[column].written}
     AND ${isDerived('e.camera_id', 'e.started_at', 'coalesce(e.ended_at, e.started_at)')}
   ORDER BY e.id LIMIT ${String(SLICE)}`;
