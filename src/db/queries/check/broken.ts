import type { Knex } from 'knex';

/** One place where a rule does not hold: the row, and what is wrong with it. */
export type BrokenPlace = { where: string; text: string };

/** `count` counts all places, `places` names the first of them. */
export type Broken = { count: number; places: BrokenPlace[] };

export type CheckScope = {
  /** Detections, tracks and events of footage before this are not looked at. */
  since: Date | '-infinity';
  /** Whose thresholds say which level a score is. */
  calibrationUser: string;
  /** Folder of clips and other files of the store. */
  home: string;
  /** Most places that are named. */
  limit: number;
};

export type FindBroken = (knex: Knex, scope: CheckScope) => Promise<Broken>;
export type Repair = (trx: Knex.Transaction, scope: CheckScope) => Promise<number>;

type Bindings = Readonly<Record<string, Knex.RawBinding>>;

/** Begin of the newest UTC month that has detections; undefined when there are none. */
export async function readNewestMonth(knex: Knex): Promise<Date | undefined> {
  const { rows } = await knex.raw<{ rows: { month: Date | null }[] }>(
    `SELECT date_trunc('month', max(detected_at) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS month FROM detections`,
  );
  return rows[0]?.month ?? undefined;
}

/** Looks for what `sql` selects as `place` and `text`. It may use `:since`, and what `more` binds; `?` operators it may not. */
export function finder(sql: string, more: Bindings = {}): FindBroken {
  return async (knex, { since, limit }) => {
    const { rows } = await knex.raw<{ rows: (BrokenPlace & { count: number })[] }>(
      `WITH broken AS (${sql}) SELECT place AS "where", text, count(*) OVER () AS count FROM broken ORDER BY place COLLATE "C", text COLLATE "C" LIMIT :limit`,
      { ...more, since, limit },
    );
    return { count: rows[0]?.count ?? 0, places: rows.map(({ where, text }) => ({ where, text })) };
  };
}

/** Puts right what a statement with `:since` changes; returns how many rows that were. */
export function repairer(sql: string, more: Bindings = {}): Repair {
  return async (trx, { since }) => {
    const { rowCount } = await trx.raw<{ rowCount: number | null }>(sql, { ...more, since });
    return rowCount ?? 0;
  };
}

/** What was found by looking at rows one by one; keeps no more places than are named. */
export function collectBroken(limit: number): Broken & { add: (place: BrokenPlace) => void } {
  const broken: Broken = { count: 0, places: [] };
  return Object.assign(broken, {
    add(place: BrokenPlace) {
      broken.count += 1;
      if (broken.places.length < limit) broken.places.push(place);
    },
  });
}
