import type { Knex } from 'knex';

/** What a schema consists of: kind → name → definition. Partitions are left out, they follow their table. */
export type SchemaObjects = Record<SchemaKind, Record<string, string>>;

type SchemaKind = 'table' | 'column' | 'constraint' | 'index' | 'trigger' | 'function';

/** Reads the catalogs. The definitions are the same whichever server version answers. */
export async function readSchemaObjects(knex: Knex): Promise<SchemaObjects> {
  const { rows } = await knex.raw<{ rows: { kind: SchemaKind; name: string; definition: string }[] }>(OBJECTS);
  const objects: SchemaObjects = { table: {}, column: {}, constraint: {}, index: {}, trigger: {}, function: {} };
  for (const { kind, name, definition } of rows) objects[kind][name] = definition;
  return objects;
}

/** From version 18 on NOT NULL has constraints of its own, kind n: the column says that already. */
const OBJECTS = `
  WITH ours AS (SELECT oid, relname FROM pg_class
                 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                   AND relname NOT LIKE 'knex%')
  SELECT 'table' AS kind, relname AS name, 'table' AS definition FROM ours
  UNION ALL
  SELECT 'column', concat(o.relname, '.', a.attname),
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                   CASE WHEN a.attidentity <> '' THEN 'identity' END, 'default ' || pg_get_expr(d.adbin, d.adrelid))
    FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'constraint', concat(o.relname, '.', k.conname), regexp_replace(pg_get_constraintdef(k.oid), ' NOT (VALID|ENFORCED)', '', 'g')
    FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid AND k.conparentid = 0 AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  UNION ALL
  SELECT 'index', c.relname,
         concat(o.relname, CASE WHEN i.indisunique THEN ' unique' END, regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', ' '))
    FROM ours o JOIN pg_index i ON i.indrelid = o.oid JOIN pg_class c ON c.oid = i.indexrelid
  UNION ALL
  SELECT 'trigger', concat(o.relname, '.', t.tgname), regexp_replace(pg_get_triggerdef(t.oid), ' ON [^ ]+ ', ' ')
    FROM ours o JOIN pg_trigger t ON t.tgrelid = o.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT 'function', format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), md5(p.prosrc)
    FROM pg_proc p
   WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind IN ('f', 'p')
     AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')
   ORDER BY kind, name`.replaceAll('?', '\\?');
