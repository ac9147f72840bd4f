import { createWorkerPool } from '../../../src/inference/worker-pool.ts';

// A parent that is killed in the middle: its worker writes its pid once it holds a task that never ends. Without a file for that: one that has
// nothing more to do, and does not wait for its idle worker.
const [pidFile] = process.argv.slice(2);
const entry = new URL('fixture-worker.ts', import.meta.url);
const pool = createWorkerPool({ entry, size: 1, init: {}, taskTimeoutMs: 60_000, ...(pidFile === undefined ? { idleMs: 60_000 } : {}) });
await pool.run(pidFile === undefined ? { do: 'echo', value: 1 } : { do: 'child', pidFile });
