import type { Knex } from 'knex';

import { markEnriched, noteEnrichment } from '../../db/models/enrichments.ts';
import { findFilesToEnrich, findTracksOfFiles } from '../../db/queries/enrichments-due.ts';
import { findFootageSpan } from '../../db/queries/footage-span.ts';
import { findCropsToEnrich, type CropRow } from '../../db/queries/track-crops.ts';
import { HsError } from '../../errors/hs-error.ts';
import { WorkerError } from '../../inference/worker-error.ts';
import { memoryWith } from '../../inference/worker-limits.ts';
import { createWorkerPool, type WorkerPool } from '../../inference/worker-pool.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { holdLocal } from '../../media/hold-local.ts';
import { MediaError } from '../../media/media-error.ts';
import { byFile } from '../entities/by-file.ts';
import type { EnrichInit, EnrichResult, EnrichTask } from './enrich-task.ts';
import { trackEnrichment, type ChosenTrackEnrichment } from './track-enrichments.ts';

/** What one stage did in a run. */
export type EnrichTally = {
  name: string;
  model: string;
  /** Crops that were looked at, and things found on them. */
  crops: number;
  found: number;
  /** Crops whose footage is gone. */
  lost: number;
  /** Files that are there and could not be read, or that the process was lost at. */
  failedFiles: number;
};

export type EnrichTracksOptions = {
  init: EnrichInit;
  workers: number;
  /** Whether more may be begun; what is left is done by the next run. */
  mayStart: () => boolean;
  signal: AbortSignal;
  warn: (message: string) => void;
};

const FILES_AT_ONCE = 200;
/** Longest silence of a worker. */
const SILENCE_MS = 120_000;
/** No worker can work, whatever the file. */
const FATAL_CODES = new Set(['worker_unavailable', 'closed']);

type Pool = WorkerPool<EnrichTask, EnrichResult>;

/**
 * Looks at the best crops of the tracks of files that are new, stage by stage. A file is due until it was looked at, so that a run that
 * is killed is made up for by the next one. A model that does not work costs its stage, a file that does not, that file.
 */
export async function enrichTracks(knex: Knex, options: EnrichTracksOptions): Promise<EnrichTally[]> {
  const { init, workers, warn } = options;
  if (init.stages.length === 0) return [];
  const entry = new URL(import.meta.url.endsWith('.ts') ? './enrich-worker.ts' : './enrich-worker.js', import.meta.url);
  const limits = { memoryBytes: memoryWith(init.stages.map(({ model }) => model)) };
  const pool: Pool = createWorkerPool({ entry, size: workers, init, taskTimeoutMs: SILENCE_MS, limits });
  const tallies: EnrichTally[] = [];
  try {
    for (const stage of init.stages) {
      const tally: EnrichTally = { name: stage.name, model: stage.model.card.id, crops: 0, found: 0, lost: 0, failedFiles: 0 };
      tallies.push(tally);
      try {
        await runStage(knex, { ...options, pool, stage, tally });
      } catch (error) {
        if (options.signal.aborted) break;
        if (!(error instanceof HsError || error instanceof WorkerError)) throw error;
        warn(`${stage.name}: ${error.message}; the footage of this run is looked at by the next one`);
      }
    }
  } finally {
    await pool.close();
  }
  return tallies;
}

type StageRun = EnrichTracksOptions & { pool: Pool; stage: ChosenTrackEnrichment; tally: EnrichTally };

async function runStage(knex: Knex, run: StageRun): Promise<void> {
  const { name } = run.stage;
  while (run.mayStart()) {
    const fileIds = await findFilesToEnrich(knex, { name, limit: FILES_AT_ONCE });
    if (fileIds.length === 0) return;
    const files = byFile(await cropsOf(knex, { name, fileIds }));
    const looks = mapConcurrently(files, (rows) => lookAt(rows, run), { concurrency: run.workers, signal: run.signal });
    for await (const { rows, looked } of looks) await save(knex, { ...run, rows, looked });
    // What was left out for a stop request is still due.
    run.signal.throwIfAborted();
    await markEnriched(knex, { fileIds, name });
  }
}

async function cropsOf(knex: Knex, { name, fileIds }: { name: string; fileIds: readonly number[] }): Promise<CropRow[]> {
  const span = await findFootageSpan(knex, { mediaFileIds: fileIds });
  if (span === undefined) return [];
  const { groups, minHeightPx, cropsPerTrack } = trackEnrichment(name).trigger;
  const trackIds = await findTracksOfFiles(knex, { fileIds, groups, ...span });
  return findCropsToEnrich(knex, { trackIds, name, selection: { minHeightPx, perTrack: cropsPerTrack } });
}

type Looks = Pick<EnrichResult, 'looked'> & { rows: readonly CropRow[] };

async function lookAt(rows: CropRow[], { pool, stage, tally, signal, warn }: StageRun): Promise<Looks> {
  const path = rows[0]?.path ?? '';
  try {
    const { looked, problem } = await lookInProcess(rows, { pool, stage, signal });
    if (problem === undefined || problem.code === 'vanished') tally.lost += rows.length - looked.length;
    else tally.failedFiles += 1;
    if (problem !== undefined && problem.code !== 'vanished') warn(`${stage.name}: ${path} ${problem.message}`);
    return { rows, looked };
  } catch (error) {
    if (!(error instanceof WorkerError) || FATAL_CODES.has(error.code)) throw error;
    tally.failedFiles += 1;
    warn(`${stage.name}: ${path} ${error.message}`);
    return { rows, looked: [] };
  }
}

async function lookInProcess(rows: CropRow[], { pool, stage, signal }: Pick<StageRun, 'pool' | 'stage' | 'signal'>): Promise<EnrichResult> {
  const [first] = rows;
  if (first === undefined) return { looked: [] };
  try {
    const { path, release } = await holdLocal(first.path);
    return await pool.run({ name: stage.name, rows: rows.map((row) => ({ ...row, path })) }, { signal }).finally(release);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { looked: [], problem: { code: error.code, message: error.message } };
  }
}

/** Notes and rows of a file in one transaction: a crop that has its note has its rows. */
async function save(knex: Knex, { stage, tally, rows, looked }: StageRun & Looks): Promise<void> {
  const description = trackEnrichment(stage.name);
  const known = looked.flatMap(({ index, result }) => {
    const row = rows[index];
    if (row === undefined) return [];
    return [{ cameraId: row.camera_id, detectionId: row.detection_id, detectedAt: row.detected_at, result }];
  });
  await knex.transaction(async (trx) => {
    await noteEnrichment(
      trx,
      stage.name,
      known.map(({ result, ...key }) => ({ ...key, note: description.toNote(result) })),
    );
    await description.save(trx, known, stage.model.card.id);
  });
  tally.crops += known.length;
  tally.found += known.reduce((sum, { result }) => sum + description.count(result), 0);
}
