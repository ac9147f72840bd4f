import type { SamplePlan } from '../../src/domain/sampling.ts';
import type { FfmpegTools } from '../../src/media/ffmpeg/locate-ffmpeg.ts';

/** What a ceiling process is told once. `inputSize`: side of the model's square input. */
export type CeilingStart = { modelPath: string; inputSize: number; plan: SamplePlan; tools: FfmpegTools };

/** One file. `inferFrames`: so many of its first sampled frames go through the model; all where it is not given. */
export type CeilingTask =
  { kind: 'still'; path: string } | { kind: 'video'; path: string; width: number; height: number; inferFrames?: number };

/** `cpuS`: of the process and what it started, since its start-up ended. */
export type CeilingReply = { kind: 'ready' } | { kind: 'done'; frames: number } | { kind: 'usage'; cpuS: number };
