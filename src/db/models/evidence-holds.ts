import type { Knex } from 'knex';

/** One row of `evidence_holds`, as stored. All times are of the wall clock. */
export type EvidenceHoldRow = {
  id: number;
  event_id: number;
  reason: string;
  actor: string;
  created_at: Date;
  /** The hold ends by itself then. */
  held_until: Date | null;
  released_at: Date | null;
  released_by: string | null;
};

export type NewEvidenceHold = Pick<EvidenceHoldRow, 'event_id' | 'reason' | 'actor' | 'held_until'>;

/** The hold of an event that was not released, locked; also one whose time is over. */
export async function lockOpenHold(trx: Knex.Transaction, eventId: number): Promise<EvidenceHoldRow | undefined> {
  return trx<EvidenceHoldRow>('evidence_holds').where({ event_id: eventId, released_at: null }).forUpdate().first();
}

export async function insertHold(trx: Knex.Transaction, hold: NewEvidenceHold): Promise<EvidenceHoldRow> {
  const [row] = await trx<EvidenceHoldRow>('evidence_holds').insert(hold).returning('*');
  if (!row) throw new Error('the row of a hold did not come back');
  return row;
}

export async function releaseHold(trx: Knex.Transaction, id: number, actor: string): Promise<EvidenceHoldRow> {
  const [row] = await trx<EvidenceHoldRow>('evidence_holds')
    .where({ id })
    .update({ released_at: trx.fn.now() as unknown as Date, released_by: actor })
    .returning('*');
  if (!row) throw new Error('the row of a hold did not come back');
  return row;
}

/** Oldest first; released ones and those whose time is over only with `all`. */
export async function listHolds(knex: Knex, { all }: { all: boolean }): Promise<EvidenceHoldRow[]> {
  const query = knex<EvidenceHoldRow>('evidence_holds').orderBy('id');
  return all ? query : query.whereNull('released_at').whereRaw('(held_until IS NULL OR held_until > now())');
}
