import { availableParallelism } from 'node:os';
import type { Knex } from 'knex';

import { findRunCosts, readStoreSize } from '../../db/queries/ingest-costs.ts';
import {
  estimateWork,
  filesLeft,
  roundEstimate,
  scaleEstimate,
  spreadOf,
  timesEstimate,
  type CostSample,
  type Estimate,
} from '../../domain/plan/estimate-work.ts';
import { chooseAnalysis } from '../ingest/choose-analysis.ts';
import { findTools } from '../ingest/find-tools.ts';
import type { IngestRequest, IngestSettings } from '../ingest/ingest-options.ts';
import { createTally, type FileProblem, type IngestTally } from '../ingest/ingest-tally.ts';
import { realRoots } from '../ingest/roots.ts';
import { createScanContext } from '../ingest/scan/create-scan-context.ts';
import { scanFiles } from '../ingest/scan/scan-files.ts';
import type { SeenState } from '../ingest/scan/scan-context.ts';
import { measureCosts, type Basis } from './measure-costs.ts';
import { createPlanBook, TO_DO, type FileCount, type MonthCount, type PlanBook } from './plan-book.ts';

export type PlanOptions = {
  knex: Knex;
  settings: IngestSettings;
  request: IngestRequest;
  workers: number;
  /** How long files may be analysed to see what they take; 0: not at all. */
  probeMs: number;
  signal: AbortSignal;
  onProgress: (tally: IngestTally) => void;
  onProbe: () => void;
  onProblem: (problem: FileProblem) => unknown;
  warn: (message: string) => void;
};

export type IngestPlan = {
  found: number;
  /** Not footage, or without a camera or a usable name: not even in the ledger. */
  unlisted: number;
  states: ({ state: SeenState } & FileCount)[];
  to_do: FileCount & { stills: number; videos: number; footage_s: number };
  months: MonthCount[];
  detector: string;
  workers: number;
  cores: number;
  basis: Basis[];
  probe_s: number | null;
  /** Of one worker process, in seconds. */
  work_s: Estimate | null;
  /** From start to end, in seconds. */
  wall_s: Estimate | null;
  /** How much longer than its analysis a run is, by earlier runs; null: not known, and not in `wall_s`. */
  overhead: (Estimate & { runs: number }) | null;
  detections: Estimate | null;
  database_bytes: Estimate | null;
  /** Files to do that no figure counts. */
  unknown_files: number;
  /** Files that would not be begun by the time that was given; null without one. */
  left_files: Estimate | null;
  beyond_limit: boolean;
};

/** Runs of fewer files tell of starting up, not of work. */
const FEWEST_FILES = 20;
const RUNS = 20;
/** With fewer detections tables are mostly room that is empty yet. */
const FEWEST_DETECTIONS = 1_000;

/** What an ingest would take in, and how long that takes. Lists as it does and writes nothing. */
export async function planIngest(options: PlanOptions): Promise<IngestPlan> {
  const { knex, request, workers, probeMs, signal, onProbe } = options;
  const startedAtMs = Date.now();
  const { book, tally, analysis } = await listFiles(options);
  signal.throwIfAborted();
  const costs = await measureCosts({ knex, book, analysis, probeMs, signal, onProbe });
  const windowMs = request.deadline === undefined ? undefined : request.deadline.getTime() - startedAtMs;
  const cores = availableParallelism();
  return {
    found: tally.found,
    unlisted: tally.unlisted,
    states: [...book.states()].map(([state, count]) => ({ state, ...count })),
    to_do: countToDo(book),
    months: book.months(),
    detector: analysis.modelId,
    workers,
    cores,
    basis: costs.basis,
    probe_s: costs.probe_s,
    ...(await estimate(knex, { book, samples: costs.samples, atOnce: Math.min(workers, cores), windowMs })),
    beyond_limit: tally.beyondLimit,
  };
}

