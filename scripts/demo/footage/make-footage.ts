import { mkdir, truncate, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import pMap from 'p-map';
import sharp from 'sharp';
import { countEvents, type CameraTruth, type DemoTruth, type Interval } from '../truth.ts';
import { encodeVideo, findEncoder, type Encoder } from './encode-video.ts';
import { visibleSpan } from './movement.ts';
import { createFrameRenderer } from './render-frame.ts';
import { DEMO_ZONE, SCENARIO, type CameraId, type Recording } from './scenario.ts';
import { FRAME } from './scenes.ts';
import { dahuaStillPath, dahuaVideoPath, reolinkPath } from './vendor-paths.ts';

/** One file to be written, `path` relative to the footage folder. */
type PlannedFile = { path: string; startMs: number; offsetMs: number; endMs: number };

const SAMPLE_MS = 500;

/** Draws three days of two cameras into `folder` and returns what it drew. Same bytes on every call with the same ffmpeg. */
export async function makeFootage(folder: string): Promise<DemoTruth> {
  const encoder = await findEncoder();
  await pMap(SCENARIO, (recording, index) => writeRecording(recording, { folder, encoder, seed: index + 1 }), { concurrency: 2 });
  return describeTruth(SCENARIO);
}

/** The truth of a scenario, without drawing it. */
export function describeTruth(scenario: readonly Recording[]): DemoTruth {
  const cameraIds = [...new Set(scenario.map((recording) => recording.camera))];
  return {
    zone: DEMO_ZONE,
    files: scenario.flatMap(planFiles).length,
    cameras: cameraIds.map((cameraId) =>
      describeCamera(
        cameraId,
        scenario.filter((recording) => recording.camera === cameraId),
      ),
    ),
    damaged: scenario
      .filter(isCut)
      .flatMap(planFiles)
      .map((file) => ({ path: file.path, code: 'truncated' })),
    quiet: scenario
      .filter((recording) => recording.shot.movements.length === 0)
      .flatMap(planFiles)
      .map((file) => file.path),
  };
}

function isCut(recording: Recording): boolean {
  return recording.media.kind === 'video' && recording.media.keptBytes !== undefined;
}

function describeCamera(cameraId: CameraId, recordings: readonly Recording[]): CameraTruth {
  const moving = recordings.flatMap(movingIntervals);
  const instants = recordings.flatMap(detectionInstants).sort((a, b) => a - b);
  return { cameraId, moving, expectedEvents: countEvents(instants) };
}

function movingIntervals(recording: Recording): Interval[] {
  const startMs = Date.parse(recording.startsAt);
  return recording.shot.movements.flatMap((movement) => {
    const span = visibleSpan(movement.path, durationOf(recording));
    return span ? [{ fromMs: startMs + span.fromMs, toMs: startMs + span.toMs }] : [];
  });
}

/** When a figure is new to the scene at a sampled moment; one that stopped for good stays new for a while. */
function detectionInstants(recording: Recording): number[] {
  const startMs = Date.parse(recording.startsAt);
  const stepMs = recording.media.kind === 'video' ? SAMPLE_MS : recording.media.everyMs;
  return recording.shot.movements.flatMap((movement) => {
    const span = visibleSpan(movement.path, durationOf(recording));
    if (!span) return [];
    const lastMs = Math.min(span.toMs + (movement.staysMs ?? 0), durationOf(recording));
    const first = Math.ceil(span.fromMs / stepMs);
    return Array.from({ length: Math.floor(lastMs / stepMs) - first + 1 }, (_, i) => startMs + (first + i) * stepMs);
  });
}

function durationOf({ media }: Recording): number {
  return media.kind === 'video' ? media.durationMs : media.everyMs * media.count;
}

function planFiles(recording: Recording): PlannedFile[] {
  const { media, startsAt } = recording;
  const startMs = Date.parse(startsAt);
  if (media.kind === 'video') {
    return [{ path: `${recording.camera}/${videoPath(recording)}`, startMs, offsetMs: 0, endMs: startMs + media.durationMs }];
  }
  return Array.from({ length: media.count }, (_, index) => {
    const offsetMs = index * media.everyMs;
    return {
      path: `${recording.camera}/${stillPath(recording, offsetMs)}`,
      startMs: startMs + offsetMs,
      offsetMs,
      endMs: startMs + offsetMs,
    };
  });
}

function videoPath(recording: Recording): string {
  const { startsAt } = recording;
  return recording.camera === 'front_door'
    ? reolinkPath('Front Door', startsAt, 'mp4')
    : dahuaVideoPath(startsAt, wallClockAfter(startsAt, durationOf(recording)));
}

function stillPath({ camera, startsAt }: Recording, offsetMs: number): string {
  const takenAt = wallClockAfter(startsAt, offsetMs);
  return camera === 'front_door' ? reolinkPath('Front Door', takenAt, 'jpg') : dahuaStillPath(takenAt);
}

/** What the same clock shows later on; no recording spans a change of offset. */
function wallClockAfter(startsAt: string, laterMs: number): string {
  return new Date(Date.parse(`${startsAt.slice(0, 19)}Z`) + laterMs).toISOString().slice(0, 19);
}

async function writeRecording(
  recording: Recording,
  { folder, encoder, seed }: { folder: string; encoder: Encoder; seed: number },
): Promise<void> {
  const render = await createFrameRenderer({ ...recording.shot, scene: recording.camera, seed });
  for (const planned of planFiles(recording)) {
    const file = path.join(folder, planned.path);
    await mkdir(path.dirname(file), { recursive: true });
    if (recording.media.kind === 'video') await encodeVideo(file, recording.media.durationMs, { encoder, render });
    else
      await sharp(render(planned.offsetMs).data, { raw: { ...FRAME, channels: 3 } })
        .jpeg({ quality: 88 })
        .toFile(file);
    if (recording.media.kind === 'video' && recording.media.keptBytes !== undefined) {
      await truncate(file, Math.floor((await stat(file)).size * recording.media.keptBytes));
    }
    await utimes(file, planned.endMs / 1000, planned.endMs / 1000);
  }
}
