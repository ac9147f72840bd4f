import type { Knex } from 'knex';

import { findActivityHours, findHoursBeyondMotion, type StoredActivityHour } from '../../db/models/activity-hours.ts';
import {
  countTracksOfEvents,
  findEventsToScore,
  saveEventAnomalies,
  type AnomalyBasis,
  type AnomalyNumbers,
  type EventAnomalyPatch,
  type EventToScore,
} from '../../db/models/event-anomalies.ts';
import { eventAnomaly, type AnomalyScore, type EventAnomaly } from '../../domain/baselines/event-anomaly.ts';
import { localHourAt, type LocalHour } from '../../domain/coverage/local-hours.ts';
import { splitCommas } from '../lists/text-list.ts';
import type { BaselineCamera } from './baseline-camera.ts';
import { unprunedPart } from './refresh-hours.ts';
import { WINDOW_MS } from './window.ts';

const EVENTS_AT_ONCE = 500;
const STORED_DECIMALS = 1e4;

/**
 * Stores how unusual events of a camera are against what was known when their hour began (§8.4); those of pruned footage keep what they
 * have. Returns how many scores changed.
 */
export async function scoreEvents(
  trx: Knex.Transaction,
  camera: BaselineCamera,
  span: { from?: Date; until?: Date } = {},
): Promise<number> {
  const { startMs } = unprunedPart({ startMs: span.from?.getTime() ?? 0, endMs: Infinity }, camera);
  let changed = 0;
  for (let after: EventToScore | undefined; ;) {
    const events = await findEventsToScore(trx, { cameraId: camera.id, ...span, from: new Date(startMs), after, limit: EVENTS_AT_ONCE });
    after = events.at(-1);
    if (after === undefined) return changed;
    changed += await saveEventAnomalies(trx, await scorePage(trx, camera, events));
  }
}

type PlacedEvent = { event: EventToScore; hour: LocalHour };

async function scorePage(trx: Knex.Transaction, camera: BaselineCamera, events: readonly EventToScore[]): Promise<EventAnomalyPatch[]> {
  const placed = placeInHours(events, camera.zone);
  const counts = await countsOfEvents(trx, camera.id, placed);
  const history = await loadHistory(trx, camera.id, placed);
  return placed.map(({ event, hour }) => {
    const own = counts.get(event.id) ?? {};
    const countsMotion = !history.isBeyondMotion(hour) && Object.keys(own).every((label) => label === 'motion');
    const found = eventAnomaly({ hour, counts: own, labels: splitCommas(event.object_types), countsMotion }, history.ofHour(hour.hour));
    return { id: event.id, anomaly: found && toStored(found.score), basis: found && toBasis(found) };
  });
}

/** Neighbours mostly share their hour. */
function placeInHours(events: readonly EventToScore[], zone: string): PlacedEvent[] {
  let hour: LocalHour | undefined;
  return events.map((event) => {
    const atMs = event.started_at.getTime();
    if (hour === undefined || atMs < hour.startMs || atMs >= hour.endMs) hour = localHourAt(atMs, zone);
    return { event, hour };
  });
}

async function countsOfEvents(knex: Knex, cameraId: string, placed: readonly PlacedEvent[]): Promise<Map<number, Record<string, number>>> {
  const hours = placed.map(({ event, hour }) => ({
    id: event.id,
    from: new Date(hour.startMs),
    before: new Date(hour.endMs),
    until: event.ended_at ?? event.started_at,
  }));
  const entries = new Map<number, [string, number][]>();
  for (const { id, label, count } of await countTracksOfEvents(knex, cameraId, hours)) {
    entries.set(id, [...(entries.get(id) ?? []), [label, count]]);
  }
  return new Map([...entries].map(([id, found]) => [id, Object.fromEntries(found)]));
}

type History = {
  /** All days, ascending. */
  ofHour: (hour: number) => readonly StoredActivityHour[];
  /** Whether another detector than motion saw something in the 30 days before. */
  isBeyondMotion: (hour: LocalHour) => boolean;
};

async function loadHistory(knex: Knex, cameraId: string, placed: readonly PlacedEvent[]): Promise<History> {
  const [firstMs, lastMs] = [placed[0]?.hour.startMs ?? 0, placed.at(-1)?.hour.startMs ?? 0];
  const span = { cameraId, from: new Date(firstMs - WINDOW_MS), until: new Date(lastMs) };
  const byHour = new Map<number, StoredActivityHour[]>();
  for (const row of await findActivityHours(knex, { ...span, hours: [...new Set(placed.map(({ hour }) => hour.hour))] })) {
    const same = byHour.get(row.hour);
    if (same) same.push(row);
    else byHour.set(row.hour, [row]);
  }
  const beyondMotion = await findHoursBeyondMotion(knex, span);
  return {
    ofHour: (hour) => byHour.get(hour) ?? [],
    isBeyondMotion: ({ startMs }) => beyondMotion.some((ms) => ms >= startMs - WINDOW_MS && ms < startMs),
  };
}

function toBasis({ sampleCount, activity, classes }: EventAnomaly): AnomalyBasis {
  return {
    samples: sampleCount,
    activity: toNumbers(activity),
    classes: Object.fromEntries(Object.entries(classes).map(([label, score]) => [label, toNumbers(score)])),
  };
}

function toNumbers({ score, k, a, b }: AnomalyScore): AnomalyNumbers {
  return { score: toStored(score), k, a: toStored(a), b: toStored(b) };
}

function toStored(value: number): number {
  return Math.round(value * STORED_DECIMALS) / STORED_DECIMALS;
}
