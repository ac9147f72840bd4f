import type { Knex } from 'knex';

import { findNewestFootage } from '../../db/queries/cameras.ts';
import { activityOccurrences, classOccurrences } from '../../domain/baselines/baselines.ts';
import { weighSlot } from '../../domain/baselines/weigh-slot.ts';
import { localHourAt } from '../../domain/coverage/local-hours.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveAsOf } from '../lists/resolve-as-of.ts';
import { requireBaselineCamera } from './baseline-camera.ts';
import { findKnownHours } from './baselines-as-of.ts';
import { WEEKDAYS } from './show-baselines.ts';

/** A slot, by its name or by an instant in it. With a class and without a weekday it is the hour of all weekdays. */
export type SlotChoice = { at?: string | undefined; weekday?: string | undefined; hour?: number | undefined; label?: string | undefined };

export type ExplainOptions = { camera: string; slot: SlotChoice; asOf?: string | undefined; zones: ZoneSettings };

export const OCCURRENCE_COLUMNS = [
  'date',
  'started_at',
  'tracks',
  'exposure',
  'age_days',
  'weight',
  'weighted_tracks',
  'weighted_exposure',
  'started_at_local',
] as const;

export type OccurrenceRecord = Readonly<Record<(typeof OCCURRENCE_COLUMNS)[number], ExportValue>>;

export type SlotExplanation = { slot: Readonly<Record<string, ExportValue>>; occurrences: OccurrenceRecord[] };

/** The numbers behind one slot: each covered occurrence with its weight, and the quotient of the sums (§8.3). */
export async function explainSlot(knex: Knex, { camera: id, slot, asOf, zones }: ExplainOptions): Promise<SlotExplanation> {
  const camera = await requireBaselineCamera(knex, zones, id);
  const { weekday, hour } = await resolveSlot(knex, slot, camera);
  const known = await findKnownHours(knex, camera, asOf);
  const hours = known.hours.filter((one) => one.hour === hour && (weekday === undefined || one.weekday === weekday));
  const { label } = slot;
  const weighed = weighSlot(label === undefined ? activityOccurrences(hours, known.countsMotion) : classOccurrences(hours, label));
  return {
    slot: {
      camera_id: camera.id,
      timezone: camera.zone,
      weekday: weekday === undefined ? 'all' : (WEEKDAYS[weekday] ?? null),
      hour,
      class: label ?? 'all',
      as_of: known.asOf,
      sample_count: hours.length,
      weighted_tracks: weighed === undefined ? null : round(weighed.weightedCount),
      weighted_exposure: weighed === undefined ? null : round(weighed.weightedExposure),
      tracks_per_hour: weighed === undefined ? null : round(weighed.average),
    },
    occurrences: (weighed?.occurrences ?? []).map(({ startMs, count, exposure, ageDays, weight }) => ({
      date: formatLocal(startMs, camera.zone).slice(0, 10),
      started_at: new Date(startMs),
      tracks: count,
      exposure: round(exposure),
      age_days: ageDays,
      weight: round(weight),
      weighted_tracks: round(weight * count),
      weighted_exposure: round(weight * exposure),
      started_at_local: formatLocal(startMs, camera.zone),
    })),
  };
}

type Slot = { weekday: number | undefined; hour: number };

async function resolveSlot(knex: Knex, { at, weekday, hour, label }: SlotChoice, camera: { id: string; zone: string }): Promise<Slot> {
  if (at !== undefined) {
    const instant = resolveAsOf(at, { zone: camera.zone, newest: await findNewestFootage(knex, [camera.id]) });
    if (instant === undefined) throw new UsageError(`--at ${JSON.stringify(at)} counts back from footage that is not there`);
    const found = localHourAt(instant.getTime(), camera.zone);
    return { weekday: label === undefined ? found.weekday : undefined, hour: found.hour };
  }
  const day = weekday === undefined ? undefined : WEEKDAYS.findIndex((name) => name.startsWith(weekday.toLowerCase()));
  if (hour === undefined || (day === undefined && label === undefined)) {
    throw new UsageError('nothing says which hour to explain', { hint: 'give --at TIME, or --weekday and --hour, or --class and --hour' });
  }
  return { weekday: day, hour };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
