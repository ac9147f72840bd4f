import type { Knex } from 'knex';

import { runLockKey } from '../../lock-keys.ts';
import { findHeldKeys } from '../../locks.ts';
import { reapDeadRun } from '../../models/reap-dead-run.ts';
import type { RunRow } from '../../models/runs.ts';
import { collectBroken, type Broken, type CheckScope } from './broken.ts';

/** A run beats every 15 s. */
const STALE_MS = 120_000;

type OpenRun = { id: string; command: string; heartbeat_at: Date; is_stale: boolean; is_dead: boolean };

/** Which of these runs have a process: their lock is held. */
export async function findHeldRuns(knex: Knex, runIds: readonly string[]): Promise<Set<string>> {
  const held = await findHeldKeys(knex);
  return new Set(runIds.filter((id) => held.has(runLockKey(id))));
}

/** Runs without an end whose process is gone, or has long given no sign. */
export async function findStaleRuns(knex: Knex, { limit }: CheckScope): Promise<Broken> {
  const broken = collectBroken(limit);
  for (const { id, command, heartbeat_at: beat, is_dead: isDead } of await readStaleRuns(knex)) {
    const text = isDead ? 'never ended, its process is gone' : `has given no sign since ${beat.toISOString()}`;
    broken.add({ where: `run ${id}`, text: `${command}: ${text}` });
  }
  return broken;
}

/** Ends the runs whose process is gone. One that only gives no sign is left to itself. */
export async function endStaleRuns(trx: Knex.Transaction): Promise<number> {
  let ended = 0;
  for (const { id, is_dead: isDead } of await readStaleRuns(trx)) {
    if (isDead && (await reapDeadRun(trx, id)) !== undefined) ended += 1;
  }
  return ended;
}

/** A run that starts or ends while we look is no finding: only what was open before and after the look at the locks counts. */
async function readStaleRuns(knex: Knex): Promise<OpenRun[]> {
  const before = await readOpenRuns(knex);
  const held = await findHeldRuns(
    knex,
    before.map((run) => run.id),
  );
  const after = await readOpenRuns(knex);
  const open = new Set(before.map((run) => run.id));
  return after
    .filter((run) => open.has(run.id))
    .map((run) => ({ ...run, is_dead: !held.has(run.id) }))
    .filter((run) => run.is_dead || run.is_stale);
}

async function readOpenRuns(knex: Knex): Promise<Omit<OpenRun, 'is_dead'>[]> {
  const { rows } = await knex.raw<{ rows: Omit<OpenRun, 'is_dead'>[] }>(
    `SELECT id, command, heartbeat_at, heartbeat_at < now() - ? * interval '1 millisecond' AS is_stale
       FROM runs WHERE ended_at IS NULL ORDER BY started_at, id`,
    [STALE_MS],
  );
  return rows;
}

export async function* streamRunArguments(knex: Knex): AsyncIterable<Pick<RunRow, 'id' | 'args_json'>> {
  const rows = knex('runs').select('id', 'args_json').stream({ batchSize: 1000 });
  for await (const row of rows as AsyncIterable<unknown>) yield row as Pick<RunRow, 'id' | 'args_json'>;
}
