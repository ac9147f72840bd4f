import type { CropRow } from '../../db/queries/track-crops.ts';
import type { Device } from '../../inference/devices.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { ChosenTrackEnrichment } from './track-enrichments.ts';

/** What a worker process is started with. Plain data: it crosses a process boundary. */
export type EnrichInit = { stages: ChosenTrackEnrichment[]; device: Device; tools?: FfmpegTools };

/** Crops of one file, for one stage. */
export type EnrichTask = { name: string; rows: CropRow[] };

/** Results by their place in `rows`; crops whose footage is gone have none. `problem`: the file was not read to its end. */
export type EnrichResult = { looked: { index: number; result: unknown }[]; problem?: { code: string; message: string } };
