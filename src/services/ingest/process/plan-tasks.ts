import type { Knex } from 'knex';

import { compareInChain, findChainFilesAmong, findFilesBefore, type MediaFileRow } from '../../../db/models/media-files.ts';
import { continuesPredecessor, HANDOVER_SAMPLES } from '../../../domain/file-chain.ts';
import { cutFile } from '../../../domain/file-parts.ts';
import { LOOK_SLOT_MS, slotOf } from '../../../domain/scene/scene-watch.ts';
import type { Zone } from '../../../domain/zones/zone.ts';
import { present } from '../../../lib/present.ts';
import { chainLinkOf, needsBackground } from '../worker/analyse-frames.ts';
import type { AnalysisSettings, AnalysisTask, FileToAnalyse, Given } from '../worker/analysis-task.ts';

const MAX_STILLS = 8;
const MAX_CHAIN = 12;

export type PlanOptions = {
  settings: AnalysisSettings;
  /** Cameras that are not mounted firmly: no background, no chain. */
  movingCameras: ReadonlySet<string>;
  /** By camera, those in which motion is left out. */
  maskZones?: ReadonlyMap<string, readonly Zone[]>;
  /** Files whose minute is begun by an earlier one, which is looked at for the view (§10.3). */
  minutesBegun?: ReadonlySet<number>;
  /** What was found elsewhere, by file. */
  given?: ReadonlyMap<number, Given> | undefined;
  /** The given folder a path lies in: nothing outside it is opened. */
  rootOf: (path: string) => string;
  /** At most this many files in a task, so that all processes have work until the end. */
  taskSize: number;
};

type ClaimedFile = { row: MediaFileRow; file: FileToAnalyse };

/** Plain facts of a row for a worker; a row without footage time is never claimed. */
export function toFileToAnalyse(
  row: MediaFileRow,
  options: Pick<PlanOptions, 'movingCameras' | 'maskZones' | 'minutesBegun' | 'given' | 'rootOf'>,
): FileToAnalyse {
  const startMs = row.captured_at?.getTime() ?? 0;
  return {
    id: row.id,
    path: row.path,
    root: options.rootOf(row.path),
    mediaType: row.media_type,
    startMs,
    endMs: row.ended_at?.getTime() ?? startMs,
    movingCamera: options.movingCameras.has(row.camera_id),
    ...present({
      maskZones: options.maskZones?.get(row.camera_id),
      sceneFromMs: options.minutesBegun?.has(row.id) === true ? (slotOf(startMs) + 1) * LOOK_SLOT_MS : undefined,
      given: options.given?.get(row.id),
      durationMs: row.duration_ms,
      frameRate: row.frame_rate,
      containerFrames: row.container_frames,
      width: row.width,
      height: row.height,
      codec: row.codec,
    }),
  };
}

/**
 * Cuts claimed files, in the order of camera and time, into tasks: unbroken footage stays together, stills go in handfuls, a long video is by itself.
 * `others` are files that were not claimed: one of them between two claimed files parts them, for it comes before the second.
 */
export function planTasks(rows: readonly MediaFileRow[], options: PlanOptions & { others?: readonly MediaFileRow[] }): FileToAnalyse[][] {
  const others = new Set(options.others);
  const tasks: ClaimedFile[][] = [];
  let mayJoin = false;
  for (const row of [...rows, ...others].sort(compareInChain)) {
    const claimed = { row, file: toFileToAnalyse(row, options) };
    const open = tasks.at(-1);
    const isOther = others.has(row);
    if (!isOther && open !== undefined && mayJoin && belongsTo(open, claimed, options)) open.push(claimed);
    else if (!isOther) tasks.push([claimed]);
    mayJoin = !isOther;
  }
  return tasks.map((task) => task.map(({ file }) => file));
}

/** Files that lie between the claimed ones and are part of the same footage. */
export async function findOthersBetween(knex: Knex, rows: readonly MediaFileRow[], { settings }: PlanOptions): Promise<MediaFileRow[]> {
  const mediaTypes = chainedTypes(settings);
  return mediaTypes.length === 0 ? [] : findChainFilesAmong(knex, { ids: rows.map((row) => row.id), mediaTypes });
}

/** With a model only videos have a background; with the motion detector everything has. */
function chainedTypes(settings: AnalysisSettings): MediaFileRow['media_type'][] {
  if (settings.given === true) return [];
  if (settings.model === undefined) return ['image', 'video'];
  return settings.plan.mode === 'motion' ? ['video'] : [];
}

function belongsTo(task: readonly ClaimedFile[], next: ClaimedFile, options: PlanOptions): boolean {
  const last = task.at(-1);
  if (last?.row.camera_id !== next.row.camera_id || task.length >= options.taskSize) return false;
  // Parts of a long video are tasks of their own.
  if ([last, next].some(({ file }) => cutFile(file, options.settings).length > 0)) return false;
  const isChained = needsBackground(options.settings, next.file);
  if (needsBackground(options.settings, last.file) !== isChained) return false;
  if (!isChained) return last.file.mediaType === 'image' && next.file.mediaType === 'image' && task.length < MAX_STILLS;
  return task.length < MAX_CHAIN && continuesPredecessor(chainLinkOf(last.file), chainLinkOf(next.file));
}

type LeadUpOptions = PlanOptions & { knex: Knex };

/**
 * The files that may lead up to a task, oldest first. How far a file reaches is certain only when it has been read, and so
 * is how many samples it gives: the worker goes back through them as far as it needs.
 */
export async function withLeadUp(files: FileToAnalyse[], options: LeadUpOptions): Promise<AnalysisTask> {
  const [first] = files;
  if (first === undefined || !needsBackground(options.settings, first)) return { files, before: [] };
  const rows = await findFilesBefore(options.knex, {
    fileId: first.id,
    mediaTypes: chainedTypes(options.settings),
    limit: HANDOVER_SAMPLES,
  });
  const before: FileToAnalyse[] = [];
  let next = first;
  for (const row of rows) {
    const file = toFileToAnalyse(row, options);
    const isEndUnknown = row.processed_at === null && row.duration_ms === null;
    if (!isEndUnknown && !continuesPredecessor(chainLinkOf(file), chainLinkOf(next))) break;
    before.unshift(file);
    next = file;
  }
  return { files, before };
}
