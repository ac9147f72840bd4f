import {
  deleteUnhashedFiles,
  findMediaFilesByHash,
  insertScannedFiles,
  updateScannedFile,
  type MediaFileRow,
  type ScannedFile,
} from '../../../db/models/media-files.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import { footageExists } from '../../../media/footage-stats.ts';
import type { MediaError } from '../../../media/media-error.ts';
import type { CameraFacts } from './camera-book.ts';
import { decideFile, type FileDecision } from './decide-file.ts';
import type { FoldDesk } from './fold-desk.ts';
import { needsWork } from './glance.ts';
import type { FileIdentity } from './identify-file.ts';
import { cameraOf, type PlacedWithGrowth } from './place-file.ts';
import { replaceSuperseded } from './replace-superseded.ts';
import type { ShardDesk } from './shard-desk.ts';
import type { ScanContext, SeenState } from './scan-context.ts';
import { seenPlaced, seenUnusable } from './seen-file.ts';
import { noteKnown, noteTaken } from './scan-tally.ts';
import { toPending, toUnusable } from './to-scanned-file.ts';

type RecordOptions = {
  placed: readonly PlacedWithGrowth[];
  rowOf: ReadonlyMap<string, MediaFileRow>;
  folds: FoldDesk;
  shard: ShardDesk | undefined;
};

/** Decides each placed file by its content and writes the ledger: one look-up and one insert for a whole group. */
export async function recordFiles(context: ScanContext, { placed, rowOf, folds, shard }: RecordOptions): Promise<void> {
  const { knex, request } = context;
  const known = await findMediaFilesByHash(
    knex,
    placed.map(({ identity }) => identity.sha256),
  );
  const byHash = new Map<string | null, MediaFileRow[]>();
  for (const row of known) byHash.set(row.content_sha256, [...(byHash.get(row.content_sha256) ?? []), row]);
  const inserts: ScannedFile[] = [];
  for (const one of placed) {
    const sameBytes = withTwin(byHash.get(one.identity.sha256) ?? [], await shard?.findTwin(one));
    const atPath = rowOf.get(one.file.path);
    const there = await findThere(sameBytes, one);
    const decision = decideFile(identified(one), { atPath, sameBytes, exists: (path) => there.has(path), grewFromRow: one.grew });
    const row = await settleFile(context, one, { decision, atPath });
    if (decision.kind === 'refresh') holdFold(folds, one);
    if (row === undefined) continue;
    inserts.push(row);
    byHash.set(one.identity.sha256, [...sameBytes, standIn(row)]);
    holdFold(folds, one);
  }
  if (!request.dryRun) await insertScannedFiles(knex, inserts);
}

/** Paths of other files with the same bytes that are still there. */
async function findThere(rows: readonly MediaFileRow[], { file }: PlacedWithGrowth): Promise<Set<string>> {
  const there = new Set<string>();
  for (const { path } of rows) if (path !== file.path && (await footageExists(path))) there.add(path);
  return there;
}

async function settleFile(context: ScanContext, one: PlacedWithGrowth, decided: Decided): Promise<ScannedFile | undefined> {
  await clearPath(context, one, decided);
  const state = stateOf(decided.decision);
  if (state !== undefined) context.observe?.(seenPlaced(state, one));
  return carryOut(context, one, decided);
}

function identified({ file, camera, identity, time }: PlacedWithGrowth) {
  return { path: file.path, cameraId: camera.id, sha256: identity.sha256, startMs: time.startMs };
}

/** A file of another shard counts as if it were in the ledger, where it is not yet. */
function withTwin(rows: MediaFileRow[], twin: Pick<MediaFileRow, 'path' | 'camera_id'> | undefined): MediaFileRow[] {
  if (twin === undefined || rows.some(({ path }) => path === twin.path)) return rows;
  return [...rows, { ...(twin as MediaFileRow), id: 0, failure_code: null }];
}

/** A row of this group that is not in the database yet, so that a second copy in the same group is seen. */
function standIn(row: ScannedFile): MediaFileRow {
  return { ...(row as unknown as MediaFileRow), id: 0, failure_code: row.failure_code ?? null };
}

function holdFold(folds: FoldDesk, { file, camera, time }: PlacedWithGrowth): void {
  if (time.foldCandidates === undefined) return;
  const durationMs = time.endMs - time.startMs;
  folds.add({ cameraId: camera.id, path: file.path, durationMs, candidates: time.foldCandidates });
}

type Decided = { decision: FileDecision; atPath: MediaFileRow | undefined };

/** What the ledger knew of a path by its name alone goes when its content is known; with --replace also what other content had shown. */
async function clearPath(context: ScanContext, one: PlacedWithGrowth, { decision, atPath }: Decided): Promise<void> {
  if (atPath?.camera_id !== one.camera.id || context.request.dryRun || reusesRow(decision)) return;
  if (atPath.content_sha256 === null) await deleteUnhashedFiles(context.knex, [atPath.id]);
  else if (context.request.replace && atPath.content_sha256 !== one.identity.sha256) await replaceSuperseded(context, atPath);
}

/** The row at the path becomes the row of this file. */
function reusesRow(decision: FileDecision): boolean {
  return decision.kind === 'refresh' || (decision.kind === 'duplicate' && decision.code === 'same_bytes_other_time');
}

