import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawClip } from '../faults/draw-footage.ts';
import { place } from '../faults/mixed-footage.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { HS_BIN, runHs, type HsResult } from '../helpers/run-hs.ts';

const CANARY = 'k4n4ry-S3cret';
const UNREACHABLE = `postgres://hs:${CANARY}@127.0.0.1:1/hs`;
const LONG_MS = 180_000;

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'hs-secrets-'));
/** The server of the tests trusts whoever comes, so that it takes this password. */
let url: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const given = new URL(db.url.replace('///', '//localhost/'));
  url = given.searchParams.has('host') ? `${db.url}&password=${CANARY}` : db.url.replace('//', `//hs:${CANARY}@`);
  const figures = [{ x: '5+5*T', y: '40', width: 16, height: 40 }];
  const clip = await drawClip({ name: 'clip.mp4', figures, seconds: 4 });
  for (const minute of [15, 16, 17, 18]) await place(join(folder, `footage/gate/20260114_08${String(minute)}00.mp4`), clip);
});

afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true, force: true });
});

const hs = (args: readonly string[], env: Record<string, string> = {}): Promise<HsResult> =>
  runHs(args, { env: { HS_HOME: join(folder, 'home'), ...env }, cwd: folder });

/** One of each way to work with a database. */
const COMMANDS: readonly string[][] = [
  ['events', 'list'],
  ['db', 'status'],
  ['db', 'migrate'],
  ['doctor'],
  ['check'],
  ['ingest', '.', '--detector', 'motion'],
  ['analyze'],
  ['backup', 'create', '--out', 'b.zip'],
  ['export', 'events', '--out', '-'],
  ['report', 'daily', '--date', '2026-01-14'],
  ['audit', 'verify'],
  ['prune'],
  ['config', 'show'],
];

describe('a password that does not work', () => {
  test.each(COMMANDS)(
    'is not told: hs %s %s',
    async (...command) => {
      const words = command.filter((word) => typeof word === 'string');
      const ways: [string[], Record<string, string>][] = [
        [['--verbose'], { HS_DATABASE_URL: UNREACHABLE }],
        [['--json'], { DATABASE_URL: UNREACHABLE.replace('@127.0.0.1:1', '@nonexistent.invalid') }],
        [['--verbose', '--db', `postgres://hs:${CANARY}%2F@[::bad/hs`], {}],
      ];
      for (const [extra, env] of ways) {
        const { stdout, stderr } = await hs([...words, ...extra], env);
        expect(stdout + stderr).not.toBe('');
        expect(stdout + stderr).not.toContain(CANARY);
      }
    },
    LONG_MS,
  );

  test('is not told of a configuration file that is wrong around it', async () => {
    for (const text of [`database: {url: "${UNREACHABLE}"`, `database:\n  url: ${CANARY}://x\n`, `databse:\n  url: ${UNREACHABLE}\n`]) {
      writeFileSync(join(folder, 'bad.yaml'), text);
      for (const command of [['events', 'list'], ['config', 'validate', 'bad.yaml'], ['doctor']]) {
        const { stdout, stderr } = await hs([...command, '--config', 'bad.yaml', '--verbose']);
        expect(stdout + stderr).not.toContain(CANARY);
      }
    }
  });
});

