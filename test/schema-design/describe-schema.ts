import type { Knex } from 'knex';

/**
 * What the catalogs know about the tables, except the ledger of migrations and partitions: `kind table.name` → definition.
 * Order of columns and comments are left out.
 */
export async function describeSchema(knex: Knex): Promise<Map<string, string>> {
  const { rows } = await knex.raw<{ rows: { key: string; definition: string }[] }>(DESCRIBE);
  return new Map(rows.map((row) => [row.key, row.definition]));
}

export type SchemaDifferences = { missing: string[]; extra: string[]; different: string[] };

/** Names in alphabetical order; `different` says both. */
export function compareSchemas(designed: ReadonlyMap<string, string>, live: ReadonlyMap<string, string>): SchemaDifferences {
  const both = [...designed.keys()].filter((key) => live.has(key) && live.get(key) !== designed.get(key));
  return {
    missing: [...designed.keys()].filter((key) => !live.has(key)).sort(),
    extra: [...live.keys()].filter((key) => !designed.has(key)).sort(),
    different: both.map((key) => `${key}: designed ${String(designed.get(key))}, live ${String(live.get(key))}`).sort(),
  };
}

// NOT NULL is told by the column: from PostgreSQL 18 on it is a constraint as well
const DESCRIBE = `
  WITH ours AS (SELECT c.oid, c.relname AS name, c.relkind
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
                   AND c.relname NOT LIKE 'knex_migrations%')
  SELECT 'table ' || name AS key, coalesce('partition by ' || pg_get_partkeydef(oid), relkind::text) AS definition FROM ours
  UNION ALL
  SELECT format('column %s.%s', o.name, a.attname),
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                   'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
                   'generated ' || nullif(a.attgenerated::text, ''))
    FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT format('constraint %s.%s', o.name, k.conname), pg_get_constraintdef(k.oid)
    FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype <> 'n' AND k.conparentid = 0
  UNION ALL
  SELECT format('index %s.%s', o.name, i.indexrelid::regclass), pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM ours o JOIN pg_index i ON i.indrelid = o.oid
  UNION ALL
  SELECT format('trigger %s.%s', o.name, t.tgname), pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' disabled' END
    FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT 'sequence ' || c.relname,
         (SELECT format('owned by %s.%s', a.attrelid::regclass, a.attname) FROM pg_depend p
            JOIN pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
           WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'a')
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
   WHERE c.relkind = 'S' AND c.relname NOT LIKE 'knex_migrations%'
     AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_class'::regclass AND p.objid = c.oid AND p.deptype = 'i')
  UNION ALL
  SELECT 'type ' || t.typname, t.typtype::text FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = 'public'
   WHERE t.typtype IN ('e', 'd', 'r') AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.objid = t.oid AND p.deptype = 'e')`;
