// The names by which others know what is stored. Inside the program each module is imported by itself.

export type { ActivityBaselineRow as ActivityBaseline } from './activity-baselines.ts';
export type { AlertRow as Alert } from './alerts.ts';
export type { AlertRuleRow as AlertRule } from './alert-rules.ts';
export type { AuditLogRow as AuditLog } from './audit-logs.ts';
export type { CameraNotificationSettingRow as CameraNotificationSetting } from './camera-notification-settings.ts';
export type { CameraRow as Camera } from './cameras.ts';
export type { ClassBaselineRow as ClassBaseline } from './class-baselines.ts';
export type { DetectionRow as Detection } from './detections.ts';
export type { EntityRow as Entity } from './entities.ts';
export type { EventAuditRow as EventAudit } from './event-audits.ts';
export type { EventDetectionRow as EventDetection } from './event-detections.ts';
export type { EventFeedbackRow as EventFeedback } from './event-feedback.ts';
export type { EventRow as Event } from './events.ts';
export type { ExportJobRow as ExportJob } from './export-jobs.ts';
export type { GpuStatsRow as GPUStats } from './gpu-stats.ts';
export type { JobAttemptRow as JobAttempt } from './job-attempts.ts';
export type { JobLogRow as JobLog } from './job-logs.ts';
export type { JobRow as Job } from './jobs.ts';
export type { JobTransitionRow as JobTransition } from './job-transitions.ts';
export type { LogRow as Log } from './logs.ts';
export type { NotificationPreferencesRow as NotificationPreferences } from './notification-preferences.ts';
export type { PromptConfigRow as PromptConfig } from './prompt-configs.ts';
export type { PromptVersionRow as PromptVersion } from './prompt-versions.ts';
export type { QuietHoursPeriodRow as QuietHoursPeriod } from './quiet-hours-periods.ts';
export type { SceneChangeRow as SceneChange } from './scene-changes.ts';
export type { UserCalibrationRow as UserCalibration } from './user-calibration.ts';
export type { CameraZone, ZoneRow as Zone } from './zones.ts';

export type {
  AIModel,
  AlertStatus,
  AuditAction,
  AuditStatus,
  CameraStatus,
  DayOfWeek,
  EntityType,
  ExportJobStatus,
  ExportType,
  FeedbackType,
  JobAttemptStatus,
  JobStatus,
  JobTransitionTrigger,
  LogLevel,
  NotificationSound,
  SceneChangeType,
  Severity,
  Severity as AlertSeverity,
  Severity as RiskLevel,
  TrustStatus,
  ZoneShape,
  ZoneType,
} from '../../domain/enums.ts';
