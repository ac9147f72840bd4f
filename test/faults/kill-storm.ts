// node --import tsx test/faults/kill-storm.ts --kills 60 --seed 1
// Needs Linux and a built program. Exits with 1 when anything is not as it must be.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeMixedFootage } from './mixed-footage.ts';
import { killsOf, runStorm } from './storm.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, keep: { type: 'boolean', default: false } },
});
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'hs-storm-'));
await chmod(folder, 0o755); // as root the server runs as another account and must get through
const [footage, homes] = [join(folder, 'footage'), join(folder, 'homes')];
await mkdir(homes);
await makeMixedFootage(footage);
const startedMs = Date.now();
const result = await runStorm({ footage, homes, kills: Number(values.kills), seed: Number(values.seed), log: print });
print(
  `${String(killsOf(result))} kills (${JSON.stringify(result.kills)}) in ${String(result.runs)} runs and ${String(result.rounds)} rounds, ${String(Math.round((Date.now() - startedMs) / 1000))} s, exit codes ${JSON.stringify(result.codes)}`,
);
for (const violation of result.violations) print(`VIOLATION ${violation}`);
if (values.keep) print(`kept: ${folder}`);
else await rm(folder, { recursive: true, force: true });
process.exitCode = result.violations.length === 0 ? 0 : 1;
