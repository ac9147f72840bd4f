import { createWorkerPool } from '../../../src/inference/worker-pool.ts';

// A parent that is killed in the middle: prints the worker's pid once the worker holds a task that never ends.
const [pidFile = ''] = process.argv.slice(2);
const pool = createWorkerPool({ entry: new URL('fixture-worker.ts', import.meta.url), size: 1, init: {}, taskTimeoutMs: 60_000 });
await pool.run({ do: 'child', pidFile });
