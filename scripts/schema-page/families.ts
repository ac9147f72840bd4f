/** A chapter of the page with the tables that belong together, in reading order. */
export type Family = { title: string; tables: readonly string[] };

export const FAMILIES: readonly Family[] = [
  { title: 'Footage and detections', tables: ['cameras', 'media_files', 'media_file_parts', 'detections', 'tracks'] },
  {
    title: 'Views of cameras',
    tables: ['scene_changes', 'scene_change_pictures', 'scene_checks', 'scene_checkpoints', 'scene_references'],
  },
  {
    title: 'Results of optional models',
    tables: [
      'pose_results',
      'threat_detections',
      'demographics_results',
      'reid_embeddings',
      'action_results',
      'plate_reads',
      'face_detection_events',
    ],
  },
  { title: 'Events', tables: ['events', 'event_detections', 'summaries'] },
  {
    title: 'Alerts and notifications',
    tables: ['alert_rules', 'alerts', 'due_alerts', 'notification_preferences', 'camera_notification_settings', 'quiet_hours_periods'],
  },
  { title: 'Zones and baselines', tables: ['zones', 'activity_hours', 'activity_baselines', 'class_baselines', 'baseline_states'] },
  {
    title: 'Places, people and identity',
    tables: [
      'households',
      'properties',
      'areas',
      'camera_areas',
      'household_members',
      'person_embeddings',
      'registered_vehicles',
      'entities',
    ],
  },
  {
    title: 'Prompts, audits and calibration',
    tables: [
      'prompt_configs',
      'prompt_versions',
      'event_audits',
      'event_feedback',
      'evidence_holds',
      'user_calibration',
      'camera_calibrations',
      'experiments',
      'experiment_results',
      'llm_interactions',
    ],
  },
  { title: 'Jobs and exports', tables: ['jobs', 'job_attempts', 'job_logs', 'job_transitions', 'export_jobs', 'schedules'] },
  { title: 'Operations', tables: ['runs', 'gpu_stats', 'logs', 'audit_logs', 'prometheus_alerts', 'api_keys'] },
];

/** Throws when a table belongs to no family, or a family names a table that is not there: both would be missing from the page. */
export function assertFamilies(tables: readonly string[], families: readonly Family[] = FAMILIES): void {
  const named = families.flatMap((family) => family.tables);
  const homeless = tables.filter((table) => !named.includes(table));
  const gone = named.filter((table) => !tables.includes(table));
  const twice = named.filter((table, place) => named.indexOf(table) !== place);
  const problems = [
    ...homeless.map((table) => `${table} belongs to no family`),
    ...gone.map((table) => `there is no table ${table}`),
    ...twice.map((table) => `${table} is named twice`),
  ];
  if (problems.length > 0) throw new Error(`scripts/schema-page/families.ts: ${problems.join(', ')}`);
}
