import { dirname } from 'node:path';

import type { Size } from '../../domain/box.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { UnavailableError } from '../../errors/hs-error.ts';
import { WorkerError } from '../../inference/worker-error.ts';
import { DECODING_BYTES } from '../../inference/worker-limits.ts';
import { createWorkerPool, type WorkerPool } from '../../inference/worker-pool.ts';
import { onceMade } from '../../lib/once-made.ts';
import type { PictureCut } from '../../media/cut-picture.ts';
import { holdLocal } from '../../media/hold-local.ts';
import { isFailureCode, MediaError } from '../../media/media-error.ts';
import type { MediaLocation } from '../../media/open-media.ts';
import type { StillTask } from './still-worker.ts';

/** Decoding gives up after 30 s by itself; a disk may have to wake up first. */
const SILENCE_MS = 120_000;
/** Between two pictures of a command less time passes. */
const IDLE_MS = 10_000;

/** One process for all that this one reads, started when the first still is read; it ends with this one or when nothing more comes. */
const decoder = onceMade((): WorkerPool<StillTask, Size> =>
  createWorkerPool({
    entry: new URL(import.meta.url.endsWith('.ts') ? './still-worker.ts' : './still-worker.js', import.meta.url),
    size: 1,
    init: undefined,
    taskTimeoutMs: SILENCE_MS,
    idleMs: IDLE_MS,
    limits: { memoryBytes: DECODING_BYTES, isSealed: true },
  }),
);

/**
 * A still as displayed, in full size where no less is wanted. What somebody else wrote is never decoded in the process that holds the database: another one does it, with
 * limits, and one that it dies of costs that picture. Throws MediaError: the codes of opening, `decode_failed`, `dimensions`, `timeout`;
 * UnavailableError where no such process can be started.
 */
export async function readStill(file: MediaLocation, cut: PictureCut = {}): Promise<RgbPicture> {
  const { path, release } = await holdLocal(file.path);
  try {
    return await decode({ file: path === file.path ? file : { path, root: dirname(path) }, cut });
  } catch (error) {
    throw toStillError(error);
  } finally {
    await release();
  }
}

async function decode(task: StillTask): Promise<RgbPicture> {
  const portions: Uint8Array[] = [];
  const { width, height } = await decoder().run(task, { onProgress: (portion) => portions.push(portion as Uint8Array) });
  const data = Buffer.concat(portions);
  if (data.length !== width * height * 3) throw new MediaError('decode_failed', 'its decoder did not tell all of the picture');
  return { width, height, data };
}

function toStillError(error: unknown): unknown {
  if (!(error instanceof WorkerError)) return error;
  const [said = ''] = error.message.split('\n', 1);
  if (isFailureCode(error.code)) return new MediaError(error.code, said, { cause: error });
  if (error.code === 'worker_crashed') return new MediaError('decode_failed', `cannot be decoded: ${said}`, { cause: error });
  if (error.code !== 'worker_unavailable') return error;
  return new UnavailableError('decoder_unavailable', `stills cannot be decoded: ${said}`, { hint: 'run hs doctor', cause: error });
}
