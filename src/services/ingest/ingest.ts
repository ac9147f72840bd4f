import type { Database } from '../../db/database.ts';
import { noteEnrichments } from '../../db/models/runs.ts';
import { listMovingCameras } from '../../db/models/cameras-with-property.ts';
import { countOpenSceneChanges } from '../../db/models/scene-changes.ts';
import type { Device } from '../../inference/devices.ts';
import { present } from '../../lib/present.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { rateAndTell, type AlertsOfRun } from '../alerts/rate-and-tell.ts';
import { scoreNewEvents, type LevelCounts } from '../analysis/score-new-events.ts';
import { enrichTracks, type EnrichTally } from '../enrich/enrich-tracks.ts';
import { hasLlm } from '../llm/open-llm.ts';
import { judgeMeanwhile } from '../scenes/judge-scenes.ts';
import { chooseAnalysis, type ChosenAnalysis } from './choose-analysis.ts';
import { deriveChanged, type DerivedChanges } from './derive-changed.ts';
import { findFindings, type Finding } from './find-findings.ts';
import { findTools } from './find-tools.ts';
import type { GivenTally } from './given/given-tally.ts';
import { openGiven, type GivenSource } from './given/open-given.ts';
import type { IngestRequest, IngestSettings } from './ingest-options.ts';
import { createTally, type FileProblem, type IngestTally } from './ingest-tally.ts';
import { findMaskZones } from './process/find-mask-zones.ts';
import { processFiles } from './process/process-files.ts';
import { realRoots, rootOf } from './roots.ts';
import { createScanContext } from './scan/create-scan-context.ts';
import { scanFiles } from './scan/scan-files.ts';

export type IngestStage = 'reading' | 'listing' | 'analysing' | 'deriving' | 'enriching' | 'scoring';
/** `entries`: read of a document of detections. */
export type IngestProgress = { tally: IngestTally; stage: IngestStage; startedAtMs: number; entries?: number };

export type IngestOptions = {
  database: Database;
  runId: string;
  settings: IngestSettings;
  request: IngestRequest;
  workers: number;
  signal: AbortSignal;
  onProgress: (progress: IngestProgress) => void;
  onProblem: (problem: FileProblem) => void;
  warn: (message: string) => void;
  /** Where several share the footage: forms and rates events while no other of them does; undefined when the run is stopped before its turn. */
  inTurn?: (<Result>(work: () => Promise<Result>) => Promise<Result | undefined>) | undefined;
};

export type IngestOutcome = {
  tally: IngestTally;
  changes: DerivedChanges;
  /** Events that were scored, by level; undefined where nobody asked for that. */
  scored: LevelCounts | undefined;
  /** Of the cameras whose footage was taken in: neither acknowledged nor over. */
  openSceneChanges: number;
  /** Alerts that were raised, taken back and told of; undefined where nothing was scored. */
  alerts: AlertsOfRun | undefined;
  /** Of what `--fail-on` asks for. */
  findings: Finding[];
  /** Optional stages that looked at tracks. */
  enriched: EnrichTally[];
  detector: string;
  device: string | undefined;
  /** Of detections made elsewhere. */
  given: GivenTally | undefined;
  elapsedMs: number;
  /** Why work was left for another run, if it was. */
  stoppedBy: 'signal' | 'deadline' | 'limit' | undefined;
};

/**
 * Folders of footage in, detections and events out: listing and analysis run side by side, then tracks and events are
 * derived where footage changed. Everything stored is whole files; a run that is killed goes on where it stopped.
 */
export async function ingest(options: IngestOptions): Promise<IngestOutcome> {
  const startedAtMs = Date.now();
  const roots = await realRoots(options.request.roots);
  const given = await findGiven(options, { roots, startedAtMs });
  try {
    return await takeIn(options, { roots, given, startedAtMs });
  } finally {
    await given?.close().catch(() => undefined);
  }
}

type Start = { roots: string[]; given: GivenSource | undefined; startedAtMs: number };

async function findGiven(options: IngestOptions, { roots, startedAtMs }: Omit<Start, 'given'>): Promise<GivenSource | undefined> {
  const { database, settings, signal, onProgress } = options;
  const request = options.request.given;
  if (request === undefined) return undefined;
  const onEntries = (entries: number): void => {
    onProgress({ tally: createTally(), stage: 'reading', startedAtMs, entries });
  };
  return openGiven({ database, request, detector: settings.detector, roots, signal, onEntries });
}

