import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawClip } from '../faults/draw-footage.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { makeStill } from '../helpers/footage.ts';
import { HS_BIN } from '../helpers/run-hs.ts';

const LIMIT_MS = 300_000;
const canTrace = process.platform === 'linux' && spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
if (!canTrace) process.stderr.write('skipped: strace is not here or may not trace; how decoders are started is not looked at\n');

type Start = { pid: string; program: string; args: string[]; variables: number; command: string };

let sandbox: IngestSandbox;
const starts: Start[] = [];
const sessions = new Set<string>();

/** Runs hs and notes every program that it and its children start. */
async function traced(...command: string[]): Promise<void> {
  const out = join(sandbox.folder, 'trace.txt');
  const { PATH, TMPDIR } = process.env;
  const env = { PATH, TMPDIR, HS_HOME: join(sandbox.folder, 'home'), HS_DATABASE_URL: sandbox.db.url };
  const flags = ['-f', '-q', '-s', '100000', '--seccomp-bpf', '-e', 'trace=execve,setsid', '-o', out];
  const child = spawn('strace', [...flags, process.execPath, HS_BIN, ...command], {
    cwd: sandbox.folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  expect(code, `hs ${command.join(' ')}: ${said}`).toBe(0);
  for (const line of readFileSync(out, 'utf8').split('\n')) {
    const pid = /^\d+/.exec(line)?.[0] ?? '';
    if (/\bsetsid\(\)/.test(line)) sessions.add(pid);
    if (!/\bexecve\(/.test(line) || !/= 0$|unfinished/.test(line)) continue;
    const [program = '', , ...args] = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
    starts.push({
      pid,
      program: basename(program),
      args,
      variables: Number(/(\d+) vars/.exec(line)?.[1]),
      command: command.slice(0, 2).join(' '),
    });
  }
}

/** Asking a program what it is decodes nothing. */
const isQuestion = ({ args }: Start): boolean => args.includes('-version') || (args.includes('-h') && args.includes('long'));
const decoders = (): Start[] => starts.filter((start) => /^ff(mpeg|probe)$/.test(start.program) && !isQuestion(start));
const limitsOf = ({ pid }: Start): string => starts.find((start) => start.program === 'prlimit' && start.pid === pid)?.args.join(' ') ?? '';
const textOf = ({ command, program, args }: Start): string => `hs ${command}: ${program} ${args.join(' ')}`;
const without = (found: readonly Start[], holds: (start: Start) => boolean): string[] => found.filter((start) => !holds(start)).map(textOf);

describe.runIf(canTrace)('every decoder that any command starts', () => {
  beforeAll(async () => {
    sandbox = await createIngestSandbox();
    const figures = [{ x: '5+5*T', y: '40', width: 16, height: 40 }];
    for (const minute of ['15', '16']) {
      const clip = await drawClip({ name: 'clip.mp4', figures, seconds: 4, fromS: minute === '15' ? 0 : 4 });
      await place(join(sandbox.footage, `gate/20260114_08${minute}00.mp4`), clip);
    }
    mkdirSync(join(sandbox.footage, 'yard'));
    writeFileSync(join(sandbox.footage, 'yard/20260114_081700.jpg'), await makeStill());
    mkdirSync(join(sandbox.folder, 'crops'));
    await traced('ingest', sandbox.footage, '--detector', 'motion');
    const event = String((await sandbox.db.knex('events').first<{ id: number }>('id')).id);
    const detection = String((await sandbox.db.knex('detections').first<{ id: number }>('id')).id);
    await traced('events', 'clip', event);
    for (const mode of ['copy', 'encode']) await traced('events', 'clip', event, '--mode', mode, '--out', `${mode}.mp4`);
    await traced('events', 'clip', event, '--boxes', '--out', 'boxes.mp4');
    await traced('events', 'sheet', event, '--out', 'sheet.jpg');
    await traced('detections', 'crop', detection, '--out', 'crops');
    await traced('zones', 'draw', 'gate', '--out', 'zones.jpg');
    await traced('zones', 'draw', 'yard', '--out', 'yard.jpg');
    await traced('evidence', 'create', '--event', event, '--out', 'case.zip');
  }, LIMIT_MS);

  afterAll(() => sandbox.dispose());

  test('is there: of ingest, clips, sheets, crops, zones and evidence', () => {
    const commands = new Set(decoders().map(({ command }) => command.split(' ')[0]));
    expect([...commands].sort()).toEqual(['detections', 'events', 'evidence', 'ingest', 'zones']);
    process.stderr.write(`${String(decoders().length)} decoders started\n`);
  });

  test('has limits on memory, CPU time, descriptors and written bytes, and leaves no core', () => {
    const isLimited = (start: Start): boolean => /^--as=\d+ --cpu=\d+ --nofile=\d+ --fsize=\d+ --core=0 -- /.test(limitsOf(start));
    expect(without(decoders(), isLimited)).toEqual([]);
    const writes = decoders().filter((start) => !limitsOf(start).includes('--fsize=0 '));
    // Only what makes a clip may write at all.
    expect([...new Set(writes.map(({ command }) => command.split(' ')[0]))].sort()).toEqual(['events']);
  });

  test('and every worker process has limits on descriptors and leaves no core', () => {
    const workers = starts.filter(({ program, args }) => program === 'node' && args.some((arg) => arg.endsWith('-worker.js')));
    expect(new Set(workers.map(({ args }) => basename(args.find((arg) => arg.endsWith('-worker.js')) ?? '')))).toEqual(
      new Set(['analyse-worker.js', 'still-worker.js']),
    );
    expect(without(workers, (start) => /--nofile=\d+ .*--core=0 -- /.test(limitsOf(start)))).toEqual([]);
    const stills = workers.filter(({ args }) => args.some((arg) => arg.endsWith('still-worker.js')));
    expect(without(stills, (start) => /--data=\d+ --nofile=\d+ --fsize=0 --core=0 /.test(limitsOf(start)))).toEqual([]);
  });

  test('is a process group of its own with next to no environment', () => {
    expect(without(decoders(), ({ pid }) => sessions.has(pid))).toEqual([]);
    expect(without(decoders(), ({ variables }) => variables <= 6)).toEqual([]);
  });

  test('may use files and pipes only, and opens footage by its descriptor and as a container that holds its own bytes', () => {
    expect(without(decoders(), ({ args }) => /^file(,pipe)?$/.test(args[args.indexOf('-protocol_whitelist') + 1] ?? ''))).toEqual([]);
    const inputs = (start: Start): string[] => start.args.flatMap((arg, index) => (arg === '-i' ? [start.args[index + 1] ?? ''] : []));
    const isOwn = (input: string): boolean => input.startsWith(`file:${sandbox.folder}/`) && !input.startsWith(`file:${sandbox.footage}`);
    const isChecked = (start: Start): boolean =>
      inputs(start).length > 0 &&
      inputs(start).every((input) => isOwn(input) || (input === 'file:/proc/self/fd/3' && start.args.includes('-format_whitelist')));
    expect(without(decoders(), isChecked)).toEqual([]);
    expect(
      without(
        decoders().filter(({ program }) => program === 'ffmpeg'),
        ({ args }) => args.includes('-nostdin'),
      ),
    ).toEqual([]);
  });
});
