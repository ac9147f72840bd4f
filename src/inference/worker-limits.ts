import { statSync } from 'node:fs';

import type { SystemLimits } from '../lib/under-limits.ts';
import type { InstalledModel } from './model-store.ts';

export type WorkerLimits = {
  /** Of its own: who holds more is ended, and with it the task it was at. None where nothing hostile is read. */
  memoryBytes?: number;
  /** It decodes and does nothing else: the system itself lets it have no more than twice that memory, and write no file. */
  isSealed?: boolean;
};

/** What a decoder of videos may have, too. A still of 100 megapixels took 0.7 GB, pictures of cameras take 0.2 GB. */
export const DECODING_BYTES = 1536 * 1024 * 1024;
/** Weights are held as they were read, as the runtime keeps them and as it rearranged them, and what a large model works on grows with it. */
const PER_WEIGHT = 8;

/** What a worker may hold that decodes and has these models loaded. */
export function memoryWith(models: readonly InstalledModel[]): number {
  return models.reduce((sum, { path }) => sum + PER_WEIGHT * sizeOf(path), DECODING_BYTES);
}

/** Opening tells better what is wrong with the file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

const DESCRIPTORS = { sealed: 256, other: 1024 };

/**
 * Limits of the system on a worker. Address space is not one of them: V8 reserves 32 GB. Nor is CPU time, as a worker lives as long as
 * its run; silence ends it. Drivers of GPUs reserve memory and keep caches in files, so that only workers without a model are held to that.
 */
export function systemLimits({ memoryBytes, isSealed = false }: WorkerLimits): SystemLimits {
  if (!isSealed) return { nofile: DESCRIPTORS.other };
  return { ...(memoryBytes === undefined ? {} : { data: 2 * memoryBytes }), nofile: DESCRIPTORS.sealed, fsize: 0 };
}
