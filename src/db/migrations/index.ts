import type { Knex } from 'knex';

import * as prepareDatabase from './20261122100000_prepare_database.ts';
import * as createProperties from './20261122100100_create_properties.ts';
import * as createJobs from './20261122100200_create_jobs.ts';
import * as createJobHistory from './20261122100210_create_job_history.ts';
import * as createRuns from './20261122100300_create_runs.ts';
import * as createCameras from './20261122100400_create_cameras.ts';
import * as createMediaFiles from './20261122100500_create_media_files.ts';
import * as createDetections from './20261122100600_create_detections.ts';
import * as createEvents from './20261122100700_create_events.ts';
import * as createEventDetections from './20261122100710_create_event_detections.ts';
import * as createExportJobs from './20261122100800_create_export_jobs.ts';
import * as createAuditLogs from './20261122100900_create_audit_logs.ts';
import * as createLogs from './20261122101000_create_logs.ts';
import * as addFootageDerivation from './20261122101100_add_footage_derivation.ts';

type Migration = Knex.Migration;

/** Append-only. Names carry no extension, so that TypeScript sources and compiled files agree on what was applied. */
const MIGRATIONS: ReadonlyMap<string, Migration> = new Map([
  ['20261122100000_prepare_database', prepareDatabase],
  ['20261122100100_create_properties', createProperties],
  ['20261122100200_create_jobs', createJobs],
  ['20261122100210_create_job_history', createJobHistory],
  ['20261122100300_create_runs', createRuns],
  ['20261122100400_create_cameras', createCameras],
  ['20261122100500_create_media_files', createMediaFiles],
  ['20261122100600_create_detections', createDetections],
  ['20261122100700_create_events', createEvents],
  ['20261122100710_create_event_detections', createEventDetections],
  ['20261122100800_create_export_jobs', createExportJobs],
  ['20261122100900_create_audit_logs', createAuditLogs],
  ['20261122101000_create_logs', createLogs],
  ['20261122101100_add_footage_derivation', addFootageDerivation],
] as const satisfies [string, Migration][]);

/** In the order they are applied. */
export const migrationNames: readonly string[] = [...MIGRATIONS.keys()].sort();

export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve([...migrationNames]),
  getMigrationName: (name) => name,
  getMigration: (name) => {
    const migration = MIGRATIONS.get(name);
    return migration === undefined ? Promise.reject(new Error(`there is no migration ${name}`)) : Promise.resolve(migration);
  },
};
