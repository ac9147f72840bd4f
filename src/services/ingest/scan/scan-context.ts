import type { Knex } from 'knex';

import type { Layout } from '../../../domain/time/presets.ts';
import type { FfmpegTools } from '../../../media/ffmpeg/locate-ffmpeg.ts';
import type { GivenSource } from '../given/open-given.ts';
import type { IngestRequest, IngestSettings } from '../ingest-options.ts';
import type { FileProblem, IngestTally } from '../ingest-tally.ts';
import type { CameraBook } from './camera-book.ts';
import type { TimeLimits } from './time-of-file.ts';

/** `again`: known, with work still or again to be done; `left`: for another run, as it is still being written. */
export type SeenState = 'new' | 'changed' | 'again' | 'known' | 'moved' | 'copy' | 'duplicate' | 'busy' | 'damaged' | 'left';

/** What the listing made of one file, and what it knows of it. Times in ms. */
export type SeenFile = {
  state: SeenState;
  path: string;
  root: string;
  sizeBytes: number;
  mediaType: 'image' | 'video';
  camera?: string | undefined;
  startMs?: number | undefined;
  durationMs?: number | undefined;
  codec?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  frameRate?: number | undefined;
  containerFrames?: number | undefined;
};

/** What the stages of listing share. */
export type ScanContext = {
  knex: Knex;
  runId: string;
  request: IngestRequest;
  settings: IngestSettings;
  ownLayouts: readonly Layout[];
  book: CameraBook;
  tools: FfmpegTools | undefined;
  limits: TimeLimits;
  /** Of what a new file would be analysed with; to say how many known ones were analysed otherwise. */
  modelFingerprint: string;
  /** Detections made elsewhere. */
  given: Pick<GivenSource, 'noteListed'> | undefined;
  tally: IngestTally;
  problem: (problem: FileProblem) => void;
  warn: (message: string) => void;
  /** Told of every file that has a camera, or was known by its path. */
  observe?: ((seen: SeenFile) => void) | undefined;
  /** Called after each group of listed files. */
  progress: () => void;
  /** Whether more may be listed and read: no stop request, and time left. */
  mayGoOn: () => boolean;
  signal: AbortSignal;
};
