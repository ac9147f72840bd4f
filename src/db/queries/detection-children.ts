import type { Knex } from 'knex';

/** A table with a foreign key to `detections`. */
export type DetectionChild = {
  table: string;
  /** Its columns, in the order of `referenced`. */
  columns: string[];
  referenced: string[];
  /** What the key does when the detection goes. */
  onDelete: 'delete' | 'clear';
};

type KeyRow = Omit<DetectionChild, 'onDelete'> & { action: string };

const CASCADE = 'c';

/** Read from the catalogs, so that tables that come later are not forgotten. */
export async function findDetectionChildren(knex: Knex): Promise<DetectionChild[]> {
  const { rows } = await knex.raw<{ rows: KeyRow[] }>(
    `SELECT k.conrelid::regclass::text AS "table", k.confdeltype::text AS action,
            ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
            ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place) AS referenced
       FROM pg_constraint k
      WHERE k.contype = 'f' AND k.confrelid = 'detections'::regclass AND k.conparentid = 0
      ORDER BY 1`,
  );
  return rows.map(({ action, ...key }) => ({ ...key, onDelete: action === CASCADE ? 'delete' : 'clear' }));
}
