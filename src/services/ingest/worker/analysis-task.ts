import type { BoxXywh, Size } from '../../../domain/box.ts';
import type { FrameDetection } from '../../../domain/detection.ts';
import type { RgbPicture } from '../../../domain/picture.ts';
import type { SceneMode } from '../../../domain/scene/scene-luma.ts';
import type { SamplePlan } from '../../../domain/sampling.ts';
import type { Zone } from '../../../domain/zones/zone.ts';
import type { InstalledDetector } from '../../../inference/model-store.ts';
import type { FilePart } from '../../../domain/file-parts.ts';
import type { FfmpegTools } from '../../../media/ffmpeg/locate-ffmpeg.ts';
import type { DecodeReport } from '../../../media/frame-stream.ts';
import type { DetectionExtras, FrameEnrichmentName } from '../../enrich/enrich-frame.ts';

/** What a worker process is started with. Plain data: it crosses a process boundary. */
export type AnalysisSettings = {
  /** Absent: the built-in motion detector, unless detections are given. */
  model?: InstalledDetector;
  /** Detections come with the files: nothing is looked for. */
  given?: true;
  device: string;
  scoreFloor: number;
  nmsIou?: number;
  maxBoxes: number;
  /** Labels that are kept; all others are dropped. */
  classes: string[];
  gates: Record<string, number>;
  plan: SamplePlan;
  maxFrames?: number;
  /** Looks at frames in which something was found. */
  enrichments: FrameEnrichmentName[];
  tools?: FfmpegTools;
};

/** One file as a worker needs it. Times are footage time in ms since 1970-01-01 UTC. */
export type FileToAnalyse = {
  id: number;
  path: string;
  root: string;
  mediaType: 'image' | 'video';
  startMs: number;
  endMs: number;
  durationMs?: number;
  frameRate?: number;
  containerFrames?: number;
  width?: number;
  height?: number;
  codec?: string;
  /** Moving cameras have no background: every sampled frame is analysed. */
  movingCamera: boolean;
  /** Zones of the camera in which motion is left out. */
  maskZones?: readonly Zone[];
  /** From this footage time on its view is looked at; absent: from its start. An earlier file covers what comes before. */
  sceneFromMs?: number;
  /** What was found in it elsewhere. */
  given?: Given;
  /** Why there is nothing at its path: it lies elsewhere and could not be had. */
  unreadable?: { code: string; message: string };
};

/** Found elsewhere in one frame, best first; empty where there was nothing to find. */
export type GivenFrame = { offsetMs: number; found: FrameDetection[] };

/** Why nothing that was found elsewhere can be taken. */
export type GivenRefusal = { code: string; message: string };

/** In the order of offsets. */
export type Given = { frames: GivenFrame[] } | GivenRefusal;

/**
 * A run of files of one camera in footage order, worked through by one process so that the background of one file
 * carries over to the next. `before` are already known files that lead up to the first one, oldest first.
 */
export type AnalysisTask = {
  files: FileToAnalyse[];
  before: FileToAnalyse[];
  /** Only this part of the one file is looked at; the samples before it are read for the background. */
  part?: FilePart;
};

export type AnalysedDetection = FrameDetection & DetectionExtras & { frameIndex: number; offsetMs: number };

/** What was found in a file, frame by frame. */
export type FileRecord = {
  detections: AnalysedDetection[];
  analysedOffsetsMs: number[];
  framesLookedAt: number;
  inferences: number;
  sceneFacts: SceneFacts[];
};

/**
 * What was found in a part of a file: frames are numbered from the start of the part, offsets count from the start of the file. Nothing is
 * judged before all parts are there. `isOfFile`: the file itself could not be opened, so that no part can be. `not-seekable`: its container
 * is not sure to give the same frames in parts.
 */
export type PartAnalysis =
  | { outcome: 'read'; record: FileRecord; report: DecodeReport; analysisMs: number }
  | { outcome: 'failed'; code: string; message: string; isOfFile: boolean }
  | { outcome: 'not-seekable' };

export type FileAnalysis = {
  status: 'done' | 'partial' | 'failed';
  code?: string;
  message?: string;
  picture?: Size;
  detections: AnalysedDetection[];
  analysedOffsetsMs: number[];
  /** Frames the plan asked for, and frames that were looked at. */
  framesExpected: number;
  framesLookedAt: number;
  inferences: number;
  readableFraction: number | null;
  /** How much of the file could be read, from its start. */
  readableMs: number;
  warnings: string[];
  /** Absent: none. */
  sceneFacts?: SceneFacts[];
};

export type AnalysisNote =
  | { kind: 'started'; device: string }
  | { kind: 'warming-up' }
  | { kind: 'first-file-started'; fileId: number }
  | { kind: 'frames'; fileId: number; frames: number }
  /** The next file of the task, if there is one, is begun right after it: a message of its own would cost each still 0.2 CPU-ms. */
  | { kind: 'file-finished'; fileId: number; analysis: FileAnalysis; analysisMs: number; nextFileId: number | undefined };

/** `part`: what was found in the part that was asked for, if it was begun. */
export type TaskSummary = { files: number; part?: PartAnalysis };

/** `given`: what was found in it elsewhere. */
export type LookedAtFrame = { picture: RgbPicture; original: Size; offsetMs: number; given?: FrameDetection[] };

/** One look at a camera's view (§10.3). What it means depends on other files and is found out later, in the order of footage. */
export type SceneFacts = {
  offsetMs: number;
  mode: SceneMode;
  /** Of the picture that boxes refer to. */
  frame: Size;
  /** People, vehicles and animals in it, which say nothing about the view. */
  passing: { label: string; box: BoxXywh }[];
  /** Grey JPEG. */
  picture: Uint8Array;
};
