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
import * as createTouchTrigger from './20261122110000_create_touch_trigger.ts';
import * as createEntities from './20261122110100_create_entities.ts';
import * as createDetectionResults from './20261122110200_create_detection_results.ts';
import * as createSceneChanges from './20261122110300_create_scene_changes.ts';
import * as createZones from './20261122110400_create_zones.ts';
import * as createBaselines from './20261122110500_create_baselines.ts';
import * as createAlerting from './20261122120100_create_alerting.ts';
import * as createNotifications from './20261122120200_create_notifications.ts';
import * as createSummaries from './20261122120300_create_summaries.ts';
import * as createPrompts from './20261122120400_create_prompts.ts';
import * as createEventReviews from './20261122120500_create_event_reviews.ts';
import * as createCalibrations from './20261122120600_create_calibrations.ts';
import * as createExperimentResults from './20261122120700_create_experiment_results.ts';
import * as createAreas from './20261122130100_create_areas.ts';
import * as createHousehold from './20261122130200_create_household.ts';
import * as createGpuStats from './20261122130300_create_gpu_stats.ts';
import * as createPrometheusAlerts from './20261122130400_create_prometheus_alerts.ts';
import * as createApiKeys from './20261122130500_create_api_keys.ts';
import * as backfillEventDetections from './20261122140100_backfill_event_detections.ts';
import * as addZoneRules from './20261122150100_add_zone_rules.ts';
import * as createActivityHours from './20261122150200_create_activity_hours.ts';
import * as addSceneChecks from './20261122150300_add_scene_checks.ts';
import * as addIdentityLinks from './20261122150400_add_identity_links.ts';
import * as addRuleScores from './20261128100100_add_rule_scores.ts';
import * as createLlmInteractions from './20261128110100_create_llm_interactions.ts';
import * as createExperiments from './20261128110200_create_experiments.ts';
import * as extendAlerting from './20261128120100_extend_alerting.ts';
import * as addFeedbackContext from './20261128130100_add_feedback_context.ts';
import * as createPlatesAndFaces from './20261128140100_create_plates_and_faces.ts';
import * as addEnrichments from './20261128140200_add_enrichments.ts';
import * as createDueAlerts from './20261128150100_create_due_alerts.ts';
import * as createEvidenceHolds from './20261129100600_create_evidence_holds.ts';
import * as addRetention from './20261129120000_add_retention.ts';
import * as chainAuditLogs from './20261129130000_chain_audit_logs.ts';
import * as indexProcessedFiles from './20261129150000_index_processed_files.ts';
import * as addAnalysisMs from './20261129150100_add_analysis_ms.ts';
import * as addJobQueues from './20261129200000_add_job_queues.ts';
import * as createMediaFileParts from './20261130040000_create_media_file_parts.ts';
import * as createSchedules from './20261130100000_create_schedules.ts';
import * as addObjectEtag from './20261130110000_add_object_etag.ts';

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
  ['20261122110000_create_touch_trigger', createTouchTrigger],
  ['20261122110100_create_entities', createEntities],
  ['20261122110200_create_detection_results', createDetectionResults],
  ['20261122110300_create_scene_changes', createSceneChanges],
  ['20261122110400_create_zones', createZones],
  ['20261122110500_create_baselines', createBaselines],
  ['20261122120100_create_alerting', createAlerting],
  ['20261122120200_create_notifications', createNotifications],
  ['20261122120300_create_summaries', createSummaries],
  ['20261122120400_create_prompts', createPrompts],
  ['20261122120500_create_event_reviews', createEventReviews],
  ['20261122120600_create_calibrations', createCalibrations],
  ['20261122120700_create_experiment_results', createExperimentResults],
  ['20261122130100_create_areas', createAreas],
  ['20261122130200_create_household', createHousehold],
  ['20261122130300_create_gpu_stats', createGpuStats],
  ['20261122130400_create_prometheus_alerts', createPrometheusAlerts],
  ['20261122130500_create_api_keys', createApiKeys],
  ['20261122140100_backfill_event_detections', backfillEventDetections],
  ['20261122150100_add_zone_rules', addZoneRules],
  ['20261122150200_create_activity_hours', createActivityHours],
  ['20261122150300_add_scene_checks', addSceneChecks],
  ['20261122150400_add_identity_links', addIdentityLinks],
  ['20261128100100_add_rule_scores', addRuleScores],
  ['20261128110100_create_llm_interactions', createLlmInteractions],
  ['20261128110200_create_experiments', createExperiments],
  ['20261128120100_extend_alerting', extendAlerting],
  ['20261128130100_add_feedback_context', addFeedbackContext],
  ['20261128140100_create_plates_and_faces', createPlatesAndFaces],
  ['20261128140200_add_enrichments', addEnrichments],
  ['20261128150100_create_due_alerts', createDueAlerts],
  ['20261129100600_create_evidence_holds', createEvidenceHolds],
  ['20261129120000_add_retention', addRetention],
  ['20261129130000_chain_audit_logs', chainAuditLogs],
  ['20261129150000_index_processed_files', indexProcessedFiles],
  ['20261129150100_add_analysis_ms', addAnalysisMs],
  ['20261129200000_add_job_queues', addJobQueues],
  ['20261130040000_create_media_file_parts', createMediaFileParts],
  ['20261130100000_create_schedules', createSchedules],
  ['20261130110000_add_object_etag', addObjectEtag],
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
