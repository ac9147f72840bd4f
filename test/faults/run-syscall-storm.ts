import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/database.ts';
import { countCalls, findTouched, runFailing, type Ended, type Fault } from './traced-run.ts';
import type { Material, Writer } from './writers.ts';

export type SyscallStormOptions = {
  database: Database;
  material: Material;
  writers: readonly Writer[];
  faults: readonly Fault[];
  /** Names of those that fail; undefined: all. */
  calls?: readonly string[];
  /** Of one kind of call, so many are tried, spread over all. */
  callsOfAKind: number;
  log: (line: string) => void;
};

export type SyscallStormResult = { counts: Record<string, number>; violations: string[] };

type Storm = SyscallStormOptions & SyscallStormResult;
type Target = {
  writer: Writer;
  path: string;
  folder: string;
  program: Parameters<typeof findTouched>[0];
  paths: string[];
  whole: string | undefined;
};

const BUG = 'this is a bug in hs';
const UNDER_WAY: string[] = ['pending', 'queued', 'running', 'processing'];

/** Fails each call that a writer makes on its files, one at a time: the old content is there or the new, and who asked was told. */
export async function runSyscallStorm(options: SyscallStormOptions): Promise<SyscallStormResult> {
  const storm: Storm = { ...options, counts: {}, violations: [] };
  for (const writer of options.writers) {
    const [before, startedMs] = [storm.violations.length, Date.now()];
    const injected = await disturbWriter(storm, writer);
    options.log(
      `${writer.name}: ${String(injected)} injections, ${String(storm.violations.length - before)} violations, ${String(Math.round((Date.now() - startedMs) / 1000))} s`,
    );
  }
  return storm;
}

async function disturbWriter(storm: Storm, writer: Writer): Promise<number> {
  const { material } = storm;
  const folder = join(material.folder, 'out', writer.name.replaceAll(' ', '-'));
  await mkdir(folder, { recursive: true });
  const path = join(folder, writer.file);
  const env = { ...material.env, ...writer.env?.(folder) };
  const program = { args: writer.args(material, path), env, cwd: material.folder };
  const target: Target = { writer, path, folder, program, paths: [], whole: undefined };
  await putOldBack(target);
  const { paths, ...first } = await findTouched(program, folder);
  target.whole = await readWhole(storm, target);
  if (!isClean(target, first) || target.whole === undefined || target.whole === writer.old)
    throw new Error(`${writer.name}: an undisturbed run ended with ${String(first.code)}: ${first.stderr}`);
  target.paths = paths;
  await putOldBack(target);
  const { counts } = await countCalls(program, paths);
  let injected = 0;
  for (const [name, number] of counts) {
    storm.counts[`${writer.name}: ${name}`] = number;
    if (storm.calls?.includes(name) === false) continue;
    for (const nth of spread(number, storm.callsOfAKind))
      for (const fault of storm.faults) injected += await disturb(storm, target, { name, nth, fault });
  }
  injected += await fillDisk(storm, target);
  await expectCalmAfter(storm, target);
  return injected;
}

/** Whole numbers from 1 to `last`, no more than `most` of them. */
function spread(last: number, most: number): number[] {
  const step = Math.max(1, (last - 1) / Math.max(1, most - 1));
  return [...new Set(Array.from({ length: Math.min(last, most) }, (_, index) => Math.min(last, Math.round(1 + index * step))))];
}

async function putOldBack({ folder, path, writer }: Target): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  if (writer.old !== undefined) await writeFile(path, writer.old, { mode: 0o600 });
}

type Injection = { name: string; nth: number; fault: Fault };

async function disturb(storm: Storm, target: Target, { name, nth, fault }: Injection): Promise<number> {
  await putOldBack(target);
  const { writer, program, paths } = target;
  const what = `${writer.name}, ${fault} at ${name} ${String(nth)}`;
  const ended = await runFailing(program, { paths, call: { name, nth }, fault });
  if (!ended.wasInjected) return 0;
  await judge(storm, target, { what, ended, fault });
  if (fault === 'SIGKILL') await expectSweptByNext(storm, target, what);
  return 1;
}

