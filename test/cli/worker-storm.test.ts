import { expect, test } from 'vitest';
import { runWorkerStorm } from '../faults/run-worker-storm.ts';

// Processes are frozen and found as Linux does it.
test.skipIf(process.platform !== 'linux')(
  'workers that are killed, and lose their database and their queue, leave what an undisturbed ingest leaves; poison costs its own segment',
  async () => {
    const faults = { kill: 4, freeze: 0, crash: 1, drop: 1 };
    const { counts, violations } = await runWorkerStorm({
      segments: 20,
      seconds: 4,
      workers: 2,
      poison: 1,
      seed: 3,
      everyMs: 700,
      faults,
      log: () => undefined,
    });
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ 'workers killed': 4, 'queues dropped': 1, 'segments completed': 19, 'segments failed': 1 });
  },
  300_000,
);
