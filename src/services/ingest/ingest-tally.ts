/** One file that could not be used, or only in part, and why. */
export type FileProblem = {
  path: string;
  camera?: string | undefined;
  status: 'failed' | 'partial' | 'empty' | 'skipped';
  code: string;
  message: string;
};

/** Counts of one run. Footage in ms. */
export type IngestTally = {
  found: number;
  /** Listed, and left to other shards. */
  elsewhere: number;
  known: number;
  /** Damaged files that an earlier run has reported and that have not changed. */
  knownDamaged: number;
  taken: number;
  moved: number;
  copies: number;
  duplicates: number;
  busy: number;
  finished: number;
  done: number;
  partial: number;
  failed: number;
  empty: number;
  skipped: number;
  /** Not even in the ledger: no camera, no usable name, outside the given folders. */
  unlisted: number;
  otherSettings: number;
  /** Files were turned away because of --limit. */
  beyondLimit: boolean;
  frames: number;
  analysedFrames: number;
  inferences: number;
  detections: number;
  takenFootageMs: number;
  finishedFootageMs: number;
};

export function createTally(): IngestTally {
  return {
    found: 0,
    elsewhere: 0,
    known: 0,
    knownDamaged: 0,
    taken: 0,
    moved: 0,
    copies: 0,
    duplicates: 0,
    busy: 0,
    finished: 0,
    done: 0,
    partial: 0,
    failed: 0,
    empty: 0,
    skipped: 0,
    unlisted: 0,
    otherSettings: 0,
    beyondLimit: false,
    frames: 0,
    analysedFrames: 0,
    inferences: 0,
    detections: 0,
    takenFootageMs: 0,
    finishedFootageMs: 0,
  };
}
