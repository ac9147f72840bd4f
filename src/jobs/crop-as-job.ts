import type { ExitCode } from '../errors/exit-codes.ts';
import { checkCropOrder, cropDetections, type CropOptions, type DetectionCrop } from '../services/detections/crop-detections.ts';
import { makeAsJob, type MakeAsJobOptions, type MakingHooks } from './make-as-job.ts';
import type { RunAsJobOptions } from './run-as-job.ts';

export type CropAsJobOptions = Pick<MakeAsJobOptions<DetectionCrop>, 'show' | 'onFailure' | 'onProgress'> & {
  job: Omit<RunAsJobOptions, 'jobType'>;
  order: Omit<CropOptions, keyof MakingHooks>;
};

/** Cuts detections out of their footage with the records of a job around it. */
export async function cropAsJob({ job, order, ...options }: CropAsJobOptions): Promise<ExitCode> {
  const { knex } = job.database;
  await checkCropOrder(knex, order);
  return makeAsJob({
    ...options,
    job: { ...job, jobType: 'crops' },
    make: (hooks) => cropDetections(knex, { ...order, ...hooks }),
    kindOf: () => 'written',
  });
}
