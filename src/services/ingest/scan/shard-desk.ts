import type { MediaFileRow } from '../../../db/models/media-files.ts';
import { isInShard } from '../../../domain/shard.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import { fingerprint, glimpse } from '../../../media/fingerprint.ts';
import { MediaError } from '../../../media/media-error.ts';
import { withMedia, type MediaLocation } from '../../../media/open-media.ts';
import { createCameraIds } from './camera-book.ts';
import { nameCamera, type NamingContext, type PlacedFile } from './place-file.ts';
import type { ScanContext } from './scan-context.ts';

/** A file of another shard; `at` is its place in the listing. */
type Passed = MediaLocation & { cameraId: string; at: number };
/** Files of one size: by a glimpse of their bytes, as far as anybody asked for it. */
type SameSize = { unread: Passed[]; byGlimpse: Map<string, Passed[]> };

export type ShardDesk = {
  /** Those of the listed files that fall to this shard. The others are only passed by: none is opened unless it may be the same as one of ours. */
  takeOwn(files: readonly FoundFile[]): Promise<FoundFile[]>;
  /** Whether it falls to this shard to tell of what has no camera. */
  isOwnPath(path: string): boolean;
  /** The first file with the same bytes that was listed before and is another shard's: it counts, as it would for one who takes all files. */
  findTwin(own: PlacedFile): Promise<Pick<MediaFileRow, 'path' | 'camera_id'> | undefined>;
};

/**
 * Shares files out by their cameras: what has to be looked at together (footage that goes on from file to file, its background, hours that
 * clocks show twice, copies) is always that of one camera. Undefined where everything is for this run.
 */
export function createShardDesk(context: NamingContext & Pick<ScanContext, 'knex'>): ShardDesk | undefined {
  const { shard } = context.request;
  if (shard === undefined) return undefined;
  const idOf = createCameraIds(context.knex);
  const placeOf = new WeakMap<FoundFile, number>();
  const passed = new Map<number, SameSize>();
  let at = 0;
  const isOwnPath = (path: string): boolean => isInShard(`path:${path}`, shard);
  return {
    isOwnPath,
    async takeOwn(files) {
      const own: FoundFile[] = [];
      for (const file of files) {
        at += 1;
        const named = nameCamera(context, file);
        const cameraId = 'failure' in named ? undefined : await idOf(named, file.root);
        const isOwn = cameraId === undefined ? isOwnPath(file.path) : isInShard(`camera:${cameraId}`, shard);
        if (isOwn) own.push(file);
        else passBy(passed, file, { cameraId, at });
        if (isOwn) placeOf.set(file, at);
      }
      return own;
    },
    async findTwin({ file, identity }) {
      const sameSize = passed.get(identity.sizeBytes);
      if (sameSize === undefined) return undefined;
      const before = placeOf.get(file) ?? 0;
      for (const other of await findAlike(sameSize, file)) {
        if (other.at < before && (await sha256Of(other)) === identity.sha256) return { path: other.path, camera_id: other.cameraId };
      }
      return undefined;
    },
  };
}

/** What has no camera does not come into the ledger. */
function passBy(
  passed: Map<number, SameSize>,
  { path, root, sizeBytes }: FoundFile,
  { cameraId, at }: { cameraId: string | undefined; at: number },
): void {
  if (cameraId === undefined) return;
  const known = passed.get(sizeBytes);
  const other = { path, root, cameraId, at };
  if (known === undefined) passed.set(sizeBytes, { unread: [other], byGlimpse: new Map() });
  else known.unread.push(other);
}

/** Those that look the same at a glimpse, in the order of the listing. Each is looked at once: some recorders make all files of one size. */
async function findAlike({ unread, byGlimpse }: SameSize, file: FoundFile): Promise<readonly Passed[]> {
  for (const other of unread.splice(0)) {
    const seen = await glimpseOf(other, file.sizeBytes);
    if (seen !== undefined) byGlimpse.set(seen, [...(byGlimpse.get(seen) ?? []), other]);
  }
  return byGlimpse.get((await glimpseOf(file, file.sizeBytes)) ?? '') ?? [];
}

function glimpseOf(file: MediaLocation, sizeBytes: number): Promise<string | undefined> {
  return readable(() => withMedia(file, (handle) => glimpse(handle, sizeBytes)));
}

async function sha256Of(file: MediaLocation): Promise<string | undefined> {
  return (await readable(() => withMedia(file, (handle) => fingerprint(handle))))?.sha256;
}

/** What cannot be read is nobody's twin. */
async function readable<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
