import type { Knex } from 'knex';

import type { AnalysisStatus, RiskSource, Severity } from '../../domain/enums.ts';
import type { RiskFactor } from '../../domain/risk/risk-factor.ts';
import type { CameraInterval } from './detections.ts';
import { deleteEvents } from './event-deletion.ts';

/** One row of `events`, as stored. */
export type EventRow = {
  id: number;
  batch_id: string;
  sequence_id: string | null;
  camera_id: string;
  started_at: Date;
  ended_at: Date | null;
  risk_score: number | null;
  risk_level: Severity | null;
  risk_source: RiskSource;
  rule_score: number | null;
  summary: string | null;
  reasoning: string | null;
  notes: string | null;
  clip_path: string | null;
  llm_prompt: string | null;
  recommended_action: string | null;
  entities: unknown[] | null;
  flags: unknown[] | null;
  confidence_factors: Record<string, unknown> | null;
  detection_ids: string | null;
  object_types: string | null;
  detection_count: number;
  max_score: number | null;
  /** Probability of fewer tracks than there were; null: not enough history. */
  anomaly: number | null;
  anomaly_basis: Record<string, unknown> | null;
  time_ambiguous: boolean;
  reviewed: boolean;
  is_fast_path: boolean;
  flagged: boolean;
  analysis_status: AnalysisStatus;
  analyzed_at: Date | null;
  snooze_until: Date | null;
  version: number;
  run_id: string | null;
  /** They add up to `rule_score`. */
  factors: RiskFactor[] | null;
  /** Why a language model gave no verdict. */
  analysis_code: string | null;
  prompt_version: number | null;
  /** What `rule_score` was computed with; null: something it rests on has changed. */
  rules_fingerprint: string | null;
};

/** What grouping decides about an event; everything else belongs to the analysis or to the user. */
export type DerivedEvent = Pick<
  EventRow,
  'batch_id' | 'sequence_id' | 'started_at' | 'object_types' | 'detection_count' | 'max_score' | 'time_ambiguous' | 'is_fast_path'
> & { ended_at: Date; members: { detectionId: number; detectedAt: Date }[] };

/** What people decide about an event; neither grouping nor analysis changes it. */
export type EventReview = Pick<EventRow, 'notes' | 'reviewed' | 'flagged' | 'snooze_until'>;

export type ReviewedEvent = Pick<EventRow, 'id' | 'version'> & EventReview;

/** The event as it is now; nobody else changes it until the transaction ends. */
export async function lockEventReview(trx: Knex.Transaction, id: number): Promise<ReviewedEvent | undefined> {
  return trx('events')
    .where({ id })
    .forUpdate()
    .first<ReviewedEvent | undefined>('id', 'version', 'notes', 'reviewed', 'flagged', 'snooze_until');
}

/** Optimistic lock: the new version, or undefined when the event is gone or no longer at the version that was read. */
export async function updateEventReview(
  knex: Knex,
  options: { id: number; version: number; patch: Partial<EventReview> },
): Promise<number | undefined> {
  const { id, version, patch } = options;
  const [row] = await knex('events')
    .where({ id, version })
    .update({ ...patch, version: knex.raw('version + 1') })
    .returning<{ version: number }[]>('version');
  return row?.version;
}

export type EventWithMembers = Pick<
  EventRow,
  | 'id'
  | 'batch_id'
  | 'sequence_id'
  | 'started_at'
  | 'ended_at'
  | 'notes'
  | 'reviewed'
  | 'flagged'
  | 'snooze_until'
  | 'object_types'
  | 'detection_count'
  | 'max_score'
  | 'time_ambiguous'
  | 'is_fast_path'
> & {
  detection_ids: number[];
  /** The ids as they were when the event was last written, as JSON. */
  listed_ids: string | null;
};

/**
 * Events of a camera that overlap a footage interval, each with the ids of its detections, ascending. They are locked: a note
 * written meanwhile waits, rather than getting lost with an event that is absorbed or deleted.
 */
export async function lockEventsTouching(knex: Knex.Transaction, interval: CameraInterval): Promise<EventWithMembers[]> {
  const { rows } = await knex.raw<{ rows: EventWithMembers[] }>(
    `SELECT e.id, e.batch_id, e.sequence_id, e.started_at, e.ended_at, e.notes, e.reviewed, e.flagged,
            e.snooze_until, e.object_types, e.detection_count, e.max_score, e.time_ambiguous, e.is_fast_path, e.detection_ids AS listed_ids,
            coalesce((SELECT array_agg(m.detection_id ORDER BY m.detection_id) FROM event_detections m
                       WHERE m.event_id = e.id), '{}') AS detection_ids
       FROM events e
      WHERE e.camera_id = ? AND e.started_at <= ? AND e.ended_at >= ?
      ORDER BY e.started_at, e.id
        FOR UPDATE OF e`,
    [interval.cameraId, interval.until, interval.from],
  );
  return rows;
}

