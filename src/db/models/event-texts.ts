import type { Knex } from 'knex';

import { toObjectTypes } from '../../domain/group-events.ts';

type MemberRow = { event_id: number; detection_id: number; object_type: string | null };

/**
 * Writes `detection_ids`, `object_types` and the count of these events anew after some of their detections went. Events that have
 * none left are not touched. Returns how many were written.
 */
export async function refreshEventTexts(trx: Knex.Transaction, eventIds: readonly number[]): Promise<number> {
  const members = await findMembers(trx, eventIds);
  const byEvent = new Map<number, MemberRow[]>();
  for (const member of members) byEvent.set(member.event_id, [...(byEvent.get(member.event_id) ?? []), member]);
  for (const [id, own] of byEvent) {
    await trx('events')
      .where({ id })
      .update({
        detection_ids: JSON.stringify(own.map((member) => member.detection_id)),
        object_types: toObjectTypes(own.flatMap(({ object_type: label }) => label ?? [])),
        detection_count: own.length,
        version: trx.raw('version + 1'),
      });
  }
  return byEvent.size;
}

/** Ascending by detection. The join names both columns, so that one partition is read per row and not all. */
async function findMembers(trx: Knex.Transaction, eventIds: readonly number[]): Promise<MemberRow[]> {
  const { rows } = await trx.raw<{ rows: MemberRow[] }>(
    `SELECT m.event_id, m.detection_id, d.object_type
       FROM event_detections m JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
      WHERE m.event_id = ANY (?::bigint[]) ORDER BY m.event_id, m.detection_id`,
    [[...eventIds]],
  );
  return rows;
}

/** Of these events those without a detection. */
export async function findEmptyEvents(trx: Knex.Transaction, eventIds: readonly number[]): Promise<number[]> {
  return trx('events')
    .whereIn('id', [...eventIds])
    .whereNotExists(trx('event_detections').whereRaw('event_id = events.id'))
    .pluck<number[]>('id');
}
