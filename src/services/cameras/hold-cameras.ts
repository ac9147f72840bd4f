import { isAbsolute } from 'node:path';

import type { Database } from '../../db/database.ts';
import { CONTENT_KEY, runLockKey, WRITERS_KEY } from '../../db/lock-keys.ts';
import { lockRoots } from '../../db/folder-locks.ts';
import { findHeldKeys, openLockSession, type LockSession } from '../../db/locks.ts';
import type { CameraRow } from '../../db/models/cameras.ts';
import { findRunsAtCamera } from '../../db/queries/camera-contents.ts';
import { isObjectUri } from '../../domain/object-uri.ts';
import { LockedError } from '../../errors/hs-error.ts';

type Held = Pick<CameraRow, 'id' | 'folder_path' | 'folders'>;

/**
 * Runs `work` while no ingest works on the footage of these cameras: their folders are locked as an ingest locks them, and none of
 * their files waits for a live run. Throws LockedError otherwise.
 */
export async function holdCameras<Result>(database: Database, cameras: readonly Held[], work: () => Promise<Result>): Promise<Result> {
  const session = await openLockSession(database);
  try {
    await lockFootage(session, cameras);
    await refuseLiveRuns(database, cameras);
    return await work();
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function lockFootage(session: LockSession, cameras: readonly Held[]): Promise<void> {
  if (!(await session.tryLockShared(WRITERS_KEY)) || !(await session.tryLockShared(CONTENT_KEY)))
    throw new LockedError('the database is being migrated or pruned', { hint: 'try again soon' });
  await lockRoots(session, [...new Set(cameras.flatMap(foldersOf))], 0);
}

/** Cameras that share a folder have their id behind it. */
function foldersOf({ id, folder_path: folder, folders }: Held): string[] {
  const suffix = `#${id}`;
  const own = folder.endsWith(suffix) ? folder.slice(0, -suffix.length) : folder;
  return [own, ...folders].filter((path) => isAbsolute(path) || isObjectUri(path));
}

async function refuseLiveRuns({ knex }: Database, cameras: readonly Held[]): Promise<void> {
  const held = await findHeldKeys(knex);
  for (const { id } of cameras) {
    const runs = await findRunsAtCamera(knex, id);
    if (!runs.some((run) => held.has(runLockKey(run)))) continue;
    throw new LockedError(`a run is working on files of camera ${id}`, {
      hint: 'wait until it ends (hs jobs list shows it), then try again',
    });
  }
}
