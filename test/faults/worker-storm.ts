// node --import tsx test/faults/worker-storm.ts --segments 1000 --kills 50 --freezes 20 --crashes 20 --drops 3 --poison 5
// Needs Linux and a built program. Prints what it counted; exits with 1 when anything is not as it must be.
import { parseArgs } from 'node:util';
import { print } from './with-storm-database.ts';
import { runWorkerStorm } from './run-worker-storm.ts';

const { values } = parseArgs({
  options: {
    segments: { type: 'string', default: '120' },
    seconds: { type: 'string', default: '4' },
    workers: { type: 'string', default: '4' },
    kills: { type: 'string', default: '10' },
    freezes: { type: 'string', default: '3' },
    crashes: { type: 'string', default: '3' },
    drops: { type: 'string', default: '1' },
    poison: { type: 'string', default: '2' },
    every: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
  },
});

const { every, seed, segments, seconds, workers, poison, ...faults } = values;
const { counts, violations } = await runWorkerStorm({
  segments: Number(segments),
  seconds: Number(seconds),
  workers: Number(workers),
  poison: Number(poison),
  seed: Number(seed),
  everyMs: Number(every),
  faults: { kill: Number(faults.kills), freeze: Number(faults.freezes), crash: Number(faults.crashes), drop: Number(faults.drops) },
  log: print,
});
for (const [what, count] of Object.entries(counts)) print(`${String(count).padStart(6)}  ${what}`);
for (const violation of violations) print(`VIOLATION ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
