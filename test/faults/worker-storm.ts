// node --import tsx test/faults/worker-storm.ts --segments 1000 --kills 50 --freezes 20 --crashes 20 --drops 3 --poison 5
// With --machines 2 --cuts 5 two homes and a network that fails; with --model FILE.onnx --clip FILE.mp4 a network on real pictures.
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
    /** Homes of workers, each with a network of its own to the database; 0: all in one. */
    machines: { type: 'string', default: '0' },
    cuts: { type: 'string', default: '0' },
    model: { type: 'string' },
    clip: { type: 'string' },
    every: { type: 'string', default: '900' },
    seed: { type: 'string', default: '1' },
  },
});

const { every, seed, segments, seconds, workers, poison, machines, model, clip, ...faults } = values;
const { counts, violations } = await runWorkerStorm({
  segments: Number(segments),
  seconds: Number(seconds),
  workers: Number(workers),
  poison: Number(poison),
  seed: Number(seed),
  everyMs: Number(every),
  faults: {
    kill: Number(faults.kills),
    freeze: Number(faults.freezes),
    crash: Number(faults.crashes),
    drop: Number(faults.drops),
    cut: Number(faults.cuts),
  },
  machines: Number(machines),
  model,
  clip,
  log: print,
});
for (const [what, count] of Object.entries(counts)) print(`${String(count).padStart(6)}  ${what}`);
for (const violation of violations) print(`VIOLATION ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
