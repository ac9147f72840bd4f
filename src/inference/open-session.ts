import type * as Onnxruntime from 'onnxruntime-node';
import { UnavailableError } from '../errors/hs-error.ts';
import { deviceHint, isDevice, providersToTry } from './devices.ts';
import type { Device, Provider } from './devices.ts';
import { expectedOutputsOf } from './families/families.ts';
import { readVerifiedModel } from './read-verified-model.ts';
import type { InstalledModel } from './model-store.ts';
import { checkSession } from './check-session.ts';

/** A loaded model. `provider` is the one that really serves it; `skipped` says why `auto` passed over better ones. */
export type OpenSession = { session: Onnxruntime.InferenceSession; provider: Provider; skipped: string[] };

type Runtime = typeof Onnxruntime;

/**
 * Loads the weights after checking their sha256, on the device that was asked for or, for `auto`, the first that works.
 * Throws UnavailableError when the device does not serve the model: another one is never taken in its place.
 */
export async function openSession(model: InstalledModel, device: Device): Promise<OpenSession> {
  if (!isDevice(device))
    throw new UnavailableError('device_unknown', `device "${String(device)}" is not known`, { hint: 'use auto, cpu, cuda, webgpu, …' });
  const weights = await readVerifiedModel(model);
  const runtime = await loadRuntime();
  const skipped: string[] = [];
  let failure: unknown;
  for (const provider of providersToTry(device, supportedProviders(runtime))) {
    try {
      const session = await createSession(runtime, weights, provider);
      await checkOrRelease(session, model);
      return { session, provider, skipped };
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      failure = error;
      skipped.push(`${provider}: ${firstLine(error)}`);
    }
  }
  throw notServed(model, device, failure);
}

/** Imported on first use: the native library costs start-up time that most commands need not pay. */
async function loadRuntime(): Promise<Runtime> {
  try {
    const runtime = await import('onnxruntime-node');
    // Failures of a provider are thrown as well; the native log would print them a second time, in red.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (error) {
    const hint =
      'reinstall with `npm ci`; supported are glibc Linux, macOS on arm64, and Windows. Without it the motion detector still works';
    throw new UnavailableError('runtime_unavailable', `onnxruntime-node cannot be loaded: ${firstLine(error)}`, { hint, cause: error });
  }
}

function supportedProviders(runtime: Runtime): string[] {
  return runtime.listSupportedBackends().map((backend) => backend.name);
}

/** Providers of this machine's runtime build, whether or not their libraries and drivers are there. */
export async function listProviders(): Promise<string[]> {
  return supportedProviders(await loadRuntime());
}

const FATAL = 4;

function createSession(runtime: Runtime, weights: Uint8Array, provider: Provider): Promise<Onnxruntime.InferenceSession> {
  return runtime.InferenceSession.create(weights, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: FATAL,
    // Spinning threads doubled the CPU cost on a busy machine. The typings say "WebAssembly only"; the Node binding honours it.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

async function checkOrRelease(session: Onnxruntime.InferenceSession, model: InstalledModel): Promise<void> {
  const { card } = model;
  try {
    checkSession(session, card, expectedOutputsOf(card));
  } catch (error) {
    await session.release();
    throw error;
  }
}

function notServed(model: InstalledModel, device: Device, failure: unknown): UnavailableError {
  const said = firstLine(failure);
  if (device === 'auto' || device === 'cpu') {
    const hint = `is it an ONNX model in one file? \`hs models verify ${model.card.id}\` checks the copy, \`hs models install\` puts a fresh one in place`;
    return new UnavailableError('model_unusable', `model ${model.card.id} cannot be loaded: ${said}`, { hint, cause: failure });
  }
  const message = `device "${device}" was asked for but does not serve model ${model.card.id}: ${said}`;
  return new UnavailableError('device_unavailable', message, { hint: `${device} ${deviceHint(device)}`, cause: failure });
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 300);
}