/** Does what was decided; a row that has to be inserted is returned. */
async function carryOut(context: ScanContext, one: PlacedWithGrowth, { decision, atPath }: Decided): Promise<ScannedFile | undefined> {
  const { request } = context;
  count(context, decision);
  switch (decision.kind) {
    case 'new':
    case 'replaces':
      return takePending(context, one);
    case 'refresh':
      if (!request.dryRun) await updateScannedFile(context.knex, decision.rowId, toPending(one, context.runId));
      noteTaken(context, one.identity.durationMs);
      return undefined;
    case 'copy':
      return undefined;
    case 'duplicate':
      return storeDuplicate(context, atPath, toDuplicate(context, one, decision));
    case 'moved':
    case 'known':
      await refreshKnown(context, one, decision);
      return undefined;
  }
}

/** Undefined where it is still to be seen whether anything is to be done. */
function stateOf(decision: FileDecision): SeenState | undefined {
  switch (decision.kind) {
    case 'new':
    case 'copy':
    case 'duplicate':
      return decision.kind;
    case 'replaces':
      return 'changed';
    case 'refresh':
      return decision.because === 'grew' ? 'changed' : 'new';
    case 'known':
    case 'moved':
      return undefined;
  }
}

function count({ tally }: ScanContext, { kind }: FileDecision): void {
  if (kind === 'copy') tally.copies += 1;
  if (kind === 'moved') tally.moved += 1;
  if (kind === 'duplicate') tally.duplicates += 1;
}

function takePending(context: ScanContext, one: PlacedWithGrowth): ScannedFile {
  noteTaken(context, one.identity.durationMs);
  return toPending(one, context.runId);
}

/** Known content under a new path or stamp; what is still to be done with it is done now. */
async function refreshKnown(
  context: ScanContext,
  one: PlacedWithGrowth,
  { row, kind }: Extract<FileDecision, { kind: 'known' | 'moved' }>,
): Promise<void> {
  const { knex, request, runId } = context;
  const toDo = row.captured_at === null || needsWork(row, { redo: request.redo, modelFingerprint: context.modelFingerprint });
  if (toDo) noteTaken(context, one.identity.durationMs);
  else noteKnown(context, row);
  context.observe?.(seenPlaced(toDo ? 'again' : kind, one));
  if (request.dryRun || row.id === 0) return;
  if (!toDo) {
    await updateScannedFile(knex, row.id, { path: one.file.path, modified_at: stampOf(one.file), object_etag: one.file.etag ?? null });
    return;
  }
  const placed = toPending(one, runId);
  // What was analysed once stays with its camera: its detections know no other.
  await updateScannedFile(knex, row.id, row.processed_at === null ? placed : { ...placed, camera_id: row.camera_id });
}

function toDuplicate(context: ScanContext, one: PlacedWithGrowth, decision: Extract<FileDecision, { kind: 'duplicate' }>): ScannedFile {
  const where = decision.code === 'duplicate_other_camera' ? `camera ${decision.of.camera_id}` : 'another time';
  return {
    ...toPending(one, context.runId),
    status: 'skipped',
    failure_code: decision.code,
    failure_message: `the same bytes as ${decision.of.path} of ${where}`,
    // One row per camera and content: evidence of the same bytes at another time is known by its path.
    ...(decision.code === 'same_bytes_other_time' ? { content_sha256: null } : {}),
  };
}

async function storeDuplicate(context: ScanContext, atPath: MediaFileRow | undefined, row: ScannedFile): Promise<ScannedFile | undefined> {
  if (row.content_sha256 !== null || atPath?.content_sha256 !== null || atPath.camera_id !== row.camera_id) return row;
  if (!context.request.dryRun) await updateScannedFile(context.knex, atPath.id, row);
  return undefined;
}

function stampOf(file: FoundFile): Date {
  return new Date(Math.floor(file.modifiedAtMs));
}

type Unreadable = { file: FoundFile; row: MediaFileRow | undefined; error: MediaError };

/** Files whose bytes could not be read at all; the ledger knows them by their path. */
export async function recordUnreadable(context: ScanContext, unreadable: readonly Unreadable[]): Promise<void> {
  for (const { file, row, error } of unreadable) {
    const camera = await cameraOf(context, file);
    if ('code' in camera || error.code === 'vanished') {
      context.tally.unlisted += 1;
      context.problem({ path: file.path, status: 'failed', code: error.code, message: error.message });
      continue;
    }
    await recordUnusable(context, { file, row, identity: undefined, camera, error });
  }
}

type Unusable = Unreadable & { identity: FileIdentity | undefined; camera: CameraFacts };

/** Files that have a place in the ledger but nothing that could be analysed. */
export async function recordUnusable(context: ScanContext, unusable: Unusable): Promise<void> {
  const { knex, tally, request, runId } = context;
  const { file, row, camera, error } = unusable;
  const scanned = toUnusable({ ...unusable, runId, attempts: row?.attempts ?? 0 });
  const { status } = scanned;
  tally[status] += 1;
  context.observe?.(seenUnusable(status === 'skipped' ? 'left' : 'damaged', unusable));
  context.problem({ path: file.path, camera: camera.id, status, code: error.code, message: error.message });
  if (request.dryRun) return;
  const isSameFile = row !== undefined && (row.content_sha256 === null || row.content_sha256 === scanned.content_sha256);
  if (isSameFile) await updateScannedFile(knex, row.id, scanned);
  else await insertScannedFiles(knex, [scanned]);
}
