import { claimFiles, releaseFiles, type MediaFileRow } from '../../../db/models/media-files.ts';
import { cutFile, type FilePart } from '../../../domain/file-parts.ts';
import { WorkerError } from '../../../inference/worker-error.ts';
import { sleep } from '../../../lib/sleep.ts';
import { failedAnalysis } from '../worker/failed-analysis.ts';
import type { AnalysisNote, AnalysisTask, FileAnalysis, FileToAnalyse } from '../worker/analysis-task.ts';
import { createAnalysisPool, FATAL_CODES, LOST_STARTS, type AnalysisPool } from './analysis-pool.ts';
import { lookAtParts } from './look-at-parts.ts';
import { findContext } from './find-context.ts';
import { findOthersBetween, planTasks, toFileToAnalyse, withLeadUp, type PlanOptions } from './plan-tasks.ts';
import type { ProcessOptions } from './process-options.ts';
import { createSaveQueue, type FinishedItem, type SaveQueue } from './save-queue.ts';

const IDLE_MS = 100;

/** Most files that are claimed at once, for each worker: five statements a claim, and as many files to give back when the run stops. */
const FILES_PER_WORKER = 32;

type OpenFile = { file: FileToAnalyse; attempts: number; camera: string; contentSha256: string };

/**
 * Works through the pending files of a run: claims them in footage order, hands tasks to the worker processes, saves
 * outcomes as they come. A worker that crashes or hangs costs the file it was at; the others of its task are taken up
 * again. When no new files may be started, those under way are finished and the rest is given back.
 */
export async function processFiles(options: ProcessOptions): Promise<void> {
  const work = new FileWork(options);
  try {
    await work.run();
  } finally {
    await work.close();
  }
}

