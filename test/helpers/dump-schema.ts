import type { Knex } from 'knex';

/** Everything the catalogs know about the tables, as sorted lines: two equal dumps are two equal schemas. */
export async function dumpSchema(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { line: string }[] }>(DUMP);
  return rows.map((row) => row.line);
}

const DUMP = `
  WITH ours AS (SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S', 'v') AND c.relname NOT LIKE 'knex_migrations%')
  SELECT format('column %s.%s %s null=%s default=%s identity=%s comment=%s', o.relname, a.attname,
                format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,
                col_description(o.oid, a.attnum)) AS line
    FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT format('table %s comment=%s', relname, obj_description(oid, 'pg_class')) FROM ours
  UNION ALL
  SELECT format('constraint %s.%s %s valid=%s', o.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid
  UNION ALL
  SELECT format('index %s', pg_get_indexdef(i.indexrelid)) FROM ours o JOIN pg_index i ON i.indrelid = o.oid
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid
   WHERE NOT t.tgisinternal
  UNION ALL
  SELECT format('function %s %s', p.proname, pg_get_functiondef(p.oid)) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
   WHERE p.prokind = 'f' AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')
  ORDER BY line`;
