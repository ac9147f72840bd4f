import type { DayOfWeek, Severity } from '../enums.ts';

/** When a rule holds; start later than end spans midnight and belongs to the day it starts. Missing times mean the whole day, missing days all. */
export type AlertSchedule = { days?: DayOfWeek[]; start_time?: string; end_time?: string; timezone?: string };

export const ALERT_TRUSTS = ['unknown', 'untrusted', 'trusted', 'member'] as const;
/** Whom a track was taken for. A track nobody was compared with is unknown, too. */
export type AlertTrust = (typeof ALERT_TRUSTS)[number];

/** Conditions beyond those that have a column of their own; a missing one is not set. */
export type AlertConditions = {
  /** The detection's track stayed so long in one of the listed zones, in any zone when none is listed. */
  min_dwell_seconds?: number;
  trust?: AlertTrust[];
  min_anomaly?: number;
  /** At least so many tracks match. */
  object_count?: number;
};

/** What a rule demands, with the names it is stored by. In lists null or empty means "not set". */
export type AlertRuleConditions = {
  risk_threshold: number | null;
  object_types: readonly string[] | null;
  camera_ids: readonly string[] | null;
  zone_ids: readonly string[] | null;
  min_confidence: number | null;
  schedule: AlertSchedule | null;
  conditions: AlertConditions | null;
};

export type AlertRule = AlertRuleConditions & {
  id: string;
  name: string;
  severity: Severity;
  dedup_key_template: string;
  cooldown_seconds: number;
  channels: readonly string[];
};

/** A detection as rules see it. */
export type AlertDetection = {
  id: number;
  detectedAtMs: number;
  trackId: number | null;
  label: string;
  score: number;
  /** Zones it lies in, that first that wins where they overlap. */
  zoneIds: readonly string[];
};

export type AlertTrack = { trust: AlertTrust; /** Up to the end of the event, by zone. */ dwellMs: ReadonlyMap<string, number> };

/** An event as rules see it. */
export type AlertEvent = {
  id: number;
  /** The same whatever order footage came in. */
  batchId: string;
  sequenceId: string | null;
  cameraId: string;
  timezone: string;
  startedAtMs: number;
  riskScore: number | null;
  anomaly: number | null;
  detections: readonly AlertDetection[];
  tracks: ReadonlyMap<number, AlertTrack>;
};
