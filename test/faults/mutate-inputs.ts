// node --import tsx test/faults/mutate-inputs.ts --inputs 5000 --workers 2 --seed 1
// Inputs with random changes, read by what reads footage and documents, in processes of their own. Exits with 1 when one of them is not
// read or refused: an error that is none of ours, a rejection that nobody handled, a process that died or hung.
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FfmpegTools } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { makeStill, makeVideo, testFfmpeg } from '../helpers/footage.ts';
import { putTogether } from '../helpers/forge-backup.ts';
import { echoCardJson } from '../unit/inference/tiny-models.ts';
import { echoModel } from '../unit/inference/tiny-onnx.ts';
import type { MutatedKind, MutateOutcome, MutateTask } from './mutate-worker.ts';
import { print } from './with-storm-database.ts';

/** More than the longest limit of a decoder. */
const HANG_MS = 90_000;
/** The round in which the worker changes nothing. */
const UNCHANGED = -1;

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({ options: { inputs: number('5000'), workers: number('2'), seed: number('1') } });

const MEGADETECTOR = {
  info: { detector: 'md_v5a.0.0.pt', format_version: '1.4' },
  detection_categories: { '1': 'animal', '2': 'person' },
  images: [
    { file: 'gate/a.jpg', detections: [{ category: '2', conf: 0.9, bbox: [0.1, 0.2, 0.3, 0.4] }] },
    { file: 'b.jpg', failure: 'x' },
  ],
};
const COCO = {
  images: [{ id: 1, file_name: 'a.jpg', width: 64, height: 48 }],
  categories: [{ id: 1, name: 'person' }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, score: 0.5, bbox: [1, 2, 3, 4] }],
};

/** A good one of each kind. Nothing reads CSV: hs only writes it. */
async function makeSources(folder: string): Promise<MutatedKind[]> {
  const at = (kind: MutatedKind): string => join(folder, kind);
  await writeFile(at('a.jpg'), await makeStill());
  await writeFile(at('a.png'), await makeStill({ format: 'png' }));
  await copyFile(await makeVideo({ seconds: 1, size: '64x48' }), at('a.mp4'));
  await writeFile(at('megadetector.json'), JSON.stringify(MEGADETECTOR));
  await writeFile(at('coco.json'), JSON.stringify(COCO));
  await writeFile(at('card.json'), JSON.stringify(echoCardJson(echoModel(), { id: 'mine' })));
  const rows = Buffer.from('{"id":"gate","name":"Gate"}\n{"id":"yard","name":"Yard"}\n');
  const cameras = { file: 'tables/cameras.ndjson', count: 2, bytes: rows.length, sha256: sha256(rows), columns: ['id', 'name'] };
  const head = { format: 'hs-backup', version: 1, created_at: '2026-01-14T08:15:00Z', app_version: '0.1.0', schema_version: 'x' } as const;
  await putTogether(at('backup.zip'), { manifest: { ...head, tables: { cameras } }, files: new Map([[cameras.file, rows]]) });
  return ['a.jpg', 'a.png', 'a.mp4', 'megadetector.json', 'coco.json', 'card.json', 'backup.zip'];
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

type Tally = { counts: Record<string, number>; violations: string[]; processes: number };
type Storm = { folder: string; kinds: MutatedKind[]; tools: FfmpegTools; next: () => number | undefined; tally: Tally };

/** One process after the other for each worker, a new one only where the last one was lost, which is a violation. */
async function runWorker(storm: Storm, worker: number): Promise<void> {
  let child: ChildProcess | undefined;
  for (let round = storm.next(); round !== undefined; round = storm.next()) {
    child ??= startReader(storm.tally);
    const kind = storm.kinds[round % storm.kinds.length]!;
    const place = join(storm.folder, `${String(worker)}-${kind}`);
    const outcome = await ask(child, { kind, source: join(storm.folder, kind), place, round, tools: storm.tools });
    note(storm.tally, kind, outcome);
    if (outcome.outcome === 'lost') child = undefined;
  }
  child?.kill();
}

function startReader(tally: Tally): ChildProcess {
  tally.processes += 1;
  const execArgv = ['--import', import.meta.resolve('tsx')];
  return fork(join(import.meta.dirname, 'mutate-worker.ts'), { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** Without a change each input is read: what is refused later is refused for its changes. */
async function readUnchanged({ folder, kinds, tools, tally }: Storm): Promise<void> {
  const child = startReader(tally);
  for (const kind of kinds) {
    const { outcome } = await ask(child, { kind, source: join(folder, kind), place: join(folder, `0-${kind}`), round: UNCHANGED, tools });
    if (outcome !== 'read') tally.violations.push(`${kind} is ${outcome} without a change`);
  }
  child.kill();
}

type Answer = Pick<MutateOutcome, 'message'> & { outcome: MutateOutcome['outcome'] | 'lost' };

function ask(child: ChildProcess, task: MutateTask): Promise<Answer> {
  return new Promise((done) => {
    let said = '';
    const listen = (text: Buffer): void => {
      said = `${said}${String(text)}`.slice(-1000);
    };
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      child.removeAllListeners('message').removeAllListeners('exit');
      child.stderr?.off('data', listen);
      done({ ...answer, message: answer.message === '' ? '' : `round ${String(task.round)}: ${answer.message}` });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end({ outcome: 'lost', message: `hung for ${String(HANG_MS / 1000)} s` });
    }, HANG_MS);
    child.stderr?.on('data', listen);
    child.on('message', (outcome: MutateOutcome) => {
      end(outcome);
    });
    child.on('exit', (code, signal) => {
      end({ outcome: 'lost', message: `died with ${String(code ?? signal)}: ${said}` });
    });
    child.send(task);
  });
}

function note({ counts, violations }: Tally, kind: string, { outcome, message }: Answer): void {
  const key = `${kind} ${outcome}`;
  counts[key] = (counts[key] ?? 0) + 1;
  if (outcome === 'bug' || outcome === 'lost') violations.push(`${key}, ${message}`);
}

const folder = await mkdtemp(join(tmpdir(), 'hs-mutate-'));
try {
  const [inputs, workers, seed] = [Number(values.inputs), Number(values.workers), Number(values.seed)];
  const tally: Tally = { counts: {}, violations: [], processes: 0 };
  let given = 0;
  const next = (): number | undefined => (given < inputs ? seed * 1_000_000 + given++ : undefined);
  const storm: Storm = { folder, kinds: await makeSources(folder), tools: await testFfmpeg(), next, tally };
  await readUnchanged(storm);
  await Promise.all(Array.from({ length: workers }, (_, worker) => runWorker(storm, worker)));
  for (const [what, count] of Object.entries(tally.counts).sort()) print(`${String(count).padStart(6)}  ${what}`);
  print(
    `${String(given).padStart(6)}  mutated inputs, read by ${String(tally.processes)} processes for ${String(workers)} workers and one that read them unchanged`,
  );
  for (const violation of tally.violations) print(`VIOLATION ${violation}`);
  if (tally.violations.length > 0 || given !== inputs) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
