import type { Knex } from 'knex';

/**
 * Everything the catalogs know about what migrations make, as sorted lines: two equal dumps are two equal schemas, also of two
 * versions of PostgreSQL. Left out: NOT NULL as a constraint, which only PostgreSQL 18 lists as one (the lines of the columns
 * say it), and what belongs to an extension.
 */
export async function dumpSchema(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { line: string }[] }>(DUMP);
  return rows.map((row) => row.line);
}

const TABLES = `
  SELECT format('table %s kind=%s options=%s comment=%s', relname, relkind, reloptions, obj_description(oid, 'pg_class')) AS line FROM ours
  UNION ALL
  SELECT format('partitions of %s %s', o.relname, pg_get_partkeydef(o.oid)) FROM ours o WHERE o.relkind = 'p'
  UNION ALL
  SELECT format('view %s %s', o.relname, pg_get_viewdef(o.oid)) FROM ours o WHERE o.relkind IN ('v', 'm')
  UNION ALL
  SELECT format('sequence %s %s from %s by %s in %s..%s cycle=%s of %s', o.relname, format_type(s.seqtypid, NULL), s.seqstart,
                s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
                (SELECT format('%s.%s', d.refobjid::regclass, a.attname) FROM pg_depend d
                   JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.deptype IN ('a', 'i')))
    FROM ours o JOIN pg_sequence s ON s.seqrelid = o.oid`;

const COLUMNS = `
  SELECT format('column %s.%s #%s %s null=%s default=%s identity=%s generated=%s collation=%s comment=%s', o.relname, a.attname,
                row_number() OVER (PARTITION BY o.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, nullif(a.attcollation, 100)::regcollation,
                col_description(o.oid, a.attnum))
    FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum`;

const RULES = `
  SELECT format('constraint %s.%s %s valid=%s comment=%s', o.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated,
                obj_description(k.oid, 'pg_constraint'))
    FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype <> 'n'
  UNION ALL
  SELECT format('index %s valid=%s comment=%s', pg_get_indexdef(i.indexrelid), i.indisvalid, obj_description(i.indexrelid, 'pg_class'))
    FROM ours o JOIN pg_index i ON i.indrelid = o.oid
  UNION ALL
  SELECT format('trigger %s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled) FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid
   WHERE NOT t.tgisinternal`;

const FUNCTIONS = `
  SELECT format('%s %s %s comment=%s', CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, p.proname,
                pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
   WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')
  UNION ALL
  SELECT format('type %s kind=%s %s', t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = 'public'
   WHERE t.typtype IN ('d', 'e', 'r') AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = t.oid AND x.deptype = 'e')`;

const DUMP = `
  WITH ours AS (SELECT c.oid, c.relname, c.relkind, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'S', 'v', 'm') AND c.relname NOT LIKE 'knex_migrations%')
  SELECT line FROM (${[TABLES, COLUMNS, RULES, FUNCTIONS].join('\n  UNION ALL\n')}) AS lines
  ORDER BY line COLLATE "C"`;
