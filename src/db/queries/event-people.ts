import type { Knex } from 'knex';

/** Confirmed tracks of people in an event; the largest number of detections first. */
export async function findPeopleOfEvent(knex: Knex, eventId: number): Promise<{ id: number; detections: number }[]> {
  return knex('event_detections as ed')
    .join('detections as d', (on) => on.on('d.id', 'ed.detection_id').andOn('d.detected_at', 'ed.detected_at'))
    .join('tracks as t', 't.id', 'd.track_id')
    .where({ 'ed.event_id': eventId, 't.class_group': 'person', 't.confirmed': true })
    .groupBy('t.id')
    .orderBy([{ column: 'detections', order: 'desc' }, { column: 't.id' }])
    .select<{ id: number; detections: number }[]>('t.id', knex.raw('count(*) AS detections'));
}
