import { findMediaFilesByPath, takeOverFiles, type MediaFileRow } from '../../../db/models/media-files.ts';
import { UsageError } from '../../../errors/hs-error.ts';
import { batch } from '../../../lib/batch.ts';
import { mapConcurrently } from '../../../lib/map-concurrently.ts';
import type { Discovered, FoundFile } from '../../../media/discover/discovered.ts';
import { discoverFiles } from '../../../media/discover-files.ts';
import { MediaError } from '../../../media/media-error.ts';
import { glance, type Glance, type GlanceOptions } from './glance.ts';
import { identifyFile, type FileIdentity } from './identify-file.ts';
import { stillGrowing } from './settle.ts';
import { cameraOf, placeFile, type PlacedWithGrowth } from './place-file.ts';
import { recordFiles, recordUnreadable, recordUnusable } from './record-files.ts';
import { createFlagClock, type FlagClock } from './flag-clock.ts';
import { createFoldDesk, type FoldDesk } from './fold-desk.ts';
import type { ScanContext } from './scan-context.ts';
import { seenRow } from './seen-file.ts';
import { createShardDesk, type ShardDesk } from './shard-desk.ts';
import { limitReached, noteKnown, noteTaken } from './scan-tally.ts';

const GROUP = 200;
const GROUP_WAIT_MS = 300;
const READERS = 4;

/**
 * Lists footage below the given paths, finds out what is new and puts it into the ledger as pending. Works in groups, so
 * that any number of files needs the same memory; what is known by path, size and time stamp is not opened. Returns whether
 * everything was listed.
 */
export async function scanFiles(context: ScanContext): Promise<boolean> {
  let isComplete = true;
  const clock = await createFlagClock(context);
  const folds = createFoldDesk(context);
  const shard = createShardDesk(context);
  for await (const group of batch(listFiles(context), { count: GROUP, intervalMs: GROUP_WAIT_MS })) {
    if (limitReached(context)) context.tally.beyondLimit = true;
    if (context.tally.beyondLimit || !context.mayGoOn()) {
      isComplete = false;
      break;
    }
    await scanGroup(context, group, { clock, folds, shard });
    context.progress();
  }
  await folds.settle();
  return isComplete && context.mayGoOn();
}

/** What the user says about camera and time counts for what is still to be done, and for everything with --redo all. */
function glanceOptions({ request, modelFingerprint }: ScanContext): GlanceOptions {
  const { redo, verifyHash, camera, time, layout } = request;
  const isPlacedByUser = camera !== undefined || time !== undefined || layout !== undefined;
  return { redo, modelFingerprint, verifyHash, placeAnew: isPlacedByUser || redo === 'all' };
}

