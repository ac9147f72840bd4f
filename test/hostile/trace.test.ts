import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIngestSandbox, type IngestReport, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { HS_BIN } from '../helpers/run-hs.ts';
import { makeHostileTree, type HostileTree } from './hostile-tree.ts';

const LIMIT_MS = 600_000;
const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Absent, or not allowed to trace, as in some containers. */
const canTrace = process.platform === 'linux' && spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
if (!canTrace) process.stderr.write('skipped: strace is not here or may not trace; what is opened and called is not looked at\n');

/** What belongs to the program and the system: its own files, libraries, devices. No footage and nobody's data is there. */
const SYSTEM = ['/usr/', '/lib/', '/lib64/', '/etc/', '/dev/', '/sys/', '/proc/', '/opt/'];
const WRITES = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/;

type Trace = { opened: string[]; written: string[]; called: string[]; sockets: string[] };

let sandbox: IngestSandbox;
let tree: HostileTree;
let listener: Server;
let trace: Trace;
let report: IngestReport;

const home = (): string => join(sandbox.folder, 'home');

/** Runs `hs ingest` so that every file that it and all that it starts open, and every call to somebody, is written down. */
async function traced(out: string): Promise<IngestReport> {
  const { PATH, TMPDIR } = process.env;
  const env = { PATH, TMPDIR, HOME: home(), HS_HOME: home(), HS_DATABASE_URL: sandbox.db.url };
  const calls = 'trace=open,openat,openat2,connect,socket';
  const hs = [
    process.execPath,
    HS_BIN,
    'ingest',
    tree.root,
    '--detector',
    'motion',
    '--workers',
    '2',
    '--json',
    '--failed-list',
    join(home(), 'failed.txt'),
  ];
  const child = spawn('strace', ['-f', '-y', '-q', '--seccomp-bpf', '-e', calls, '-o', out, ...hs], { cwd: '/', env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end();
  const code = await new Promise<number | null>((done) => child.on('close', done));
  if (stdout === '') throw new Error(`the traced ingest ended with ${String(code)} and said: ${stderr}`);
  return JSON.parse(stdout) as IngestReport;
}

/** With `-y` strace says which file a descriptor is, whatever link or folder it was opened through. */
function readTrace(path: string): Trace {
  const found = { opened: new Set<string>(), written: new Set<string>(), called: new Set<string>(), sockets: new Set<string>() };
  const flagsOf = new Map<string, string>();
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const pid = /^\d+/.exec(line)?.[0] ?? '';
    if (line.includes('<unfinished ...>')) flagsOf.set(pid, line);
    if (/\bconnect\(/.test(line)) found.called.add(line.replace(/^\d+ +connect\(\d+[^{]*/, '').replace(/\}.*/, '}'));
    if (/\bsocket\(/.test(line)) found.sockets.add(/AF_\w+/.exec(line)?.[0] ?? line);
    const file = /\bopen(?:at2?)?\b.* = \d+<(.*)>$/.exec(line)?.[1];
    if (file === undefined) continue;
    found.opened.add(file);
    if (WRITES.test(line.includes('resumed>') ? (flagsOf.get(pid) ?? '') : line)) found.written.add(file);
  }
  return { opened: [...found.opened], written: [...found.written], called: [...found.called], sockets: [...found.sockets] };
}

describe.runIf(canTrace)('an ingest of hostile footage, seen from below', () => {
  beforeAll(async () => {
    sandbox = await createIngestSandbox();
    listener = createServer((_, response) => response.end('x'));
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    tree = await makeHostileTree(sandbox.folder, `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}`);
    mkdirSync(home());
    const out = join(sandbox.folder, 'trace.txt');
    report = await traced(out);
    trace = readTrace(out);
    const { opened, written, called } = trace;
    process.stderr.write(`opened ${String(opened.length)} files, ${String(written.length)} to write; called ${called.join(' ')}\n`);
  }, LIMIT_MS);

  afterAll(async () => {
    listener.close();
    await sandbox.dispose();
  });

  const below = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

  test('looked at the footage: it was read, and much of it refused', () => {
    expect(trace.opened.filter((path) => below(path, realpathSync(tree.root))).length).toBeGreaterThan(200);
    expect(report.problems.length).toBeGreaterThan(100);
  });

  test('no file is opened but footage, the home of hs, the program and the system', () => {
    const allowed = [tree.root, home()].map((path) => realpathSync(path));
    const program = ['bin', 'dist', 'models', 'node_modules', 'package.json', 'oclif.manifest.json'].map((name) => join(REPOSITORY, name));
    const strange = trace.opened.filter(
      (path) => ![...allowed, ...program].some((folder) => below(path, folder)) && !SYSTEM.some((start) => path.startsWith(start)),
    );
    expect(strange).toEqual([]);
  });

  test('nothing is opened to be written but below the home of hs, and /dev/null', () => {
    const strange = trace.written.filter((path) => !below(path, realpathSync(home())) && !/^\/dev\/(null|tty)$|^\/proc\/self\//.test(path));
    expect(strange).toEqual([]);
    // The list of what failed, under its name of the moment: what is written is seen.
    expect(trace.written.some((path) => path.includes('failed.txt'))).toBe(true);
  });

  test('nobody is called but the database', () => {
    const socket = /[?&]host=([^&]*)/.exec(sandbox.db.url)?.[1];
    const isDatabase = (call: string): boolean =>
      socket === undefined ? call.includes('AF_INET') : call.includes(`sun_path="${decodeURIComponent(socket)}/`);
    const isUserList = (call: string): boolean => call.includes('/nscd/socket');
    expect(trace.called.filter((call) => !isDatabase(call) && !isUserList(call))).toEqual([]);
    expect(trace.called.some(isDatabase)).toBe(true);
    if (socket !== undefined) expect(trace.sockets.filter((kind) => kind.startsWith('AF_INET'))).toEqual([]);
  });
});
