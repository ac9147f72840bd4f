import type { RiskPoints } from '../../domain/risk/risk-points.ts';
import type { FindingKind } from '../../domain/run-findings.ts';
import type { Shard } from '../../domain/shard.ts';
import type { SamplePlan } from '../../domain/sampling.ts';
import type { CalibrationSettings } from '../calibration/load-camera-offsets.ts';
import type { EnrichSettings } from '../enrich/enrich-settings.ts';
import type { LlmSettings } from '../llm/open-llm.ts';
import type { NotificationSettings } from '../notifications/notification-settings.ts';
import type { GivenRequest } from './given/read-document.ts';

/** Settings of `hs ingest` that come from the configuration; keys as there. */
export type IngestSettings = {
  home: string;
  timezone?: string | undefined;
  time: { floor: string; maxFutureS: number; disagreeS: number };
  containerTime: 'utc' | 'local';
  layout: string;
  layouts: { name: string; templates: LayoutTemplate[] }[];
  cameras: Record<string, CameraOverrides>;
  ingest: { settleS: number; workers?: number | undefined; maxFrames?: number | undefined };
  detector: {
    model?: string | undefined;
    device: string;
    floor: number;
    /** Absent: as the model's card says. */
    nmsIou?: number | undefined;
    maxBoxes: number;
    classes: string[];
    gates: Record<string, number>;
    cocoThreats: boolean;
  };
  risk: { points: RiskPoints };
  calibration: CalibrationSettings;
  llm: LlmSettings;
  notifications: NotificationSettings['notifications'];
  enrich: EnrichSettings;
  ffmpeg?: string | undefined;
  ffprobe?: string | undefined;
};

export type LayoutTemplate = {
  template: string;
  zone?: string | undefined;
  time?: 'start' | 'end' | undefined;
  confidence?: 'exact' | 'low' | undefined;
};

export type CameraOverrides = {
  timezone?: string | undefined;
  clockOffsetS: number;
  containerTime?: 'utc' | 'local' | undefined;
  layout?: string | undefined;
  enabled: boolean;
  gates: Record<string, number>;
  folders: string[];
};

export type RedoChoice = 'failed' | 'partial' | 'all';

/** What one invocation asks for. */
export type IngestRequest = {
  roots: string[];
  camera?: string | undefined;
  layout?: string | undefined;
  time?: string | undefined;
  timeStepS?: number | undefined;
  timeSequential: boolean;
  include: string[];
  exclude: string[];
  redo?: RedoChoice | undefined;
  replace: boolean;
  verifyHash: boolean;
  /** Says what would be done and writes nothing. */
  dryRun: boolean;
  /** Whether events are scored at the end. */
  analyze: boolean;
  /** What the exit code is to tell of. */
  failOn: readonly FindingKind[];
  /** At most this many files are analysed. */
  limit?: number | undefined;
  /** No new file is started after this instant. */
  deadline?: Date | undefined;
  /** Only the cameras that fall to this part. */
  shard?: Shard | undefined;
  plan: SamplePlan;
  /** Detections made elsewhere, instead of a detector. */
  given?: GivenRequest | undefined;
  actor: string;
};
