import type { Knex } from 'knex';

/** What somebody does who may write to every table: triggers are off, and hashes can be computed as the database does. */
export type Damage = (trx: Knex.Transaction, round: number) => Promise<void>;

const PLACES: readonly (readonly [column: string, value: string])[] = [
  ['timestamp', `timestamp + interval '1 millisecond'`],
  ['action', `'rule_deleted'`],
  ['resource_type', `resource_type || ' '`],
  ['resource_id', `CASE WHEN resource_id IS NULL THEN '' ELSE NULL END`],
  ['actor', `'mallory'`],
  ['ip_address', `'10.0.0.1'`],
  ['user_agent', `'curl'`],
  ['details', `details || '{"n": 1.0}'`],
  ['status', `CASE status WHEN 'success' THEN 'failure' ELSE 'success' END`],
  ['id', `id + 1000000`],
  ['hash', `repeat('0', 64)`],
  ['hash', `NULL`],
  ['sequence', `NULL`],
];

const RESEAL = `WITH head AS (SELECT hash FROM audit_logs WHERE sequence = :place - 1 UNION ALL SELECT repeat('0', 64) LIMIT 1)
  UPDATE audit_logs a SET hash = audit_log_hash(a, a.sequence, head.hash) FROM head WHERE a.sequence = :place`;

async function countRows(trx: Knex): Promise<number> {
  const [row] = await trx('audit_logs').count<{ count: number }[]>();
  return row?.count ?? 0;
}

/** Spread over the chain, each round elsewhere; from 1. */
const placeOf = (round: number, rows: number): number => 1 + ((round * 37) % rows);

const modify: Damage = async (trx, round) => {
  const [column, value] = PLACES[round % PLACES.length]!;
  const place = placeOf(round, await countRows(trx));
  await trx.raw(`UPDATE audit_logs SET ${column} = ${value} WHERE sequence = ?`, [place]);
  // Half of them cover it up by sealing that row again.
  if (round % 2 === 1 && column !== 'hash' && column !== 'sequence' && place < (await countRows(trx))) await trx.raw(RESEAL, { place });
};

/** One row or several, never the last; half of them number the others anew. */
const remove: Damage = async (trx, round) => {
  const rows = await countRows(trx);
  const first = placeOf(round, rows - 4);
  const last = first + (round % 3);
  await trx('audit_logs').whereBetween('sequence', [first, last]).delete();
  if (round % 2 === 1) await renumber(trx, { after: last, by: first - last - 1 });
};

/** Without a seal, or in the middle with a right hash of its own and all others moved on, or at its end with the hash of another. */
const insert: Damage = async (trx, round) => {
  const rows = await countRows(trx);
  const place = placeOf(round, rows - 1) + 1;
  const row = { action: 'settings_changed', resource_type: 'x', actor: 'mallory' };
  if (round % 3 === 0) await trx('audit_logs').insert(row);
  else if (round % 3 === 1) {
    await renumber(trx, { after: place - 1, by: 1 });
    await trx('audit_logs').insert({ ...row, sequence: place });
    await trx.raw(RESEAL, { place });
  } else {
    const { hash } = (await trx('audit_logs').where('sequence', place).first()) as { hash: string };
    await trx('audit_logs').insert({ ...row, hash, sequence: rows + 1 });
  }
};

const swap: Damage = async (trx, round) => {
  const rows = await countRows(trx);
  const [one, other] = [placeOf(round, rows - 1), 1 + placeOf(round, rows - 1)];
  const columns = round % 2 === 0 ? ['sequence'] : ['sequence', 'hash'];
  const [first, second] = (await trx('audit_logs').whereIn('sequence', [one, other]).orderBy('sequence')) as Record<string, never>[];
  await trx('audit_logs').where('id', second?.['id']).update({ sequence: null });
  for (const [row, from] of [
    [first, second],
    [second, first],
  ]) {
    await trx('audit_logs')
      .where('id', row?.['id'])
      .update(Object.fromEntries(columns.map((column) => [column, from?.[column]])));
  }
};

const cutTail: Damage = async (trx, round) => {
  await trx('audit_logs')
    .where('sequence', '>', (await countRows(trx)) - 1 - (round % 30))
    .delete();
};

/** A row is changed, or removed and the others moved up with one more at the end, and all after it is sealed again: the chain is right in itself. */
const rewrite: Damage = async (trx, round) => {
  const rows = await countRows(trx);
  const first = placeOf(round, rows);
  if (round % 2 === 0) await trx('audit_logs').where('sequence', first).update({ actor: 'mallory' });
  else {
    await trx('audit_logs').where('sequence', first).delete();
    await renumber(trx, { after: first, by: -1 });
    await trx('audit_logs').insert({ action: 'settings_changed', resource_type: 'x', actor: 'mallory', sequence: rows });
  }
  for (let place = first; place <= rows; place += 1) await trx.raw(RESEAL, { place });
};

/** By way of places that nobody has, as each is there once. */
async function renumber(trx: Knex, { after, by }: { after: number; by: number }): Promise<void> {
  await trx('audit_logs').where('sequence', '>', after).increment('sequence', 1_000_000);
  await trx('audit_logs')
    .where('sequence', '>', 1_000_000)
    .increment('sequence', by - 1_000_000);
}

export const DAMAGES: Readonly<Record<string, Damage>> = { modify, delete: remove, insert, swap, 'tail cut': cutTail, rewrite };
