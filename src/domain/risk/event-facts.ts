import type { MemberRole, RiskSource, SceneChangeType, Severity, TrustLevel, TrustStatus, ZoneType } from '../enums.ts';

/**
 * Everything an event is judged by, as plain data: the rules score it, the prompt for a language model is written from it, the audit
 * says what was there. Instants are ms since 1970-01-01 UTC.
 */
export type EventFacts = {
  event: EventHead;
  camera: CameraFacts;
  /** Confirmed tracks of the event, by first detection, then id. */
  subjects: readonly SubjectFacts[];
  /** Whether the camera has zones of the purpose `detect`; without any no subject can be in one. */
  hasZones: boolean;
  baseline: BaselineFacts | null;
  otherCameras: OtherCamerasFacts;
  /** Unacknowledged changes of the view around the event. */
  sceneChanges: readonly SceneChangeFacts[];
  threats: readonly ThreatFacts[];
  actions: readonly ActionFacts[];
  /** Null: no stage measured it. */
  pictureQuality: PictureQualityFacts | null;
  /** Null: no stage looked. */
  weather: string | null;
  /** Files of the event that could only be read in part. */
  damagedFiles: readonly { path: string; fraction: number | null; code: string | null }[];
};

export type EventHead = {
  id: number;
  batchId: string;
  sequenceId: string | null;
  startedAtMs: number;
  endedAtMs: number;
  /** Distinct classes, most frequent first. */
  objectTypes: readonly string[];
  detectionCount: number;
  isFastPath: boolean;
  timeAmbiguous: boolean;
  /** What is stored now; a what-if compares with it. */
  stored: { score: number | null; level: Severity | null; source: RiskSource; ruleScore: number | null };
};

export type CameraFacts = { id: string; name: string; timezone: string; propertyId: number | null };

/** One track as far as it belongs to the event. */
export type SubjectFacts = {
  trackId: number;
  /** person, vehicle, bicycle, animal, motion or other. */
  classGroup: string;
  label: string;
  firstSeenMs: number;
  /** At most the end of the event. */
  lastSeenMs: number;
  bestScore: number;
  /** Frames of the event it was found in. */
  frameCount: number;
  /** Whether all of it was seen in stills. */
  isStill: boolean;
  /** That wins first: by priority, then id. */
  zones: readonly SubjectZone[];
  identity: SubjectIdentity;
  /** The registered vehicle it came with: it appeared beside it at most 60 s after it (§9.1 `companion`). */
  cameWithVehicle: { vehicleId: number; description: string } | null;
};

export type SubjectZone = {
  id: string;
  name: string;
  type: ZoneType;
  /** Up to the end of the event. */
  dwellMs: number;
  entries: number;
  exits: number;
  /** The camera's view has changed: the zone may lie elsewhere. */
  suspect: boolean;
};

export type SubjectIdentity =
  | { kind: 'not_compared' }
  /** Compared with a gallery, and nobody known. `sightings`: how often, and on how many local days, this entity was seen before. */
  | { kind: 'unknown'; entityId: string | null; name: string | null; sightings: number; days: number }
  | { kind: 'entity'; entityId: string; name: string | null; trust: Exclude<TrustStatus, 'unknown'> }
  | { kind: 'member'; memberId: number; name: string; role: MemberRole; trust: TrustLevel; schedule: 'inside' | 'outside' | 'none' }
  | { kind: 'vehicle'; vehicleId: number; description: string; trusted: boolean };

export type BaselineFacts = {
  /** Probability of fewer tracks than there were. */
  anomaly: number;
  /** Covered hours it rests on. */
  samples: number;
  /** Tracks per hour that were to be expected, and tracks there were; of the class or the activity that is the most unusual. */
  expectedPerHour: number;
  seen: number;
  /** Class the numbers are of; null: all classes together. */
  label: string | null;
};

export type OtherCamerasFacts = {
  /** Whether another camera of the property has footage within the span looked at. */
  hasCoverage: boolean;
  sightings: readonly {
    cameraId: string;
    cameraName: string;
    label: string;
    atMs: number;
    entityId: string | null;
    /** Somebody fully trusted was recognised. */
    isTrusted?: boolean;
  }[];
};

export type SceneChangeFacts = { id: number; type: SceneChangeType; detectedAtMs: number };

/** `type` as stored; `trackId` null: it lies in no subject's box. */
export type ThreatFacts = { type: string; confidence: number; trackId: number | null };

export type ActionFacts = { action: string; confidence: number; isSuspicious: boolean; trackId: number | null };

/** Medians over the event's pictures, 0 bad to 1 good. */
export type PictureQualityFacts = { sharpness: number | null; exposure: number | null; noise: number | null };
