import type { Knex } from 'knex';

import type { Layout } from '../../../domain/time/presets.ts';
import type { FfmpegTools } from '../../../media/ffmpeg/locate-ffmpeg.ts';
import type { GivenSource } from '../given/open-given.ts';
import type { IngestRequest, IngestSettings } from '../ingest-options.ts';
import type { FileProblem, IngestTally } from '../ingest-tally.ts';
import type { CameraBook } from './camera-book.ts';
import type { TimeLimits } from './time-of-file.ts';

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
  /** Called after each group of listed files. */
  progress: () => void;
  /** Whether more may be listed and read: no stop request, and time left. */
  mayGoOn: () => boolean;
  signal: AbortSignal;
};
