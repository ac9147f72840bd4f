import { UnavailableError } from '../../errors/hs-error.ts';
import { isDevice, type Device } from '../../inference/devices.ts';
import { listModels, openModelStore, type InstalledModel } from '../../inference/model-store.ts';
import { listProviders } from '../../inference/open-session.ts';
import { createWorkerPool, type WorkerPool } from '../../inference/worker-pool.ts';
import { failed, ok, warn, type DoctorLine } from './doctor-line.ts';
import type { ProbeResult, ProbeTask } from './probe-task.ts';

const SILENCE_MS = 120_000;
const GPU_HINT = 'the CPU does the work; for a GPU see `hs models list` and the runtime’s GPU libraries';

type CheckModelsOptions = { home: string; /** As set: detector.device. */ device: string };

/** Every installed model with its sha256 and a real inference, then every provider of this build with the preferred model. */
export async function* checkModels({ home, device }: CheckModelsOptions): AsyncIterable<DoctorLine> {
  const listed = (await listModels(openModelStore(home))).filter((model) => model.installed !== undefined);
  if (listed.length === 0) {
    yield warn(
      'model',
      'no model is installed: the built-in motion detector does the work',
      'see `hs models list`, then `hs models install NAME`',
    );
    yield* untriedProviders();
    return;
  }
  const pool = openProbes();
  try {
    for (const { card, installed, problem } of listed) {
      if (installed && problem === undefined) yield await probeModel(pool, installed, isDevice(device) ? device : 'auto');
      else
        yield failed(
          'model',
          new UnavailableError('model_unusable', `${card.id} ${problem ?? ''}`, { hint: `hs models install ${card.id}` }),
        );
    }
    const preferred = listed.find(
      ({ card, installed, problem }) => card.task === 'detection' && installed && problem === undefined,
    )?.installed;
    if (preferred) yield* probeProviders(pool, preferred);
  } finally {
    await pool.close();
  }
}

type Probes = WorkerPool<ProbeTask, ProbeResult>;

/** Tries models with one real inference, in a process of its own. */
export function openProbes(): Probes {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './probe-worker.ts' : './probe-worker.js', import.meta.url);
  return createWorkerPool({ entry, size: 1, init: undefined, taskTimeoutMs: SILENCE_MS });
}

async function probeModel(pool: Probes, model: InstalledModel, device: Device): Promise<DoctorLine> {
  const { id } = model.card;
  try {
    const result = await pool.run({ model, device });
    return ok('model', `${id}: sha256 is right, ${describe(result)}`);
  } catch (error) {
    return failed('model', unavailable(error));
  }
}

async function* probeProviders(pool: Probes, model: InstalledModel): AsyncIterable<DoctorLine> {
  const served: string[] = [];
  for (const provider of (await listProviders()).filter(isDevice)) {
    try {
      const result = await pool.run({ model, device: provider });
      served.push(provider);
      yield ok('device', `${provider}: ${describe(result)} with ${model.card.id}`);
    } catch (error) {
      if (provider === 'cpu') yield failed('device', unavailable(error));
      else
        yield warn(
          'device',
          `${provider} does not work: ${reasonOf(error)}`,
          'only needed when this device is asked for; --device auto passes it over',
        );
    }
  }
  const gpus = served.filter((provider) => provider !== 'cpu');
  if (gpus.length > 0) yield ok('gpu', `works through ${gpus.join(', ')}`);
  else yield warn('gpu', 'no GPU serves inference', GPU_HINT);
}

async function* untriedProviders(): AsyncIterable<DoctorLine> {
  try {
    const names = (await listProviders()).join(', ');
    yield warn(
      'device',
      `this build knows ${names}; none was tried, as that takes a model`,
      '`hs models install NAME`, then `hs doctor` again',
    );
  } catch (error) {
    yield warn('device', unavailable(error).message, 'without the runtime only the built-in motion detector works');
  }
  yield warn('gpu', 'not tried, as that takes a model', '`hs models install NAME`, then `hs doctor` again');
}

function describe({ device, inferenceMs, loadMs }: ProbeResult): string {
  return `${inferenceMs.toFixed(inferenceMs < 10 ? 1 : 0)} ms a picture on ${device} (loaded in ${loadMs.toFixed(0)} ms)`;
}

const REASON_LENGTH = 160;

/** The runtime's own words, without what the line says already. */
function reasonOf(error: unknown): string {
  const said = unavailable(error).message.replace(/^device "\w+" was asked for but does not serve model \S+: /, '');
  return said.length > REASON_LENGTH ? `${said.slice(0, REASON_LENGTH)}…` : said;
}

/** A crash or a hang of the probe is a dependency that does not work, not a bug of ours. */
function unavailable(error: unknown): Error {
  if (error instanceof UnavailableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new UnavailableError('inference_failed', message, { hint: '`hs models verify` checks the files; try another --device' });
}
