import type pg from 'pg';
import type { Database } from '../../src/db/database.ts';

type Knex = Database['knex'];

export type RecordedQuery = { sql: string; bindings: unknown[] };

type PlanNode = { 'Node Type': string; 'Relation Name'?: string; 'Actual Loops'?: number; Plans?: PlanNode[] };

export type QueryPlan = RecordedQuery & {
  /** Monthly tables that were really read, sorted. */
  partitions: string[];
  /** Those of them that were read from end to end. */
  scanned: string[];
};

const PARTITION = /^detections_y\d{4}m\d{2}$/;

/** Statements about detections that `work` sends, each once, whatever their values. */
export async function recordQueries(knex: Knex, work: () => Promise<unknown>): Promise<RecordedQuery[]> {
  const bySql = new Map<string, RecordedQuery>();
  const listen = ({ sql, bindings }: RecordedQuery): void => {
    if (/^\s*(select|with|insert|update|delete)\b/i.test(sql) && /\bdetections(_y\d{4}m\d{2})?\b/.test(sql)) {
      bySql.set(sql, { sql, bindings });
    }
  };
  knex.on('query', listen);
  try {
    await work();
  } finally {
    knex.removeListener('query', listen);
  }
  return [...bySql.values()];
}

/** Runs a statement once more, takes back what it did, and says what it read. Partitions that turned out not to be needed count as unread. */
export async function explainQuery(client: pg.Client, query: RecordedQuery): Promise<QueryPlan> {
  await client.query('BEGIN');
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${query.sql}`,
      query.bindings,
    );
    const nodes = nodesOf(rows[0]!['QUERY PLAN'][0].Plan).filter(isReadOfPartition);
    const namesOf = (some: PlanNode[]): string[] => [...new Set(some.map((node) => node['Relation Name']!))].sort();
    return { ...query, partitions: namesOf(nodes), scanned: namesOf(nodes.filter((node) => node['Node Type'] === 'Seq Scan')) };
  } finally {
    await client.query('ROLLBACK');
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Scans only: the node that writes to a table names it, too. */
function isReadOfPartition(node: PlanNode): boolean {
  return node['Node Type'].endsWith('Scan') && PARTITION.test(node['Relation Name'] ?? '') && (node['Actual Loops'] ?? 0) > 0;
}
