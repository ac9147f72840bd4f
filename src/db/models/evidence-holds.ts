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

/** Whether a row of `evidence_holds` under this alias holds its event now. */
export function isInForce(alias: string): string {
  return `(${alias}.released_at IS NULL AND (${alias}.held_until IS NULL OR ${alias}.held_until > now()))`;
}

/** The hold of an event that was not released, locked; also one whose time is over. */
export async function lockOpenHold(trx: Knex.Transaction, eventId: number): Promise<EvidenceHoldRow | undefined> {
  return trx<EvidenceHoldRow>('evidence_holds').where({ event_id: eventId, released_at: null }).forUpdate().first();
}

export async function insertHold(trx: Knex.Transaction, hold: NewEvidenceHold): Promise<EvidenceHoldRow> {
  const [row] = await trx<EvidenceHoldRow>('evidence_holds').insert(hold).returning('*');
  if (row === undefined) throw new Error('the database returned no row for a new hold');
  return row;
}

export async function releaseHold(trx: Knex.Transaction, id: number, actor: string): Promise<EvidenceHoldRow> {
  const [row] = await trx<EvidenceHoldRow>('evidence_holds')
    .where({ id })
    .update({ released_at: trx.fn.now() as unknown as Date, released_by: actor })
    .returning('*');
  if (row === undefined) throw new Error(`there is no hold ${String(id)}`);
  return row;
}

/** Oldest first; released ones and those whose time is over only with `all`. */
export async function listHolds(knex: Knex, { all }: { all: boolean }): Promise<EvidenceHoldRow[]> {
  const query = knex<EvidenceHoldRow>('evidence_holds').orderBy('id');
  return all ? query : query.whereRaw(isInForce('evidence_holds'));
}

/** Of these events those with a hold in force. */
export async function findHeldEvents(knex: Knex, eventIds: readonly number[]): Promise<number[]> {
  return knex('evidence_holds')
    .whereIn('event_id', [...eventIds])
    .whereRaw(isInForce('evidence_holds'))
    .orderBy('event_id')
    .pluck<number[]>('event_id');
}

/** Events with a hold in force that have detections in these files; nobody holds or releases one of them until the transaction ends. */
export async function lockHeldEventsSeenIn(trx: Knex.Transaction, fileIds: readonly number[]): Promise<number[]> {
  const seen = trx('detections as d')
    .join('event_detections as m', (on) => on.on('m.detection_id', 'd.id').andOn('m.detected_at', 'd.detected_at'))
    .whereRaw('d.media_file_id = ANY (?::bigint[])', [[...fileIds]])
    .select('m.event_id');
  const ids = await trx('events').whereIn('id', seen).orderBy('id').forUpdate().pluck<number[]>('id');
  return findHeldEvents(trx, ids);
}

export async function findHeldEventsOfCamera(knex: Knex, cameraId: string): Promise<number[]> {
  return knex('evidence_holds as h')
    .join('events as e', 'e.id', 'h.event_id')
    .where('e.camera_id', cameraId)
    .whereRaw(isInForce('h'))
    .orderBy('h.event_id')
    .pluck<number[]>('h.event_id');
}

export async function countHoldsInForce(knex: Knex): Promise<number> {
  const [row] = await knex('evidence_holds').whereRaw(isInForce('evidence_holds')).count<{ count: number }[]>();
  return row?.count ?? 0;
}

/**
 * Hands the holds on one event to another. Where both are held the longer time counts, in the hold of the other; the one handed over is
 * released with its reason left to read.
 */
export async function moveHolds(trx: Knex.Transaction, ids: { from: number; into: number }): Promise<void> {
  await trx.raw(
    `UPDATE evidence_holds k SET held_until = CASE WHEN m.held_until IS NULL THEN NULL ELSE greatest(k.held_until, m.held_until) END
       FROM evidence_holds m
      WHERE k.event_id = :into AND m.event_id = :from AND k.released_at IS NULL AND m.released_at IS NULL AND k.held_until IS NOT NULL`,
    ids,
  );
  await trx.raw(
    `UPDATE evidence_holds m SET released_at = now(), released_by = 'joined events'
      WHERE m.event_id = :from AND m.released_at IS NULL
        AND EXISTS (SELECT FROM evidence_holds k WHERE k.event_id = :into AND k.released_at IS NULL)`,
    ids,
  );
  await trx('evidence_holds').where({ event_id: ids.from }).update({ event_id: ids.into });
}