async function takeIn(options: IngestOptions, { roots, given, startedAtMs }: Start): Promise<IngestOutcome> {
  const { database, request, settings, signal } = options;
  const tally = createTally();
  const tools = await findTools(options);
  const analysis = await chooseAnalysis({ settings, request, tools, given, warn: options.warn });
  if (!request.dryRun) await noteEnrichments(database.knex, options.runId, analysis.enrichments.models);
  let stage: IngestProgress['stage'] = 'listing';
  const progress = (next = stage): void => {
    stage = next;
    options.onProgress({ tally, stage, startedAtMs });
  };
  const trouble = new AbortController();
  const stop = AbortSignal.any([signal, trouble.signal]);
  const mayStart = (): boolean => !signal.aborted && !isOutOfTime(request);
  const mayGoOn = (): boolean => !trouble.signal.aborted && mayStart();
  const parts = { tally, tools, progress, mayGoOn, analysis, given };
  const context = createScanContext({ ...options, signal: stop, request: { ...request, roots } }, parts);
  let device: string | undefined;
  const scanning = scanFiles(context).finally(() => {
    stage = 'analysing';
  });
  const processing = request.dryRun
    ? undefined
    : processFiles({
        ...analysis,
        knex: database.knex,
        given,
        runId: options.runId,
        workers: options.workers,
        rootOf: (path) => rootOf(roots, path),
        movingCameras: async () => new Set(await listMovingCameras(database.knex)),
        maskZones: () => findMaskZones(database.knex),
        listing: () => stage === 'listing',
        mayStart,
        tally,
        problem: options.onProblem,
        onDevice: (used) => (device = used),
        progress,
      }).catch((error: unknown) => {
        // Nothing that is listed now could be analysed.
        trouble.abort();
        throw error;
      });
  const isListed = await judgingMeanwhile(options, scanning, () => settleBoth(scanning, processing));
  if (isListed) await given?.countUnlisted();
  const derived = await derive(options, tally, { analysis, tools, mayStart, enter: progress });
  const stoppedBy = reasonToStop(options, tally, isListed);
  return { tally, ...derived, detector: analysis.modelId, device, given: given?.tally, elapsedMs: Date.now() - startedAtMs, stoppedBy };
}

type DeriveParts = {
  analysis: ChosenAnalysis;
  tools: FfmpegTools | undefined;
  mayStart: () => boolean;
  enter: (stage: IngestStage) => void;
};

type Derived = Pick<IngestOutcome, 'changes' | 'enriched' | 'scored' | 'alerts' | 'openSceneChanges' | 'findings'>;

const NOTHING_DERIVED: Derived = {
  changes: { cameras: 0, created: 0, changed: 0, absorbed: 0, deleted: 0, orphaned: [] },
  enriched: [],
  scored: undefined,
  alerts: undefined,
  openSceneChanges: 0,
  findings: [],
};

async function derive(options: IngestOptions, tally: IngestTally, parts: DeriveParts): Promise<Derived> {
  if (options.request.dryRun) return NOTHING_DERIVED;
  parts.enter('deriving');
  // What is not derived now is derived by whoever comes next.
  return options.inTurn === undefined
    ? deriveAll(options, tally, parts)
    : ((await options.inTurn(() => deriveAll(options, tally, parts))) ?? NOTHING_DERIVED);
}

async function deriveAll(options: IngestOptions, tally: IngestTally, parts: DeriveParts): Promise<Derived> {
  const { database, request, settings, runId, warn } = options;
  const changes = await deriveChanged(database.knex, settings, { ...tally, note: warn });
  const enriched = await enrich(options, parts);
  parts.enter('scoring');
  const rated = await rate(options);
  const alertsRaised = rated.alerts?.created ?? 0;
  const findings = await findFindings(database.knex, { runId, kinds: request.failOn, alertsRaised, zones: settings });
  return { changes, enriched, ...rated, openSceneChanges: await countOpenSceneChanges(database.knex, { runId }), findings };
}

async function enrich(options: IngestOptions, { analysis, tools, mayStart, enter }: DeriveParts): Promise<EnrichTally[]> {
  const { database, workers, signal, warn } = options;
  const { track } = analysis.enrichments;
  if (track.length === 0 || !mayStart()) return [];
  enter('enriching');
  const init = { stages: track, device: analysis.settings.device as Device, ...present({ tools }) };
  return enrichTracks(database.knex, { init, workers, mayStart, signal, warn });
}

/** What is not scored now is scored by the next run, or by `hs analyze`. */
async function rate({ database, request, settings, runId, signal }: IngestOptions): Promise<Pick<IngestOutcome, 'scored' | 'alerts'>> {
  if (!request.analyze) return { scored: undefined, alerts: undefined };
  const { result: scored, alerts } = await rateAndTell(database, { settings, signal }, () =>
    scoreNewEvents(database.knex, { settings, runId, signal, waitsForModel: hasLlm(settings.llm) }),
  );
  return { scored, alerts };
}

/** From the end of the listing on: before that earlier footage may come. Runs that share their footage derive in turn, and judge then. */
async function judgingMeanwhile<Result>(
  { database, runId, request, inTurn, warn: note }: IngestOptions,
  listing: Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> {
  if (request.dryRun || inTurn !== undefined) return work();
  const isOver = new AbortController();
  const judging = listing.then(
    () => judgeMeanwhile(database.knex, { runId, signal: isOver.signal, note }),
    () => undefined,
  );
  try {
    return await work();
  } finally {
    isOver.abort();
    await judging;
  }
}

/** Both stages end before an error of one is passed on: nothing is left running behind the caller's back. */
async function settleBoth(scanning: Promise<boolean>, processing: Promise<void> | undefined): Promise<boolean> {
  const results = await Promise.allSettled([scanning, processing]);
  for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
  return scanning;
}

function reasonToStop(options: IngestOptions, tally: IngestTally, isListed: boolean): IngestOutcome['stoppedBy'] {
  if (options.signal.aborted) return 'signal';
  if (tally.beyondLimit) return 'limit';
  const isAnalysed = options.request.dryRun || tally.finished >= tally.taken;
  return isOutOfTime(options.request) && !(isListed && isAnalysed) ? 'deadline' : undefined;
}

function isOutOfTime({ deadline }: IngestRequest): boolean {
  return deadline !== undefined && Date.now() >= deadline.getTime();
}