class FileWork {
  readonly #options: ProcessOptions;
  readonly #pool: AnalysisPool;
  readonly #saves: SaveQueue;
  readonly #running = new Set<Promise<void>>();
  readonly #open = new Map<number, OpenFile>();
  readonly #lostStarts = new Map<number, number>();
  /** Files whose parts do not fit together. */
  readonly #asWhole = new Set<number>();
  #failure: Error | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#pool = options.pool ?? createAnalysisPool(options);
    this.#saves = createSaveQueue({
      ...options,
      onSaved: (items) => {
        this.#count(items);
      },
      // Also when nothing more is looked at that could find out.
      onFailed: (error) => {
        this.#fail(error);
      },
    });
  }

  async run(): Promise<void> {
    const { mayStart } = this.#options;
    let hasMore = true;
    while (hasMore && this.#failure === undefined && mayStart()) hasMore = await this.#goOn();
    if (this.#failure !== undefined || !mayStart()) this.#pool.drain();
    await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Claims what there is, or waits for more; false when there will be none. */
  async #goOn(): Promise<boolean> {
    const { listing, takesAllAtOnce = false, more = () => sleep(IDLE_MS) } = this.#options;
    if (this.#hasEnough()) {
      await Promise.race([...this.#running, sleep(IDLE_MS)]);
      return true;
    }
    const wasListing = listing();
    // Before the question: what is added while it is answered is not slept through.
    const added = more();
    if ((await this.#claim(wasListing && !takesAllAtOnce)) > 0) return true;
    if (this.#running.size === 0 && !wasListing) return false;
    await Promise.race([...this.#running, added]);
    return true;
  }

  #hasEnough(): boolean {
    return this.#running.size > this.#options.workers || this.#saves.isBehind;
  }

  async close(): Promise<void> {
    try {
      await this.#saves.settle();
    } finally {
      if (this.#options.pool === undefined) await this.#pool.close();
      await releaseFiles(this.#options.knex, this.#options.runId).catch(() => undefined);
    }
  }

  /** While files are still being listed only stills that need no background are taken: all others want their predecessors known, and given detections all files. */
  async #claim(listing: boolean): Promise<number> {
    const { knex, runId, settings } = this.#options;
    if (listing && settings.model === undefined) return 0;
    const rows = await claimFiles(knex, {
      runId,
      mediaTypes: listing ? ['image'] : ['image', 'video'],
      includeAmbiguous: !listing,
      limit: this.#claimSize(),
    });
    if (rows.length === 0) return 0;
    const plan = await this.#plan(rows);
    for (const row of rows) this.#note(row, plan);
    const others = await findOthersBetween(knex, rows, plan);
    for (const files of planTasks(rows, { ...plan, others })) await this.#start(files, plan);
    return rows.length;
  }

  /** Large enough to keep all processes busy, small enough that they all end at about the same time. */
  #claimSize(): number {
    const { tally, workers } = this.#options;
    const left = Math.max(1, tally.taken - tally.finished - this.#open.size);
    return Math.min(FILES_PER_WORKER * workers, Math.max(workers, Math.ceil(left / 2)));
  }

  async #plan(rows: readonly MediaFileRow[]): Promise<PlanOptions> {
    const { workers, tally, given } = this.#options;
    const taskSize = Math.max(1, Math.ceil((tally.taken - tally.finished) / (2 * workers)));
    return { ...(await findContext(this.#options, rows)), taskSize, given: await given?.find(rows) };
  }

  #note(row: MediaFileRow, plan: PlanOptions): void {
    const { attempts, camera_id: camera, content_sha256: contentSha256 } = row;
    this.#open.set(row.id, { file: toFileToAnalyse(row, plan), attempts, camera, contentSha256: contentSha256 ?? '' });
  }

  async #start(files: FileToAnalyse[], plan: PlanOptions): Promise<void> {
    const hasLeadUp = this.#startsLost(files) < LOST_STARTS;
    const task = hasLeadUp ? await withLeadUp(files, { ...plan, knex: this.#options.knex }) : { files, before: [] };
    const parts = this.#partsOf(files);
    const work = parts.length > 0 ? this.#runParts(task, parts, plan) : this.#runTask(task, plan);
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** A long video is a task by itself. */
  #partsOf([file]: readonly FileToAnalyse[]): FilePart[] {
    return file === undefined || this.#asWhole.has(file.id) ? [] : cutFile(file, this.#options.settings);
  }

  async #runParts(task: AnalysisTask, parts: readonly FilePart[], plan: PlanOptions): Promise<void> {
    try {
      const [file] = task.files;
      const open = this.#open.get(file?.id ?? 0);
      if (open === undefined) return;
      const onNote = (note: AnalysisNote): void => {
        this.#hear(note);
      };
      const found = await lookAtParts({ ...this.#options, pool: this.#pool, onNote }, { ...task, ...open, parts });
      if (typeof found !== 'string') this.#finish(open.file.id, found.analysis, found.analysisMs);
      else if (found === 'do-not-fit') await this.#startAsWhole(open.file, plan);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #startAsWhole(file: FileToAnalyse, plan: PlanOptions): Promise<void> {
    this.#asWhole.add(file.id);
    if (this.#options.mayStart()) await this.#start([file], plan);
  }

  async #runTask(task: AnalysisTask, plan: PlanOptions): Promise<void> {
    let started: number | undefined;
    try {
      await this.#pool.run(task, {
        onProgress: (note) => {
          const said = note as AnalysisNote;
          this.#hear(said);
          if (said.kind === 'first-file-started') started = said.fileId;
          else if (said.kind === 'file-finished') started = said.nextFileId;
        },
      });
    } catch (error) {
      await this.#afterCrash({ task, plan, started, error }).catch((trouble: unknown) => {
        this.#fail(trouble);
      });
    }
  }

  /** The file a worker died at gets the blame; what came after it in the same task is started anew. */
  async #afterCrash(crash: { task: AnalysisTask; plan: PlanOptions; started: number | undefined; error: unknown }): Promise<void> {
    const { task, plan, started, error } = crash;
    if (!(error instanceof WorkerError) || FATAL_CODES.has(error.code)) {
      this.#fail(error);
      return;
    }
    if (error.code === 'drained') return;
    const unfinished = task.files.filter((file) => this.#open.has(file.id));
    const blamed = unfinished.find((file) => file.id === started) ?? this.#noteLostStart(unfinished);
    if (blamed !== undefined)
      this.#finish(blamed.id, failedAnalysis(error.code === 'timeout' ? 'timeout' : 'inference_failed', error.message));
    const rest = unfinished.filter((file) => file !== blamed);
    if (rest.length > 0 && this.#options.mayStart()) await this.#start(rest, plan);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** No file was begun: perhaps one before the task kills workers, then the task goes on without those. In the end its first file is to blame. */
  #noteLostStart(files: readonly FileToAnalyse[]): FileToAnalyse | undefined {
    const [first] = files;
    if (first === undefined || this.#startsLost(files) >= LOST_STARTS) return first;
    this.#lostStarts.set(first.id, this.#startsLost(files) + 1);
    return undefined;
  }

  #startsLost([first]: readonly FileToAnalyse[]): number {
    return this.#lostStarts.get(first?.id ?? 0) ?? 0;
  }

  #hear(note: AnalysisNote): void {
    if (note.kind === 'file-finished') this.#finish(note.fileId, note.analysis, note.analysisMs);
    else if (note.kind === 'started') this.#options.onDevice(note.device);
    this.#options.progress();
  }

  #finish(fileId: number, analysis: FileAnalysis, analysisMs?: number): void {
    const open = this.#open.get(fileId);
    if (open === undefined) return;
    this.#open.delete(fileId);
    this.#saves.push({ ...open, analysis, analysisMs });
    if (this.#options.isAwaited?.(fileId) === true) this.#saves.hurry();
  }

  #count(items: readonly FinishedItem[]): void {
    const { tally, problem } = this.#options;
    for (const { file, camera, analysis } of items) {
      tally.finished += 1;
      tally[analysis.status] += 1;
      tally.frames += analysis.framesLookedAt;
      tally.analysedFrames += analysis.analysedOffsetsMs.length;
      tally.inferences += analysis.inferences;
      tally.detections += analysis.detections.length;
      tally.finishedFootageMs += file.durationMs ?? 0;
      if (analysis.status === 'done') continue;
      const { status, code = 'unreadable', message = '' } = analysis;
      problem({ path: file.path, camera, status, code, message });
    }
    this.#options.progress();
  }
}
