// node --import tsx test/faults/million-files.ts --files 1000000 --distinct 200000
// Needs Linux, a built program and some 6 GB of disk. Prints what it measured; exits with 1 when a bar is missed.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runHs } from '../helpers/run-hs.ts';
import { makeManyFiles, SHAPES, type Shape } from './many-files.ts';
import { measureIngest, type Measured } from './measure-ingest.ts';
import { print } from './with-storm-database.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    distinct: { type: 'string', default: '200000' },
    shapes: { type: 'string', default: SHAPES.join(',') },
    /** A run that is not over by then is stopped; what it needed until then counts. */
    'limit-s': { type: 'string', default: '120' },
    folder: { type: 'string', default: tmpdir() },
  },
});

const BARS = { peakMb: 300, firstS: 5, stopS: 2 };
const violations: string[] = [];
const root = await mkdtemp(join(values.folder, 'hs-million-'));
await chmod(root, 0o755); // as root the server runs as another account and must get through

try {
  for (const shape of values.shapes.split(',') as Shape[]) await measureShape(shape);
} finally {
  await rm(root, { recursive: true, force: true });
}
for (const violation of violations) print(`VIOLATION ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;

async function measureShape(shape: Shape): Promise<void> {
  const footage = join(root, shape);
  const count = Number(shape === 'distinct' ? values.distinct : values.files);
  await makeManyFiles(shape, footage, count);
  const env = { HS_HOME: join(root, `home-${shape}`), TMPDIR: root };
  await mkdir(env.HS_HOME);
  await runHs(['db', 'start', '--keep'], { env });
  try {
    const limitMs = Number(values['limit-s']) * 1000;
    const ingest = ['ingest', footage, '--settle', '0'];
    judge(`${shape}, dry run`, await measureIngest([...ingest, '--dry-run'], { env, stopAfterMs: limitMs }));
    for (const stopAfterMs of [700, 3_000, 15_000]) {
      judge(`${shape}, stopped after ${String(stopAfterMs / 1000)} s`, await measureIngest(ingest, { env, stopAfterMs }));
    }
    judge(`${shape}, going on`, await measureIngest(ingest, { env, stopAfterMs: limitMs }));
  } finally {
    await runHs(['db', 'stop'], { env });
    await rm(footage, { recursive: true, force: true });
  }
}

function judge(what: string, measured: Measured): void {
  const { peakBytes, firstMs, stopMs, code, found, rows, wallMs } = measured;
  const peakMb = Math.round(peakBytes / 1e6);
  const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`);
  print(
    `${what}: peak ${String(peakMb)} MB, first result ${seconds(firstMs)}, ${String(found)} found, ${String(rows)} rows, after ${seconds(wallMs)} ended with ${String(code)}, ${seconds(stopMs)} after Ctrl-C`,
  );
  if (peakMb > BARS.peakMb) violations.push(`${what}: ${String(peakMb)} MB`);
  if (firstMs === undefined ? wallMs > BARS.firstS * 1000 : firstMs > BARS.firstS * 1000)
    violations.push(`${what}: first result ${seconds(firstMs)}`);
  if ((stopMs ?? 0) > BARS.stopS * 1000) violations.push(`${what}: ends ${seconds(stopMs)} after Ctrl-C`);
  if (![0, 3, 130].includes(code ?? -1)) violations.push(`${what}: ended with ${String(code)}: ${measured.stderr}`);
}
