import type { HoleCause } from '../../domain/coverage/coverage-holes.ts';
import type { AlertStatus, RecordingMode, SceneChangeType, Severity } from '../../domain/enums.ts';

/** What JSON calls version 1: members are only ever added. */
export const REPORT_SCHEMA_VERSION = 1;

export const REPORT_KINDS = ['daily', 'weekly', 'camera'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export type ReportLevel = Severity | 'unscored';
export type LevelCounts = Record<ReportLevel, number>;

/** Some of many: `total` says how many there are. */
export type Listed<Item> = { total: number; items: readonly Item[] };

/** What happened in a span of footage, as JSON tells it. Instants are UTC; `…_local` are those of the camera's clock, with offset. */
export type Report = {
  kind: ReportKind;
  since: Date;
  until: Date;
  since_local: string;
  until_local: string;
  /** Whose days these are. */
  timezone: string;
  dates: readonly string[];
  counts: ReportCounts;
  cameras: readonly ReportCamera[];
  activity: ReportActivity;
  /** The most urgent ones, in the order they began. */
  events: Listed<ReportEvent>;
  alerts: Listed<ReportAlert>;
  holes: Listed<ReportHole>;
  /** Found in the span, or found earlier and still open. */
  scene_changes: Listed<ReportSceneChange>;
  files: Listed<ReportFile>;
  unusual_hours: Listed<UnusualHour>;
};

export type ReportCounts = {
  events: number;
  events_by_level: LevelCounts;
  alerts: number;
  footage_s: number;
  holes: number;
  missing_s: number;
  scene_changes: number;
  open_scene_changes: number;
  files: number;
  failed_files: number;
  partial_files: number;
  /** Failed or partial files that belong to no span: nothing tells their time. */
  undated_files: number;
  unusual_hours: number;
};

export type ReportCamera = {
  camera_id: string;
  camera_name: string;
  timezone: string;
  recording: RecordingMode | null;
  /** Of all its footage, not only of the span. */
  last_footage_at: Date | null;
  last_footage_at_local: string | null;
  footage_s: number;
  holes: number;
  missing_s: number;
  events: number;
  events_by_level: LevelCounts;
  /** One for each date of the report; null before its first and after its last footage. */
  days: readonly ({ share: number; has_hole: boolean } | null)[];
  /** When it recorded, where the report is of one day. */
  footage: readonly { from: Date; to: Date }[];
};

/** Events by the local hour they began in: a row for each camera of a day, else for each weekday. Null: no footage of that hour. */
export type ReportActivity = { rows: readonly string[]; events: readonly (readonly (number | null)[])[] };

export type ReportEvent = {
  id: number;
  camera_id: string;
  camera_name: string;
  started_at: Date;
  started_at_local: string;
  duration_s: number;
  risk_score: number | null;
  risk_level: Severity | null;
  object_types: readonly string[];
  summary: string | null;
  anomaly: number | null;
  reviewed: boolean;
};

export type ReportAlert = {
  id: string;
  event_id: number;
  camera_id: string;
  camera_name: string;
  occurred_at: Date;
  occurred_at_local: string;
  severity: Severity;
  status: AlertStatus;
  rule_name: string | null;
  summary: string | null;
};

export type ReportHole = {
  camera_id: string;
  from: Date;
  to: Date;
  from_local: string;
  to_local: string;
  seconds: number;
  cause: HoleCause;
};

export type ReportSceneChange = {
  id: number;
  camera_id: string;
  detected_at: Date;
  detected_at_local: string;
  ended_at_local: string | null;
  change_type: SceneChangeType;
  reason: string | null;
  similarity_score: number;
  open: boolean;
};

export type ReportFile = {
  id: number;
  camera_id: string;
  status: 'failed' | 'partial';
  code: string | null;
  message: string | null;
  readable_fraction: number | null;
  captured_at: Date | null;
  captured_at_local: string | null;
  path: string;
};

/** An hour of a camera with more or fewer objects than at that hour before (§8.4). */
export type UnusualHour = {
  camera_id: string;
  started_at: Date;
  started_at_local: string;
  kind: 'busy' | 'quiet';
  seen: number;
  /** Objects an hour like this one usually has. */
  usual: number;
  /** Probability that an hour has fewer, or for a quiet one more. */
  score: number;
  /** Class that stands out; null: all together. */
  object_type: string | null;
};

/** A frame of an event, small; null where the footage cannot be read any more. */
export type ReportPicture = { jpeg: Uint8Array; width: number; height: number } | null;

/** Pictures by the id of their event. Events without an entry were not looked up. */
export type ReportPictures = ReadonlyMap<number, ReportPicture>;
