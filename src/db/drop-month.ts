import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';

import { TemporaryError } from '../errors/hs-error.ts';
import { PARTITIONS_KEY } from './lock-keys.ts';
import { refreshEventTexts } from './models/event-texts.ts';
import { findDetectionChildren, type DetectionChild } from './queries/detection-children.ts';
import { monthOf } from './queries/partitions.ts';

/** What went with a month of detections. */
export type DroppedMonth = {
  name: string;
  detections: number;
  /** Rows by table that hung on those detections. */
  children: Record<string, number>;
  tracks: number;
  /** Events that lost detections and still have some. */
  events_rewritten: number;
  entities_cleared: number;
};

const CLEAR_LOCK_TIMEOUT = '10s';
/**
 * Detaching locks out everybody who uses detections. While we wait for that, others queue behind us: so the wait is short and
 * repeated, and all locks are there before the work begins. Below deadlock_timeout, so that in a deadlock we give way.
 */
const LOCK_WAIT = '300ms';
const LOCK_TRIES = 25;
/** lock_not_available, query_canceled (by the time limit), deadlock_detected, foreign_key_violation (a child row came meanwhile) */
const RETRIED = new Set(['55P03', '57014', '40P01', '23503']);

/**
 * Drops one monthly partition of `detections` with everything that hangs on its rows, in one transaction (schema §5). Others
 * can go on reading and writing; they wait for fractions of a second. `record` writes what belongs into the same transaction.
 */
export async function dropMonth(
  knex: Knex,
  name: string,
  record: (trx: Knex.Transaction, dropped: DroppedMonth) => Promise<void>,
): Promise<DroppedMonth> {
  const children = await findDetectionChildren(knex);
  return knex.transaction(async (trx) => {
    await trx.raw(`SET LOCAL lock_timeout = '${CLEAR_LOCK_TIMEOUT}'`);
    await trx.raw('SELECT pg_advisory_xact_lock(?)', [String(PARTITIONS_KEY)]);
    const dropped = await clearMonth(trx, name, children);
    await record(trx, dropped);
    await detachAndDrop(trx, { name, children });
    return dropped;
  });
}

/** Everything but the detections themselves, which go with their table. */
async function clearMonth(trx: Knex.Transaction, name: string, children: readonly DetectionChild[]): Promise<DroppedMonth> {
  const contents = await readContents(trx, name);
  const entities = await trx.raw<{ rowCount: number }>(
    'UPDATE entities e SET primary_detection_id = NULL FROM ONLY ?? p WHERE e.primary_detection_id = p.id',
    [name],
  );
  const eventIds = await findStraddlingEvents(trx, contents);
  const counts: Record<string, number> = {};
  for (const child of children) counts[child.table] = await clearChild(trx, child, contents);
  return {
    name,
    detections: contents.count,
    children: counts,
    tracks: await deleteTracks(trx, contents),
    events_rewritten: await refreshEventTexts(trx, eventIds),
    entities_cleared: entities.rowCount,
  };
}

type Contents = { count: number; lowest_id: number | null; highest_id: number | null; from: Date; until: Date };

async function readContents(trx: Knex.Transaction, name: string): Promise<Contents> {
  const { rows } = await trx.raw<{ rows: [Omit<Contents, 'from' | 'until'>] }>(
    'SELECT count(*), min(id) AS lowest_id, max(id) AS highest_id FROM ONLY ??',
    [name],
  );
  return { ...rows[0], ...monthOf(name) };
}

/** Events with detections in the month and beyond it: the only ones that lose some and keep some. */
async function findStraddlingEvents(trx: Knex.Transaction, { from, until }: Contents): Promise<number[]> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT id FROM events
      WHERE (started_at < :from AND ended_at >= :from OR started_at < :until AND ended_at >= :until)
        AND EXISTS (SELECT FROM event_detections m WHERE m.event_id = events.id AND m.detected_at >= :from AND m.detected_at < :until)`,
    { from, until },
  );
  return rows.map(({ id }) => id);
}

/**
 * One statement per child table; returns how many rows it met. Their foreign key makes both columns equal to those of the detection,
 * so ranges say the same as a join with the month (a third faster), and that of ids can use the index.
 */
async function clearChild(trx: Knex.Transaction, child: DetectionChild, contents: Contents): Promise<number> {
  const query = trx(child.table);
  child.columns.forEach((column, place) => {
    if (child.referenced[place] === 'id') void query.whereBetween(column, [contents.lowest_id ?? 0, contents.highest_id ?? 0]);
    else void query.where(column, '>=', contents.from).where(column, '<', contents.until);
  });
  if (child.onDelete === 'delete') return query.delete();
  return query.update(Object.fromEntries(child.columns.map((column) => [column, null])));
}

/** Tracks that lie wholly in the month; one that goes on behind it keeps its later detections. */
async function deleteTracks(trx: Knex.Transaction, { from, until }: Contents): Promise<number> {
  return trx('tracks').where('first_seen', '>=', from).where('last_seen', '<', until).delete();
}

type Detachment = { name: string; children: readonly DetectionChild[] };

async function detachAndDrop(trx: Knex.Transaction, { name, children }: Detachment): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await trx.transaction(async (savepoint) => {
        await lockAll(savepoint, { name, children });
        await savepoint.raw('ALTER TABLE detections DETACH PARTITION ??', [name]);
        await savepoint.raw('DROP TABLE ??', [name]);
      });
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (!RETRIED.has(code)) throw error;
      if (attempt === LOCK_TRIES) throw busy(name, error);
      await sleep(100 + 40 * attempt * Math.random());
      if (code === '23503') await clearMonth(trx, name, children);
    }
  }
}

/** Every lock that detaching and dropping take: the month, its parent, what it points at, and what points at it. */
async function lockAll(savepoint: Knex.Transaction, { name, children }: Detachment): Promise<void> {
  await savepoint.raw(`SET LOCAL statement_timeout = '${LOCK_WAIT}'`);
  await savepoint.raw('LOCK TABLE ONLY detections, ONLY ??, cameras, media_files, runs IN ACCESS EXCLUSIVE MODE', [name]);
  const tables = children.map(({ table }) => table);
  await savepoint.raw(`LOCK TABLE ${tables.map(() => '??').join(', ')} IN SHARE MODE`, tables);
  // the planner expects much of the checks that follow; compiling their plans takes longer than running them
  await savepoint.raw('SET LOCAL statement_timeout = 0; SET LOCAL jit = off');
}

function busy(name: string, cause: unknown): TemporaryError {
  const month = monthOf(name).from.toISOString().slice(0, 7);
  return new TemporaryError('partition_busy', `the detections of ${month} could not be dropped: others hold the tables`, {
    hint: 'nothing was changed; try again when exports and other long commands are done',
    cause,
  });
}
