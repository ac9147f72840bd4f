import type { Knex } from 'knex';
import type { Zone } from '../../../domain/zones/zone.ts';
import type { GivenSource } from '../given/open-given.ts';
import type { FileProblem, IngestTally } from '../ingest-tally.ts';
import type { AnalysisSettings } from '../worker/analysis-task.ts';
import type { AnalysisPool } from './analysis-pool.ts';
import type { FinishedItem } from './save-queue.ts';

export type ProcessOptions = {
  knex: Knex;
  runId: string;
  workers: number;
  /** Whoever gives it closes it; absent: one of its own. */
  pool?: AnalysisPool;
  settings: AnalysisSettings;
  modelId: string;
  modelFingerprint: string;
  enrichmentsDue: readonly string[];
  rootOf: (path: string) => string;
  movingCameras: () => Promise<ReadonlySet<string>>;
  maskZones: () => Promise<ReadonlyMap<string, readonly Zone[]>>;
  given: Pick<GivenSource, 'find'> | undefined;
  /** Whether files may still be added to the ledger by the listing stage. */
  listing: () => boolean;
  /** What is added is complete in itself, as footage is that was listed by another: nothing waits for the end of the listing. */
  takesAllAtOnce?: boolean;
  /** Ends when files were added, or none will be any more; by default looks again after a moment. */
  more?: () => Promise<void>;
  /** Told of each file that was looked at; whether somebody waits for it to be saved: then it is not kept for a larger transaction. */
  isAwaited?: (fileId: number) => boolean;
  /** Of files that were saved, or were another's by then. */
  onSettled?: (items: readonly FinishedItem[]) => void;
  /** Whether new files may be started; once false it stays false. */
  mayStart: () => boolean;
  tally: IngestTally;
  problem: (problem: FileProblem) => void;
  onDevice: (device: string) => void;
  progress: () => void;
};
