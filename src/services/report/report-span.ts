import type { Knex } from 'knex';

import { findNewestFootage, listCameraNames, type CameraNameRow } from '../../db/queries/cameras.ts';
import { localDayAt, localDaysBetween, localDaysUntil, localWeekAt } from '../../domain/time/local-day.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { ReportKind } from '../../exporters/report/report-data.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { matchCameras } from '../lists/match-names.ts';
import { parseInstant } from '../lists/parse-instant.ts';
import { commonZone, resolveSpan } from '../lists/resolve-scope.ts';

/** What a report is asked about. */
export type ReportChoice =
  | {
      kind: 'daily' | 'weekly';
      /** A day, or one of the week; by default that of the newest footage. */ date?: string | undefined;
      cameras?: readonly string[] | undefined;
    }
  | {
      kind: 'camera';
      camera: string;
      /** By default seven days up to that of the newest footage. */ since?: string | undefined;
      until?: string | undefined;
    };

/** Resolved: a half-open span of footage, whose days it consists of, and cameras that exist. */
export type ReportSpan = { kind: ReportKind; since: Date; until: Date; zone: string; dates: string[]; cameraIds: string[] };

const DAYS_OF_CAMERA = 7;

/** Throws a usage error for a camera that does not exist, a time that is none, and where no footage says which day is meant. */
export async function resolveReportSpan(knex: Knex, choice: ReportChoice, zones: ZoneSettings): Promise<ReportSpan> {
  const all = await listCameraNames(knex);
  const cameraIds = chooseCameras(all, choice);
  const zone = commonZone(
    all.filter(({ id }) => cameraIds.includes(id)),
    zones,
  );
  const newest = await findNewestFootage(knex, cameraIds);
  const { startMs, endMs } = choice.kind === 'camera' ? spanOfCamera(choice, { zone, newest }) : spanOfDays(choice, { zone, newest });
  const dates = localDaysBetween(startMs, endMs, zone).map(({ date }) => date);
  return { kind: choice.kind, since: new Date(startMs), until: new Date(endMs), zone, dates, cameraIds };
}

function chooseCameras(all: readonly CameraNameRow[], choice: ReportChoice): string[] {
  if (choice.kind !== 'camera') return choice.cameras === undefined ? all.map(({ id }) => id) : matchCameras(all, choice.cameras);
  const found = matchCameras(all, [choice.camera]);
  if (found.length > 1) {
    throw new UsageError(`${JSON.stringify(choice.camera)} names ${found.length} cameras: ${found.join(', ')}`, {
      hint: 'name one; hs report daily and weekly are of several',
    });
  }
  return found;
}

type Clock = { zone: string; newest: Date | undefined };
type Span = { startMs: number; endMs: number };

function spanOfDays({ kind, date }: Extract<ReportChoice, { kind: 'daily' | 'weekly' }>, { zone, newest }: Clock): Span {
  const at = date === undefined ? undefined : parseInstant(date, { name: '--date', zone, asOf: newest });
  const atMs = at?.getTime() ?? lastInstant(newest);
  const days = kind === 'daily' ? [localDayAt(atMs, zone)] : localWeekAt(atMs, zone);
  return { startMs: days[0]?.startMs ?? atMs, endMs: days.at(-1)?.endMs ?? atMs };
}

function spanOfCamera(choice: Extract<ReportChoice, { kind: 'camera' }>, { zone, newest }: Clock): Span {
  const { since, until } = resolveSpan(choice, { zone, asOf: newest });
  const endMs = until?.getTime() ?? localDayAt(lastInstant(newest), zone).endMs;
  const startMs = since?.getTime() ?? localDaysUntil(endMs - 1, DAYS_OF_CAMERA, zone)[0]?.startMs ?? endMs;
  if (startMs >= endMs) throw new UsageError('--since is not before the end of the footage', { hint: 'give --until, too' });
  return { startMs, endMs };
}

/** Footage that ends at midnight is of the day before. */
function lastInstant(newest: Date | undefined): number {
  if (newest === undefined) throw new UsageError('there is no footage yet', { hint: 'ingest some, or say of when the report is' });
  return newest.getTime() - 1;
}
