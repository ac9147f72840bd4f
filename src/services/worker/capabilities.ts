import { isJobQueue, JOB_QUEUES, type JobQueue } from '../../domain/job-queues.ts';
import { UnavailableError, UsageError } from '../../errors/hs-error.ts';
import { isDevice } from '../../inference/devices.ts';
import { chooseModel, openModelStore } from '../../inference/model-store.ts';
import { openProbes } from '../doctor/check-models.ts';
import { MOTION_DETECTOR } from '../ingest/choose-analysis.ts';
import { findTools } from '../ingest/find-tools.ts';
import type { IngestSettings } from '../ingest/ingest-options.ts';

/** For people. */
export const QUEUE_NAMES = JOB_QUEUES.join(', ');

/** What this machine can do, found out by doing it once; `remarks` say what it cannot, or how well it can. */
export type Capabilities = { queues: JobQueue[]; remarks: string[] };

/** Throws what the device says that was asked for and does not work. */
export async function probeCapabilities(settings: IngestSettings): Promise<Capabilities> {
  const remarks: string[] = [];
  const warn = (message: string): void => {
    remarks.push(message);
  };
  await findTools({ settings, warn });
  const detecting = await probeDetecting(settings, warn);
  return { queues: JOB_QUEUES.filter((queue) => !queue.startsWith('detect') || detecting.includes(queue)), remarks };
}

/** A GPU does the work of the CPU as well, when there is none of its own. */
async function probeDetecting({ home, detector }: IngestSettings, remark: (message: string) => void): Promise<JobQueue[]> {
  const { device } = detector;
  if (!isDevice(device)) throw new UsageError(`${JSON.stringify(device)} is no device`);
  const model = detector.model === MOTION_DETECTOR ? undefined : await chooseModel(openModelStore(home), detector.model);
  if (model === undefined) {
    remark('no detector model is used: segments are looked at by the built-in motion detector');
    return ['detect'];
  }
  const pool = openProbes();
  try {
    const probed = await pool.run({ model, device });
    remark(`${model.card.id}: ${probed.inferenceMs.toFixed(1)} ms a picture on ${probed.device}`);
    return probed.device === 'cpu' ? ['detect'] : ['detect-gpu', 'detect'];
  } finally {
    await pool.close();
  }
}

/** The queues that were asked for, in that order, or all that can be served. Throws UsageError for a name that is none, UnavailableError for one that cannot be served. */
export function chooseQueues(wanted: string | undefined, able: Capabilities): JobQueue[] {
  if (wanted === undefined) return able.queues;
  const names = [...new Set(wanted.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) throw new UsageError(`--queues names none of ${QUEUE_NAMES}`);
  return names.map((name) => {
    if (!isJobQueue(name)) throw new UsageError(`--queues: ${JSON.stringify(name)} is none of ${QUEUE_NAMES}`);
    if (able.queues.includes(name)) return name;
    throw new UnavailableError('queue_unserved', `this machine cannot serve ${name}: no GPU works here with the chosen model`, {
      hint: 'see hs doctor, or leave it out of --queues',
    });
  });
}
