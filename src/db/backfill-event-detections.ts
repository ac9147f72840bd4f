import type { Knex } from 'knex';

import { parseDetectionIds } from '../domain/detection-ids.ts';

/** What became of the texts of old events. */
export type BackfillTotals = { events: number; linked: number; events_with_problems: number; problems: Record<string, number> };

const SLICE_EVENTS = 5_000;
const SHOWN_CHARACTERS = 200;

type OldEvent = { id: number; camera_id: string; started_at: Date; ended_at: Date | null; detection_ids: string | null };
type Found = { id: number; detected_at: Date; camera_id: string };
type Link = { eventId: number; startedAt: Date; detection: Found };
type Report = { event: OldEvent; problems: Record<string, number> };

/**
 * Fills `event_detections` from the texts of events that were written before it existed (schema §8). Nothing a text holds can stop
 * it: what cannot be read or found is reported. A database with memberships is left alone.
 */
export async function backfillEventDetections(trx: Knex.Transaction): Promise<BackfillTotals> {
  const totals: BackfillTotals = { events: 0, linked: 0, events_with_problems: 0, problems: {} };
  if (await hasMembers(trx)) return totals;
  for (let after = 0; ;) {
    const events = await readSlice(trx, after);
    const last = events.at(-1);
    if (last === undefined) return totals;
    await fillSlice(trx, events, totals);
    after = last.id;
  }
}

async function hasMembers(trx: Knex.Transaction): Promise<boolean> {
  return (await trx('event_detections').first('event_id')) !== undefined;
}

async function readSlice(trx: Knex.Transaction, after: number): Promise<OldEvent[]> {
  return trx<OldEvent>('events')
    .select('id', 'camera_id', 'started_at', 'ended_at', 'detection_ids')
    .where('id', '>', after)
    .orderBy('id')
    .limit(SLICE_EVENTS);
}

async function fillSlice(trx: Knex.Transaction, events: readonly OldEvent[], totals: BackfillTotals): Promise<void> {
  const parsed = events.map((event) => ({ event, ...parseDetectionIds(event.detection_ids) }));
  const found = await findDetections(trx, events, [...new Set(parsed.flatMap(({ ids }) => ids))]);
  const links: Link[] = [];
  const reports: Report[] = [];
  for (const { event, ids, problems } of parsed) {
    const report: Report = { event, problems: { ...problems } };
    for (const id of ids) {
      const detection = found.get(id);
      if (detection === undefined) count(report.problems, 'unknown_detection');
      else links.push({ eventId: event.id, startedAt: event.started_at, detection });
      if (detection !== undefined && detection.camera_id !== event.camera_id) count(report.problems, 'other_camera');
    }
    if (Object.keys(report.problems).length > 0) reports.push(report);
  }
  await insertLinks(trx, links);
  await insertReports(trx, reports);
  totals.events += events.length;
  totals.linked += links.length;
  totals.events_with_problems += reports.length;
  for (const { problems } of reports) for (const [code, times] of Object.entries(problems)) count(totals.problems, code, times);
}

function count(problems: Record<string, number>, code: string, times = 1): void {
  problems[code] = (problems[code] ?? 0) + times;
}

const DAY_MS = 86_400_000;

/** First where the events say, which is a month or two; only what is not there is looked for in all months. */
async function findDetections(trx: Knex.Transaction, events: readonly OldEvent[], ids: readonly number[]): Promise<Map<number, Found>> {
  const from = new Date(events.reduce((first, event) => Math.min(first, event.started_at.getTime()), Infinity) - DAY_MS);
  const until = new Date(
    events.reduce((last, event) => Math.max(last, (event.ended_at ?? event.started_at).getTime()), -Infinity) + DAY_MS,
  );
  const near = await lookUp(trx, 'd.detected_at BETWEEN ? AND ?', [ids, from, until]);
  const missing = ids.filter((id) => !near.has(id));
  return missing.length === 0 ? near : new Map([...near, ...(await lookUp(trx, 'true', [missing]))]);
}

async function lookUp(
  trx: Knex.Transaction,
  where: string,
  bindings: readonly [readonly number[], ...Date[]],
): Promise<Map<number, Found>> {
  const { rows } = await trx.raw<{ rows: Found[] }>(
    `SELECT d.id, d.detected_at, d.camera_id FROM unnest(?::bigint[]) AS u(id) JOIN detections d ON d.id = u.id WHERE ${where}`,
    bindings as unknown as Knex.RawBinding[],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function insertLinks(trx: Knex.Transaction, links: readonly Link[]): Promise<void> {
  await trx.raw(
    `WITH linked AS (
       INSERT INTO event_detections (event_id, detection_id, detected_at, created_at)
       SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::timestamptz[]) ON CONFLICT DO NOTHING RETURNING event_id)
     UPDATE events e SET detection_count = l.count FROM (SELECT event_id, count(*) FROM linked GROUP BY 1) AS l WHERE e.id = l.event_id`,
    [
      links.map(({ eventId }) => eventId),
      links.map(({ detection }) => detection.id),
      links.map(({ detection }) => detection.detected_at.toISOString()),
      links.map(({ startedAt }) => startedAt.toISOString()),
    ],
  );
}

async function insertReports(trx: Knex.Transaction, reports: readonly Report[]): Promise<void> {
  for (let start = 0; start < reports.length; start += 500) {
    const rows = reports.slice(start, start + 500).map(({ event, problems }) => ({
      level: 'warning',
      component: 'migration',
      message: `detection_ids of event ${String(event.id)} could not be taken over whole`,
      camera_id: event.camera_id,
      event_id: event.id,
      extra: JSON.stringify({ problems, text: beginningOf(event.detection_ids ?? '') }),
    }));
    await trx('logs').insert(rows);
  }
}

/** Whole characters: half of one could not be stored. */
function beginningOf(text: string): string {
  return Array.from(text.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(0, SHOWN_CHARACTERS)
    .join('');
}