/** A stop request ends the list; what was listed so far is kept. */
async function* listFiles({ request, signal }: ScanContext): AsyncGenerator<Discovered> {
  const { include, exclude } = request;
  try {
    yield* discoverFiles(request.roots, { include, exclude, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

type Desks = { clock: FlagClock; folds: FoldDesk; shard: ShardDesk | undefined };

async function scanGroup(context: ScanContext, group: readonly Discovered[], desks: Desks): Promise<void> {
  const { shard } = desks;
  const listed: FoundFile[] = [];
  for (const one of group) {
    if (one.kind === 'file') listed.push(one.file);
    else if (shard?.isOwnPath(one.problem.path) !== false) report(context, one.problem);
  }
  await context.given?.noteListed(listed.map((file) => file.path));
  const files = (await shard?.takeOwn(listed)) ?? listed;
  context.tally.found += files.length;
  context.tally.elsewhere += listed.length - files.length;
  const rows = await findMediaFilesByPath(
    context.knex,
    files.map((file) => file.path),
  );
  const rowOf = new Map(rows.map((row) => [row.path, row]));
  const unread = await takeKnown(context, files, rowOf);
  const growing = await stillGrowing(unread, context);
  const settled = unread.filter((file) => !growing.has(file));
  await recordUnreadable(
    context,
    [...growing].map((file) => ({ file, row: rowOf.get(file.path), error: GROWING })),
  );
  const placed = await placeFiles(context, { listed: files, files: settled, rowOf, ...desks });
  await recordFiles(context, { placed, rowOf, ...desks });
}

const GROWING = new MediaError('still_growing', 'is still being written; the next run takes it');

function report(context: ScanContext, problem: { path: string; code: string; message: string }): void {
  context.tally.unlisted += 1;
  context.problem({ status: 'skipped', ...problem });
}

/** Settles what path, size and stamp decide; returns what has to be opened. */
async function takeKnown(
  context: ScanContext,
  files: readonly FoundFile[],
  rowOf: ReadonlyMap<string, MediaFileRow>,
): Promise<FoundFile[]> {
  const { tally, request } = context;
  const unread: FoundFile[] = [];
  const takeOver: MediaFileRow[] = [];
  for (const file of files) {
    const seen = glance(file, rowOf.get(file.path), glanceOptions(context));
    if (seen.kind === 'read') unread.push(file);
    else if (seen.kind === 'take-over' && limitReached(context)) tally.beyondLimit = true;
    else {
      if (seen.kind === 'take-over') takeOver.push(seen.row);
      noteSeen(context, file, seen);
    }
  }
  if (!request.dryRun) {
    await takeOverFiles(
      context.knex,
      context.runId,
      takeOver.map((row) => row.id),
    );
  }
  return unread;
}

const STATE_OF = { known: 'known', 'take-over': 'again', busy: 'busy' } as const;

function noteSeen(context: ScanContext, file: FoundFile, { kind, row }: Exclude<Glance, { kind: 'read' }>): void {
  if (kind === 'busy') context.tally.busy += 1;
  else if (kind === 'take-over') noteTaken(context, row.duration_ms);
  else noteKnown(context, row);
  context.observe?.(seenRow(STATE_OF[kind], file, row));
}

type PlaceOptions = Desks & { listed: readonly FoundFile[]; files: readonly FoundFile[]; rowOf: ReadonlyMap<string, MediaFileRow> };

/** Opens files several at a time and places them one after the other, in the order they were listed. */
async function placeFiles(context: ScanContext, options: PlaceOptions): Promise<PlacedWithGrowth[]> {
  const { files, rowOf } = options;
  const placed: PlacedWithGrowth[] = [];
  const passUntil = passInOrder(options);
  const read = mapConcurrently(files, (file) => readFile(context, file, rowOf.get(file.path)), {
    concurrency: READERS,
    signal: context.signal,
  });
  for await (const one of read) {
    if (one === undefined || !context.mayGoOn()) break;
    passUntil(one.file);
    if (limitReached({ ...context, tally: { ...context.tally, taken: context.tally.taken + placed.length } })) {
      context.tally.beyondLimit = true;
      break;
    }
    const place = await placeOrRecord(context, one, options);
    if (place !== undefined) placed.push(place);
  }
  passUntil(undefined);
  return placed;
}

/** The place of a file that was read; what has none is put on record with the reason. */
async function placeOrRecord(
  context: ScanContext,
  { file, identity }: ReadFile,
  { rowOf, clock }: PlaceOptions,
): Promise<PlacedWithGrowth | undefined> {
  const row = rowOf.get(file.path);
  if (identity instanceof MediaError) {
    clock.pass(undefined);
    await recordUnreadable(context, [{ file, row, error: identity }]);
    return undefined;
  }
  const camera = await cameraOf(context, file);
  if ('code' in camera) {
    clock.pass(identity.durationMs);
    report(context, { path: file.path, code: camera.code, message: camera.message });
    return undefined;
  }
  const flag = clock.next(camera.zone, identity.durationMs);
  const place = await placeFile(context, { file, identity, camera, flag });
  if ('code' in place && place.code === 'flag_rejected') throw new UsageError(place.message);
  const untimed = 'code' in place ? new MediaError('time_unknown', place.message) : undefined;
  const error = identity.unusable ?? untimed;
  if (error === undefined && !('code' in place)) return { ...place, grew: identity.grew };
  if (error !== undefined) await recordUnusable(context, { file, row, identity, camera, error });
  return undefined;
}

/** Lets the clock of `--time` tick for what was listed before a file and is not opened; without a file for all the rest. */
function passInOrder({ listed, files, rowOf, clock }: PlaceOptions): (until: FoundFile | undefined) => void {
  const opened = new Set(files);
  let at = 0;
  return (until) => {
    for (; at < listed.length && listed[at] !== until; at += 1) {
      const file = listed[at];
      if (file !== undefined && !opened.has(file)) clock.pass(rowOf.get(file.path)?.duration_ms);
    }
  };
}

type ReadFile = { file: FoundFile; identity: (FileIdentity & { grew: boolean }) | MediaError };

/** Undefined when the run is stopped meanwhile: a file that is not read to its end is left to the next run. */
async function readFile(context: ScanContext, file: FoundFile, row: MediaFileRow | undefined): Promise<ReadFile | undefined> {
  const earlier = row === undefined || row.content_sha256 === null ? undefined : { sizeBytes: row.size_bytes, sha256: row.content_sha256 };
  try {
    return { file, identity: await identifyFile(file, { tools: context.tools, earlier, signal: context.signal }) };
  } catch (error) {
    if (error instanceof MediaError) return { file, identity: error };
    if (context.signal.aborted) return undefined;
    throw error;
  }
}