function toColumns(event: DerivedEvent): Record<string, unknown> {
  const { members, ...columns } = event;
  return { ...columns, detection_ids: listOfIds(members) };
}

/** The members as `detection_ids` holds them: a JSON array of ids, ascending. */
export function listOfIds(members: DerivedEvent['members']): string {
  return JSON.stringify(members.map((member) => member.detectionId).sort((a, b) => a - b));
}

const EVENTS_AT_ONCE = 200;

/** New events of one camera, a few hundred in each statement. */
export async function insertEvents(trx: Knex.Transaction, options: { cameraId: string; events: readonly DerivedEvent[] }): Promise<void> {
  for (let start = 0; start < options.events.length; start += EVENTS_AT_ONCE) {
    const events = options.events.slice(start, start + EVENTS_AT_ONCE);
    const rows = await trx('events')
      .insert(events.map((event) => ({ camera_id: options.cameraId, ...toColumns(event) })))
      .returning<Pick<EventRow, 'id' | 'batch_id'>[]>(['id', 'batch_id']);
    const idOf = new Map(rows.map((row) => [row.batch_id, row.id]));
    await insertMembers(
      trx,
      events.flatMap(({ batch_id: batchId, members }) => members.map((member) => ({ ...member, eventId: idOf.get(batchId) ?? 0 }))),
    );
  }
}

/**
 * Rewrites what grouping decides about an event and keeps its id, review, notes and score. New members make an analysed
 * event wait for analysis again.
 */
export async function updateDerivedEvent(
  trx: Knex.Transaction,
  options: { id: number; event: DerivedEvent; membersChanged: boolean },
): Promise<void> {
  const reanalyse = {
    analysis_status: trx.raw(`CASE analysis_status WHEN 'skipped' THEN 'skipped' ELSE 'pending' END`),
    rules_fingerprint: null,
  };
  await trx('events')
    .where({ id: options.id })
    .update({
      ...toColumns(options.event),
      ...(options.membersChanged ? reanalyse : {}),
      version: trx.raw('version + 1'),
    });
  if (!options.membersChanged) return;
  await trx('event_detections').where({ event_id: options.id }).delete();
  await insertMembers(
    trx,
    options.event.members.map((member) => ({ ...member, eventId: options.id })),
  );
}

type Member = DerivedEvent['members'][number] & { eventId: number };

async function insertMembers(trx: Knex.Transaction, members: readonly Member[]): Promise<void> {
  await trx.raw(
    `INSERT INTO event_detections (event_id, detection_id, detected_at)
     SELECT u.event_id, u.id, u.detected_at FROM unnest(?::bigint[], ?::bigint[], ?::timestamptz[]) AS u(event_id, id, detected_at)`,
    [
      members.map(({ eventId }) => eventId),
      members.map(({ detectionId }) => detectionId),
      members.map(({ detectedAt }) => detectedAt.toISOString()),
    ],
  );
}

/** A batch id may pass from one event to another in one regrouping; parked under unique names nothing collides. */
export async function parkBatchIds(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await trx('events')
    .whereIn('id', [...ids])
    .update({ batch_id: trx.raw(`'regrouping-' || id`) });
}

/** Takes all members from an event that stays for its notes or flag alone. */
export async function emptyEvent(trx: Knex.Transaction, id: number): Promise<void> {
  await trx('event_detections').where({ event_id: id }).delete();
  await trx('events')
    .where({ id })
    .update({ detection_ids: '[]', detection_count: 0, version: trx.raw('version + 1') });
}

/** Another line of the notes. */
export async function addEventNote(trx: Knex.Transaction, id: number, line: string): Promise<void> {
  await trx('events')
    .where({ id })
    .update({ notes: trx.raw(`concat_ws(E'\\n', notes, ?::text)`, [line]), version: trx.raw('version + 1') });
}

/** Hands notes and review of an absorbed event to the event that took its detections; returns the path of its clip, as `deleteEvents` does. */
export async function absorbEvent(
  trx: Knex.Transaction,
  options: { absorbed: Pick<EventRow, 'id'> & EventReview & { label: string }; into: number },
): Promise<string[]> {
  const { absorbed, into } = options;
  const line = absorbed.notes === null ? null : `[${absorbed.label}] ${absorbed.notes}`;
  await trx('events')
    .where({ id: into })
    .update({
      notes: trx.raw(`nullif(concat_ws(E'\\n', notes, ?::text), '')`, [line]),
      reviewed: trx.raw('reviewed AND ?::boolean', [absorbed.reviewed]),
      flagged: trx.raw('flagged OR ?::boolean', [absorbed.flagged]),
      snooze_until: trx.raw('greatest(snooze_until, ?::timestamptz)', [absorbed.snooze_until]),
      version: trx.raw('version + 1'),
    });
  return deleteEvents(trx, [absorbed.id]);
}
