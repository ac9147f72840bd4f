import type { Knex } from 'knex';

import { collectBroken, type Broken, type CheckScope } from './broken.ts';

type Reference = { name: string; child: string; columns: string[]; parent: string; parent_columns: string[] };

/** Rows that name a parent which does not exist, for every foreign key there is: one whole scan per key. */
export async function findLostParents(knex: Knex, { limit }: CheckScope): Promise<Broken> {
  const { rows: references } = await knex.raw<{ rows: Reference[] }>(REFERENCES);
  const broken = collectBroken(limit);
  for (const reference of references) {
    const { rows } = await knex.raw<{ rows: { count: number; first: string | null }[] }>(...countLost(reference));
    const [lost] = rows;
    if (lost === undefined || lost.count === 0) continue;
    const first = `(${reference.columns.join(', ')}) = ${String(lost.first)}`;
    broken.add({
      where: `table ${reference.child}`,
      text: `${String(lost.count)} rows name no row of ${reference.parent}, the first by ${first}`,
    });
  }
  return broken;
}

/** Both sides are told apart by alias; null in a column means that there is no parent to look for. */
function countLost({ child, columns, parent, parent_columns: parentColumns }: Reference): [sql: string, bindings: string[]] {
  const equal = columns.map(() => 'p.?? = c.??').join(' AND ');
  const present = columns.map(() => 'c.?? IS NOT NULL').join(' AND ');
  const names = columns.map(() => 'c.??').join(', ');
  return [
    `SELECT count(*) AS count, min(row(${names})::text) AS first FROM ?? c
      WHERE ${present} AND NOT EXISTS (SELECT FROM ?? p WHERE ${equal})`,
    [...columns, child, ...columns, parent, ...columns.flatMap((column, index) => [parentColumns[index] ?? column, column])],
  ];
}

const columnNames = (table: string, numbers: string): string => `
  ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS n(number, place)
          JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = n.number ORDER BY n.place)`;

const REFERENCES = `
  SELECT k.conname AS name, c.relname AS child, ${columnNames('k.conrelid', 'k.conkey')} AS columns,
         p.relname AS parent, ${columnNames('k.confrelid', 'k.confkey')} AS parent_columns
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
   WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
   ORDER BY c.relname, k.conname`;
