import type { Device, Provider } from '../../inference/devices.ts';
import type { InstalledModel } from '../../inference/model-store.ts';

/** One real inference in a process of its own, as a broken driver may take the process with it. */
export type ProbeTask = { model: InstalledModel; device: Device };

/** `loadMs` includes the check of the sha256; `inferenceMs` is the best of three after one that warms up. */
export type ProbeResult = { device: Provider; loadMs: number; inferenceMs: number };