/** No room from the first byte on, and for good. */
async function fillDisk(storm: Storm, target: Target): Promise<number> {
  await putOldBack(target);
  const { writer, program, paths } = target;
  const ended = await runFailing(program, { paths, call: { name: 'write', nth: 1 }, fault: 'ENOSPC', lasting: true });
  if (!ended.wasInjected) return 0;
  const what = `${writer.name}, no room at all`;
  await judge(storm, target, { what, ended, fault: 'ENOSPC' });
  if ((await readContent(storm, target)) !== 'old') storm.violations.push(`${what}: the old content is gone`);
  return 1;
}

async function judge(storm: Storm, target: Target, { what, ended, fault }: { what: string; ended: Ended; fault: Fault }): Promise<void> {
  const { violations } = storm;
  const content = await readContent(storm, target);
  const wasKilled = fault === 'SIGKILL';
  // Node itself gives up where a file cannot be closed that it has read; no program can help that.
  if (ended.stderr.includes('uv_fs_close')) return;
  count(storm, `${wasKilled ? 'killed' : `code ${String(ended.code)}`} by ${fault}, ${content} content`);
  if (content === 'torn') violations.push(`${what}: neither the old content nor the new, code ${String(ended.code)}`);
  if (wasKilled) return;
  const isDone = isClean(target, ended);
  if (isDone && content !== 'new') violations.push(`${what}: ended with ${String(ended.code)}, and the old content is there`);
  if (!isDone) violations.push(...complaints(ended).map((complaint) => `${what}: ${complaint}`));
  violations.push(...(await leftBehind(target)).map((name) => `${what}: ${name} is left behind`));
  violations.push(...(await underWay(storm)).map((row) => `${what}: ${row}`));
}

function isClean({ writer }: Target, { code }: Ended): boolean {
  return code !== null && writer.codes.includes(code);
}

function complaints({ code, stderr }: Ended): string[] {
  const said = stderr.trim();
  const lines = said.split('\n').filter((line) => line.startsWith('error: '));
  return [
    ...(code === 5 || code === 2 ? [] : [`ended with ${String(code)}`]),
    ...(lines.length === 1 && !said.includes(BUG) ? [] : [`said ${said}`]),
  ];
}

async function readContent(storm: Storm, target: Target): Promise<'old' | 'new' | 'torn'> {
  const { writer, path, whole } = target;
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return writer.old === undefined ? 'old' : 'torn';
  if (writer.old !== undefined && (await readFile(path, 'utf8')) === writer.old) return 'old';
  const found = await readWhole(storm, target);
  return found === whole ? 'new' : 'torn';
}

function readWhole({ material }: Storm, { writer, path, program }: Target): Promise<string | undefined> {
  return writer.read(path, { ...material, env: program.env });
}

/** Half a file, a folder to work in. The lock of a killed change of settings counts for nothing after ten seconds and goes with the next change. */
async function leftBehind({ folder }: Target): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => basename(name).startsWith('.') || /\.(tmp|part)$/.test(name));
}

async function expectSweptByNext(storm: Storm, target: Target, what: string): Promise<void> {
  if ((await leftBehind(target)).length === 0) return;
  // What is never replaced has to go first; a lock counts for nothing when it is old.
  if (target.writer.old === undefined) await rm(target.path, { force: true });
  await sleep(target.writer.lockMs ?? 0);
  await findTouched(target.program, target.folder);
  for (const name of await leftBehind(target)) storm.violations.push(`${what}: the next run leaves ${name} behind`);
}

/** What a run that has ended calls unfinished, and what failed without a reason. */
async function underWay({ database: { knex } }: Storm): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { what: string }[] }>(
    `SELECT 'export ' || id || ' is ' || status AS what FROM export_jobs WHERE status = ANY(?) OR (status = 'failed' AND error_message IS NULL)
      UNION ALL SELECT job_type || ' ' || id || ' is ' || status FROM jobs WHERE status = ANY(?) OR (status = 'failed' AND error_message IS NULL)`,
    [UNDER_WAY, UNDER_WAY],
  );
  return rows.map(({ what }) => what);
}

async function expectCalmAfter(storm: Storm, target: Target): Promise<void> {
  await putOldBack(target);
  const ended = await findTouched(target.program, target.folder);
  const content = await readContent(storm, target);
  if (!isClean(target, ended) || content !== 'new')
    storm.violations.push(`${target.writer.name}: the run after all faults leaves ${content} content: ${ended.stderr}`);
  storm.violations.push(...(await underWay(storm)).map((row) => `${target.writer.name}, after all: ${row}`));
}

function count({ counts }: SyscallStormResult, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