async function listFiles({ knex, settings, request, signal, warn, onProblem, onProgress }: PlanOptions) {
  const book = createPlanBook(settings.timezone ?? 'UTC');
  const tally = createTally();
  const tools = await findTools({ settings, warn });
  const analysis = await chooseAnalysis({ settings, request, tools, warn });
  const roots = await realRoots(request.roots);
  const progress = (): void => {
    onProgress(tally);
  };
  const parts = { tally, tools, progress, mayGoOn: () => !signal.aborted, analysis, given: undefined };
  const scan = { settings, warn, signal, onProblem, runId: '', database: { knex }, observe: book.note };
  await scanFiles(createScanContext({ ...scan, request: { ...request, roots, dryRun: true } }, parts));
  return { book, tally, analysis };
}

type Figures = Pick<IngestPlan, 'work_s' | 'wall_s' | 'overhead' | 'detections' | 'database_bytes' | 'unknown_files' | 'left_files'>;
type EstimateOptions = { book: PlanBook; samples: readonly CostSample[]; atOnce: number; windowMs: number | undefined };

async function estimate(knex: Knex, { book, samples, atOnce, windowMs }: EstimateOptions): Promise<Figures> {
  const { work, detections, unknownFiles } = estimateWork(book.groups(), samples);
  const overhead = await findOverhead(knex);
  const unknown = { overhead, unknown_files: unknownFiles + book.unmeasurable() };
  if (samples.length === 0) return { ...unknown, work_s: null, wall_s: null, detections: null, database_bytes: null, left_files: null };
  const analysis = scaleEstimate(work, 1 / atOnce);
  const wall = overhead === null ? analysis : timesEstimate(analysis, overhead);
  const { files } = countToDo(book);
  return {
    ...unknown,
    work_s: roundEstimate(scaleEstimate(work, 1e-3)),
    wall_s: roundEstimate(scaleEstimate(wall, 1e-3)),
    detections: roundEstimate(detections),
    database_bytes: await findGrowth(knex, { detections, files }),
    left_files: windowMs === undefined ? null : filesLeft(files, wall, windowMs),
  };
}

function countToDo(book: PlanBook): IngestPlan['to_do'] {
  const counts = [...book.states()].filter(([state]) => TO_DO.has(state)).map(([, count]) => count);
  const filesOf = (kind: 'image' | 'video'): number =>
    sum(
      book.groups().filter((group) => group.kind === kind),
      (group) => group.files,
    );
  return {
    files: sum(counts, (count) => count.files),
    bytes: sum(counts, (count) => count.bytes),
    stills: filesOf('image'),
    videos: filesOf('video'),
    footage_s: sum(book.months(), (month) => month.footage_ms) / 1000,
  };
}

/** Wall time times workers, as a multiple of what the workers were at files: listing, saving, deriving and scoring are the rest. */
async function findOverhead(knex: Knex): Promise<IngestPlan['overhead']> {
  const runs = await findRunCosts(knex, { fewestFiles: FEWEST_FILES, runs: RUNS });
  const spread = spreadOf(
    runs.map(({ wall_ms: wallMs, workers, analysis_ms: analysisMs }) => Math.max(1, (wallMs * workers) / analysisMs)),
  );
  return spread === undefined ? null : { ...roundEstimate(spread), runs: runs.length };
}

/** By what footage takes in this database so far; null where that is too little to say. */
async function findGrowth(knex: Knex, { detections, files }: { detections: Estimate; files: number }): Promise<Estimate | null> {
  const size = await readStoreSize(knex);
  if (size.detections < FEWEST_DETECTIONS) return null;
  const ofFiles = (files * size.file_bytes) / size.files;
  const { likely, low, high } = scaleEstimate(detections, size.other_bytes / size.detections);
  return roundEstimate({ likely: likely + ofFiles, low: low === null ? null : low + ofFiles, high: high === null ? null : high + ofFiles });
}

function sum<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
