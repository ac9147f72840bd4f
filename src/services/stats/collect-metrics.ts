import type { Knex } from 'knex';

import { findIngestRates } from '../../db/queries/ingest-rates.ts';
import { countAlertStates, findLastRuns, type LastRunRow } from '../../db/queries/metrics.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import type { CountScope } from '../../db/queries/stats.ts';
import { readServerFacts } from '../../db/server-facts.ts';
import { ALERT_STATUSES, MEDIA_FILE_STATUSES, SEVERITIES } from '../../domain/enums.ts';
import { gauge, type Metric, type MetricSample } from '../../exporters/prometheus-text.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { jobMetrics } from './job-metrics.ts';
import { COUNTERS, type StatsRecord } from './stats-columns.ts';
import { resolveStatsScope } from './stats-scope.ts';
import { sumFootage } from './sum-footage.ts';

export type MetricsOptions = { zones: ZoneSettings; version: string };

/** What a monitor may watch, of all footage. A state nothing is in has a 0: a series that comes and goes cannot be compared. */
export async function collectMetrics(knex: Knex, options: MetricsOptions): Promise<Metric[]> {
  return readSnapshot(knex, async (snapshot) => {
    const scope = await resolveStatsScope(snapshot, { scope: {}, zones: options.zones });
    return [
      gauge('hs_info', 'The program that wrote this.', [{ labels: { version: options.version }, value: 1 }]),
      ...(await footageMetrics(snapshot, scope)),
      ...(await countMetrics(snapshot, scope)),
      ...(await workMetrics(snapshot)),
      gauge('hs_database_bytes', 'Size of the database.', [{ value: (await readServerFacts(snapshot)).sizeBytes }]),
    ];
  });
}

async function footageMetrics(knex: Knex, scope: CountScope): Promise<Metric[]> {
  const { ms, spans } = await sumFootage(knex, { scope, by: 'camera' });
  const ends = [...spans].map(([camera, { endMs }]) => ({ labels: { camera }, value: endMs / 1000 }));
  const lengths = scope.cameras.map(({ id }) => ({ labels: { camera: id }, value: (ms.get(id) ?? 0) / 1000 }));
  return [
    gauge('hs_last_footage_timestamp_seconds', 'End of the newest footage that was read.', ends),
    gauge('hs_footage_seconds', 'Footage that was read; what overlaps counts once.', lengths),
  ];
}

async function countMetrics(knex: Knex, scope: CountScope): Promise<Metric[]> {
  let counts: StatsRecord = {};
  for (const count of [COUNTERS.files, COUNTERS.detections, COUNTERS.tracks, COUNTERS.events]) {
    for (const [, counted] of await count(knex, { scope, by: 'all' })) counts = { ...counts, ...counted };
  }
  const of = (column: string): number => Number(counts[column] ?? 0);
  const each = (label: string, prefix: string, values: readonly string[]): MetricSample[] =>
    values.map((value) => ({ labels: { [label]: value }, value: of(`${prefix}_${value}`) }));
  return [
    gauge('hs_files', 'Files in the ledger.', each('status', 'files', MEDIA_FILE_STATUSES)),
    gauge('hs_file_bytes', 'Size of all files in the ledger.', [{ value: of('file_bytes') }]),
    gauge('hs_detections', 'Detections in the store.', [{ value: of('detections') }]),
    gauge('hs_tracks', 'Confirmed tracks in the store.', [{ value: of('tracks') }]),
    gauge('hs_events', 'Events in the store.', each('level', 'events', [...SEVERITIES, 'unscored'])),
  ];
}

async function workMetrics(knex: Knex): Promise<Metric[]> {
  const alerts = new Map((await countAlertStates(knex)).map((row) => [`${row.severity} ${row.status}`, row.alerts]));
  const alertSamples = SEVERITIES.flatMap((severity) =>
    ALERT_STATUSES.map((status) => ({ labels: { severity, status }, value: alerts.get(`${severity} ${status}`) ?? 0 })),
  );
  return [
    gauge('hs_alerts', 'Alerts in the store.', alertSamples),
    ...(await jobMetrics(knex)),
    ...runMetrics(await findLastRuns(knex)),
    ...ingestMetrics((await findIngestRates(knex, 1))[0]),
  ];
}

function runMetrics(runs: readonly LastRunRow[]): Metric[] {
  const each = (valueOf: (run: LastRunRow) => number): MetricSample[] =>
    runs.map((run) => ({ labels: { command: run.command }, value: valueOf(run) }));
  return [
    gauge(
      'hs_last_run_end_timestamp_seconds',
      'When the last run of each command ended.',
      each(({ ended_at: ended }) => ended.getTime() / 1000),
    ),
    gauge('hs_last_run_duration_seconds', 'How long it took.', each(secondsOf)),
    gauge(
      'hs_last_run_exit_code',
      'How it ended; 255: it was found dead.',
      each(({ exit_code: code }) => code),
    ),
  ];
}

function ingestMetrics(run: { files: number; footage_ms: number } | undefined): Metric[] {
  if (run === undefined) return [];
  return [
    gauge('hs_last_ingest_files', 'Files that the last ingest with any finished.', [{ value: run.files }]),
    gauge('hs_last_ingest_footage_seconds', 'Footage in them.', [{ value: run.footage_ms / 1000 }]),
  ];
}

function secondsOf({ started_at: started, ended_at: ended }: LastRunRow): number {
  return (ended.getTime() - started.getTime()) / 1000;
}
