import type { Knex } from 'knex';

import { EXIT } from '../errors/exit-codes.ts';
import { mapConcurrently } from '../lib/map-concurrently.ts';
import { findBaselineCameras, type BaselineCamera } from '../services/baselines/baseline-camera.ts';
import { resolveCameraAsOf } from '../services/baselines/camera-as-of.ts';
import { rebuildCamera, type BaselineResult } from '../services/baselines/rebuild-camera.ts';
import { updateCamera } from '../services/baselines/update-camera.ts';
import { verifyCamera, type Verification } from '../services/baselines/verify-camera.ts';
import type { ZoneSettings } from '../services/cameras/camera-zone.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

/** One computes while the database works for the others. */
const CAMERAS_AT_ONCE = 3;

export type ComputeBaselinesOptions = {
  job: Omit<RunAsJobOptions, 'jobType'>;
  /** Ids or names, `*` and `?` allowed; none means all. */
  cameras: readonly string[] | undefined;
  zones: ZoneSettings;
  how: { kind: 'update' } | { kind: 'rebuild'; asOf: string | undefined };
  onProgress?: (percent: number, cameraId: string) => void;
};

/** Computes cameras, each in a transaction of its own, with the records of a job around it. */
export async function computeBaselines(options: ComputeBaselinesOptions): Promise<BaselineResult[]> {
  const { job, how, zones, onProgress } = options;
  const cameras = await findBaselineCameras(job.database.knex, zones, options.cameras);
  const compute = async (trx: Knex.Transaction, camera: BaselineCamera): Promise<BaselineResult> =>
    how.kind === 'update' ? updateCamera(trx, camera) : rebuildCamera(trx, camera, await resolveCameraAsOf(trx, camera, how.asOf));
  const { result } = await runAsJob({ ...job, jobType: 'baselines' }, async ({ signal, progress }) => {
    const results: BaselineResult[] = [];
    const inTransaction = (camera: BaselineCamera): Promise<BaselineResult> => job.database.knex.transaction((trx) => compute(trx, camera));
    for await (const result of mapConcurrently(cameras, inTransaction, { concurrency: CAMERAS_AT_ONCE, signal })) {
      results.push(result);
      const percent = Math.floor((100 * results.length) / cameras.length);
      progress(percent, result.camera_id);
      onProgress?.(percent, result.camera_id);
    }
    signal.throwIfAborted();
    return { result: results, exitCode: EXIT.ok, summary: { cameras: results.length } };
  });
  return result;
}

/** Says of camera after camera whether what is stored equals a rebuild; changes nothing. */
export async function verifyBaselines(
  knex: Knex,
  { cameras, zones, signal }: Pick<ComputeBaselinesOptions, 'cameras' | 'zones'> & { signal: AbortSignal },
): Promise<Verification[]> {
  const found: Verification[] = [];
  for (const camera of await findBaselineCameras(knex, zones, cameras)) {
    signal.throwIfAborted();
    found.push(await verifyCamera(knex, camera));
  }
  return found;
}