describe('a crash', () => {
  /** Loaded before hs: the driver throws what holds the URL in its text, its fields and its cause, and no promise is there to catch it. */
  const CRASH = `import { createRequire } from 'node:module';
    const pg = createRequire(${JSON.stringify(HS_BIN)})('pg');
    pg.Client.prototype.connect = function () {
      setTimeout(() => {
        const cause = Object.assign(new TypeError('Invalid URL'), { input: process.env.HS_DATABASE_URL });
        throw Object.assign(new Error('no way to ' + process.env.HS_DATABASE_URL, { cause }), { client: this, password: '${CANARY}' });
      }, 0);
      return new Promise(() => undefined);
    };`;

  test.each([[[]], [['--verbose']], [['--json']]])('says that it is a bug and no more, with %j', async (flags) => {
    writeFileSync(join(folder, 'crash.mjs'), CRASH);
    const env = { HS_DATABASE_URL: UNREACHABLE, NODE_OPTIONS: `--import=${join(folder, 'crash.mjs')}` };
    const { code, stdout, stderr } = await hs(['events', 'list', ...flags], env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no way to postgres://***@127.0.0.1:1/hs');
    expect(stderr).toContain('this is a bug in hs');
    expect(stderr).not.toContain(CANARY);
  });

  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const leavesOut = major > 23 || (major === 23 && minor >= 3) || (major === 22 && minor >= 13);

  test.runIf(leavesOut)('leaves a report, where Node is told to write one, without the variables', async () => {
    const [path, reports] = [join(folder, 'report.mjs'), join(folder, 'reports')];
    mkdirSync(reports);
    const connect = '() => { process.report.writeReport(); process.exit(3); }';
    writeFileSync(
      path,
      `import { createRequire } from 'node:module';
       createRequire(${JSON.stringify(HS_BIN)})('pg').Client.prototype.connect = ${connect};`,
    );
    const env = { HS_DATABASE_URL: UNREACHABLE, NODE_OPTIONS: `--import=${path} --report-directory=${reports}` };
    expect(await hs(['events', 'list'], env)).toMatchObject({ code: 3 });
    const [name = ''] = readdirSync(reports);
    const report = readFileSync(join(reports, name), 'utf8');
    expect(report).toContain('"javascriptStack"');
    expect(report).not.toContain(CANARY);
  });
});

describe.runIf(process.platform === 'linux')('a password that works', () => {
  let output = '';
  const seen = { processes: new Set<string>(), told: [] as string[] };

  /** What every process of this machine was started with, and the environment of those that hs started to decode. */
  function look(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (command.includes(CANARY)) seen.told.push(`command line: ${command}`);
        const program = /ffmpeg|ffprobe|analyse-worker/.exec(command)?.[0];
        // The shell is asked where programs are, and needs the PATH of the user.
        if (program === undefined || command.startsWith('/bin/sh')) continue;
        seen.processes.add(program);
        if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(CANARY)) seen.told.push(`environment: ${command}`);
      } catch {
        // It has ended.
      }
    }
  }

  beforeAll(async () => {
    const env = { HS_HOME: join(folder, 'home'), HS_DATABASE_URL: url, HS_LOG_LEVEL: 'debug', AWS_SECRET_ACCESS_KEY: CANARY };
    const timer = setInterval(look, 5);
    for (const args of [
      ['ingest', join(folder, 'footage'), '--detector', 'motion', '--verbose'],
      ['backup', 'create', '--out', 'backup.zip', '--verbose'],
      ['export', 'events', '--out', 'events.csv', '--verbose'],
      ['ingest', join(folder, 'nowhere'), '--verbose'],
    ]) {
      const { stdout, stderr } = await runHs(args, { env, cwd: folder });
      output += stdout + stderr;
    }
    clearInterval(timer);
  }, LONG_MS);

  test('is in no output, no command line and not in the environment of what decodes', () => {
    expect(output).toContain('gate');
    expect(output).not.toContain(CANARY);
    expect([...seen.processes].sort()).toEqual(['analyse-worker', 'ffmpeg', 'ffprobe']);
    expect([...new Set(seen.told)]).toEqual([]);
  });

  test('is in no row of the database, and in no file that was made', async () => {
    const tables = await db.knex('pg_tables').where('schemaname', 'public').pluck<string[]>('tablename');
    let rows = 0;
    for (const table of tables) {
      for (const { text } of await db.knex(`${table} as t`).select<{ text: string }[]>(db.knex.raw('t::text AS text'))) {
        rows += 1;
        expect(text, table).not.toContain(CANARY);
      }
    }
    expect(rows).toBeGreaterThan(50);
    expect(await db.knex('logs').count()).not.toEqual([{ count: 0 }]);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const { parentPath, name } of files.filter((entry) => !/\.(mjs|yaml)$/.test(entry.name)))
      expect(readFileSync(join(parentPath, name)).includes(CANARY), name).toBe(false);
  });
});
