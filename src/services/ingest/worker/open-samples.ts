import type { Size } from '../../../domain/box.ts';
import { motionSize } from '../../../domain/luma.ts';
import type { SamplePlan } from '../../../domain/sampling.ts';
import { UnavailableError } from '../../../errors/hs-error.ts';
import { present } from '../../../lib/present.ts';
import type { CountedPart } from '../../../media/ffmpeg/decoder-log.ts';
import type { FrameStream } from '../../../media/frame-stream.ts';
import { MediaError } from '../../../media/media-error.ts';
import type { VideoProbe } from '../../../media/probe-video.ts';
import { sampleFrames } from '../../../media/sample-frames.ts';
import type { Analyser } from './analyse-frames.ts';
import type { FileToAnalyse } from './analysis-task.ts';

/** Size a picture is scaled to: what the detector wants, else just what the motion background needs. */
export function scaleFor({ detector }: Pick<Analyser, 'detector'>): (original: Size) => Size {
  return detector === undefined ? motionSize : (original) => detector.planInput(original);
}

/** A moving camera has no still background; one frame a second is looked at instead. */
export function planFor({ settings }: Pick<Analyser, 'settings'>, file: FileToAnalyse): SamplePlan {
  return file.movingCamera && settings.plan.mode === 'motion' ? { mode: 'fps', fps: 1 } : settings.plan;
}

/** `fromMs`: the wanted offset of a sample, which becomes the first; absent: from the start. `part`: what the report is about. */
export type SampleRange = { fromMs?: number | undefined; part?: CountedPart };

/** Frames of a video as the analysis wants them. Throws MediaError when the file cannot be decoded at all. */
export function openSamples(analyser: Analyser, file: FileToAnalyse, { fromMs, part }: SampleRange = {}): FrameStream {
  const { tools, maxFrames } = analyser.settings;
  if (tools === undefined) throw new UnavailableError('ffmpeg_missing', 'no ffmpeg was found to decode videos with');
  return sampleFrames(file, {
    tools,
    plan: planFor(analyser, file),
    probe: probeOf(file),
    scaleTo: scaleFor(analyser),
    maxFrames,
    fromMs,
    part,
  });
}

/** What listing found out; the container is not probed twice. */
export function probeOf(file: FileToAnalyse): VideoProbe {
  const { width, height, durationMs, frameRate, containerFrames } = file;
  if (width === undefined || height === undefined) {
    throw new MediaError('decode_failed', 'the size of the picture is unknown');
  }
  return {
    width,
    height,
    codec: file.codec ?? 'unknown',
    container: 'unknown',
    ...present({ durationMs, frameRate, frameCount: containerFrames }),
  };
}
