import { readSchemaObjects, type SchemaObjects } from '../../schema-objects.ts';
import { collectBroken, finder, type Broken, type FindBroken } from './broken.ts';
import type { Knex } from 'knex';

/** Objects that are missing or look different, constraints that were never checked, triggers and indexes that do not work. */
export function findSchemaDifferences(expected: SchemaObjects): FindBroken {
  return async (knex, scope) => {
    const broken = collectBroken(scope.limit);
    const found = await readSchemaObjects(knex);
    for (const [kind, objects] of Object.entries(expected)) {
      const present = found[kind as keyof SchemaObjects];
      for (const [name, definition] of Object.entries(objects)) {
        const shown = present[name];
        if (shown === undefined) broken.add({ where: `${kind} ${name}`, text: 'is missing' });
        else if (shown !== definition) broken.add({ where: `${kind} ${name}`, text: `is ${shown}, not ${definition}` });
      }
    }
    return joined(broken, await findIdleObjects(knex, scope), scope.limit);
  };
}

function joined(a: Broken, b: Broken, limit: number): Broken {
  return { count: a.count + b.count, places: [...a.places, ...b.places].slice(0, limit) };
}

/** Objects that are there and do nothing. A partition counts as its table; foreign keys work through triggers of their own. */
const findIdleObjects = finder(`
  SELECT format('constraint %s.%s', c.relname, k.conname) AS place, 'was never checked on the rows that are there (NOT VALID)' AS text
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
   WHERE c.relnamespace = current_schema()::regnamespace AND NOT k.convalidated
  UNION ALL
  SELECT format('trigger %s.%s', c.relname, t.tgname), 'is disabled'
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
   WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled = 'D'
  UNION ALL
  SELECT format('index %s', c.relname), 'is not valid'
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid`);

export const findServerProblems = finder(`
  SELECT 'server' AS place, format('is PostgreSQL %s, older than 15', current_setting('server_version')) AS text
   WHERE current_setting('server_version_num')::integer < 150000
  UNION ALL
  SELECT 'database', format('is encoded in %s, not UTF8', current_setting('server_encoding')) WHERE current_setting('server_encoding') <> 'UTF8'
  UNION ALL
  SELECT 'extension pg_trgm', 'is not installed' WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')
  UNION ALL
  SELECT 'connection', format('has the time zone %s, not UTC', current_setting('TimeZone')) WHERE current_setting('TimeZone') <> 'UTC'`);

type Counter = { table: string; column: string; sequence: string };

/** A sequence behind its table would give out a number that is taken. */
export async function findLateSequences(knex: Knex, { limit }: { limit: number }): Promise<Broken> {
  const broken = collectBroken(limit);
  for (const { counter, next, max } of await readLateCounters(knex)) {
    broken.add({ where: `sequence ${counter.sequence}`, text: `would give ${next} next, ${counter.table}.${counter.column} is at ${max}` });
  }
  return broken;
}

export async function advanceSequences(trx: Knex.Transaction): Promise<number> {
  const late = await readLateCounters(trx);
  for (const { counter, max } of late) await trx.raw('SELECT setval(?::regclass, ?::bigint)', [counter.sequence, max]);
  return late.length;
}

/** Numbers as text: a broken sequence may lie beyond what a number holds. */
type LateCounter = { counter: Counter; next: string; max: string };

async function readLateCounters(knex: Knex): Promise<LateCounter[]> {
  const { rows: counters } = await knex.raw<{ rows: Counter[] }>(COUNTERS);
  const late: LateCounter[] = [];
  for (const counter of counters) {
    const { rows } = await knex.raw<{ rows: { next: string; max: string }[] }>(
      `SELECT next::text, max::text
         FROM (SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END AS next FROM ${counter.sequence}) s,
              (SELECT max(??) AS max FROM ??) t WHERE next <= max`,
      [counter.column, counter.table],
    );
    const [row] = rows;
    if (row !== undefined) late.push({ counter, ...row });
  }
  return late;
}

/** Names of sequences as regclass writes them: quoted where they have to be. */
const COUNTERS = `
  SELECT t.relname AS table, a.attname AS column, s.oid::regclass::text AS sequence
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     AND t.relnamespace = current_schema()::regnamespace AND NOT t.relispartition AND t.relname NOT LIKE 'knex%'
   ORDER BY t.relname`;
