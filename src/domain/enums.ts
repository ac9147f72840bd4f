// The one list of every enum: the unions below and the CHECK constraints of the database are both made from these arrays.

// Footage

export const CAMERA_STATUSES = ['online', 'offline', 'error', 'unknown'] as const;
export type CameraStatus = (typeof CAMERA_STATUSES)[number];

export const MEDIA_TYPES = ['image', 'video'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

export const MEDIA_FILE_STATUSES = ['pending', 'processing', 'done', 'empty', 'partial', 'failed', 'skipped'] as const;
export type MediaFileStatus = (typeof MEDIA_FILE_STATUSES)[number];

export const CAPTURED_AT_SOURCES = ['filename', 'exif', 'container', 'mtime', 'flag'] as const;
export type CapturedAtSource = (typeof CAPTURED_AT_SOURCES)[number];

/** How well a capture time is known. */
export const TIME_CONFIDENCES = ['exact', 'minute', 'low'] as const;
export type TimeConfidence = (typeof TIME_CONFIDENCES)[number];

/** Whether footage covers all of time or only moments when something moved; decides what a gap means. */
export const RECORDING_MODES = ['continuous', 'triggered'] as const;
export type RecordingMode = (typeof RECORDING_MODES)[number];

export const SCENE_CHANGE_TYPES = ['view_blocked', 'angle_changed', 'view_tampered', 'unknown'] as const;
export type SceneChangeType = (typeof SCENE_CHANGE_TYPES)[number];

// Detection results

export const POSE_CLASSES = ['standing', 'crouching', 'bending_over', 'arms_raised', 'sitting', 'lying_down', 'unknown'] as const;
export type PoseClass = (typeof POSE_CLASSES)[number];

export const THREAT_TYPES = ['gun', 'knife', 'grenade', 'explosive', 'weapon', 'other'] as const;
export type ThreatType = (typeof THREAT_TYPES)[number];

export const GENDERS = ['male', 'female', 'unknown'] as const;
export type Gender = (typeof GENDERS)[number];

export const AGE_RANGES = ['0-10', '11-20', '21-30', '31-40', '41-50', '51-60', '61-70', '71-80', '81+', 'unknown'] as const;
export type AgeRange = (typeof AGE_RANGES)[number];

// Risk and events

/** Also called risk level and alert severity. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ANALYSIS_STATUSES = ['pending', 'analyzed', 'failed', 'skipped'] as const;
export type AnalysisStatus = (typeof ANALYSIS_STATUSES)[number];

export const RISK_SOURCES = ['llm', 'rules', 'none'] as const;
export type RiskSource = (typeof RISK_SOURCES)[number];

export const SUMMARY_TYPES = ['hourly', 'daily'] as const;
export type SummaryType = (typeof SUMMARY_TYPES)[number];

export const FEEDBACK_TYPES = ['correct', 'false_positive', 'missed_threat', 'severity_wrong'] as const;
export type FeedbackType = (typeof FEEDBACK_TYPES)[number];

// Alerting

export const ALERT_STATUSES = ['pending', 'delivered', 'acknowledged', 'dismissed'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export const NOTIFICATION_SOUNDS = ['none', 'default', 'alert', 'chime', 'urgent'] as const;
export type NotificationSound = (typeof NOTIFICATION_SOUNDS)[number];

export const DAYS_OF_WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type DayOfWeek = (typeof DAYS_OF_WEEK)[number];

// Zones

export const ZONE_TYPES = ['entry_point', 'driveway', 'sidewalk', 'yard', 'other'] as const;
export type ZoneType = (typeof ZONE_TYPES)[number];

export const ZONE_SHAPES = ['rectangle', 'polygon'] as const;
export type ZoneShape = (typeof ZONE_SHAPES)[number];

/** What a zone is for: to say where something was, to leave out motion, or to leave out detections (and motion). */
export const ZONE_PURPOSES = ['detect', 'motion_mask', 'ignore'] as const;
export type ZonePurpose = (typeof ZONE_PURPOSES)[number];

/** Which part of a box has to be in the zone; `overlap` is any part of it. */
export const ZONE_ANCHORS = ['bottom_centre', 'centre', 'overlap'] as const;
export type ZoneAnchor = (typeof ZONE_ANCHORS)[number];

// Identity

export const ENTITY_TYPES = ['person', 'vehicle', 'animal', 'package', 'other'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export const TRUST_STATUSES = ['trusted', 'untrusted', 'unknown'] as const;
export type TrustStatus = (typeof TRUST_STATUSES)[number];

export const MEMBER_ROLES = ['resident', 'family', 'service_worker', 'frequent_visitor'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export const TRUST_LEVELS = ['full', 'partial', 'monitor'] as const;
export type TrustLevel = (typeof TRUST_LEVELS)[number];

export const VEHICLE_TYPES = ['car', 'truck', 'motorcycle', 'suv', 'van', 'other'] as const;
export type VehicleType = (typeof VEHICLE_TYPES)[number];

// AI configuration

export const PROMPT_CONFIG_MODELS = ['nemotron', 'florence-2', 'yolo-world', 'x-clip', 'fashion-clip'] as const;
export type PromptConfigModel = (typeof PROMPT_CONFIG_MODELS)[number];

export const AI_MODELS = ['nemotron', 'florence2', 'yolo_world', 'xclip', 'fashion_clip'] as const;
export type AIModel = (typeof AI_MODELS)[number];

/** One version judges each event, or both do and the control counts. */
export const EXPERIMENT_MODES = ['ab', 'shadow'] as const;
export type ExperimentMode = (typeof EXPERIMENT_MODES)[number];

export const EXPERIMENT_ARMS = ['control', 'treatment'] as const;
export type ExperimentArm = (typeof EXPERIMENT_ARMS)[number];

// Jobs

export const JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const JOB_ATTEMPT_STATUSES = ['started', 'succeeded', 'failed', 'cancelled'] as const;
export type JobAttemptStatus = (typeof JOB_ATTEMPT_STATUSES)[number];

export const JOB_TRANSITION_TRIGGERS = ['worker', 'user', 'timeout', 'retry', 'system'] as const;
export type JobTransitionTrigger = (typeof JOB_TRANSITION_TRIGGERS)[number];

/** Levels of job logs; the application log has one more, see `AppLogLevel`. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

// Exports

export const EXPORT_JOB_STATUSES = ['pending', 'running', 'completed', 'failed'] as const;
export type ExportJobStatus = (typeof EXPORT_JOB_STATUSES)[number];

export const EXPORT_TYPES = ['events', 'alerts', 'full_backup', 'detections'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

export const EXPORT_FORMATS = ['csv', 'json', 'zip', 'excel'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

// Operations

export const APP_LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type AppLogLevel = (typeof APP_LOG_LEVELS)[number];

export const LOG_SOURCES = ['backend', 'frontend'] as const;
export type LogSource = (typeof LOG_SOURCES)[number];

export const AUDIT_STATUSES = ['success', 'failure'] as const;
export type AuditStatus = (typeof AUDIT_STATUSES)[number];

export const PROMETHEUS_ALERT_STATUSES = ['firing', 'resolved'] as const;
export type PrometheusAlertStatus = (typeof PROMETHEUS_ALERT_STATUSES)[number];

export const API_KEY_SCOPES = ['read', 'write', 'admin'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

// Audit

/** What is done about a time that was due while no worker was there. */
export const MISSED_POLICIES = ['skip', 'once'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** `left_out`: the command of the time before still waited or ran. */
export const SCHEDULE_FATES = ['queued', 'left_out', 'missed'] as const;
export type ScheduleFate = (typeof SCHEDULE_FATES)[number];

export const AUDIT_ACTIONS = [
  'event_reviewed',
  'event_dismissed',
  'settings_changed',
  'media_exported',
  'rule_created',
  'rule_updated',
  'rule_deleted',
  'camera_created',
  'camera_updated',
  'camera_deleted',
  'login',
  'logout',
  'api_key_created',
  'api_key_revoked',
  'notification_test',
  'data_cleared',
  'zone_created',
  'zone_updated',
  'zone_deleted',
  'prompt_updated',
  'calibration_changed',
  'entity_updated',
  'household_updated',
  'ai_reevaluated',
  'cleanup_executed',
  'data_imported',
  'backup_created',
  'backup_restored',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
