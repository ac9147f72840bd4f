import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

const CANARY = 'k4n4ry-S3cret';
/** Nobody listens on port 1. */
const UNREACHABLE = `postgres://hs:${CANARY}@127.0.0.1:1/hs`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-errors-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function hs(args: string[], env: Record<string, string> = {}): Promise<HsResult> {
  return runHs(args, { env: { HS_DATABASE_URL: UNREACHABLE, ...env }, cwd: folder });
}

/** §11: stdout holds only data, errors go to stderr, a parse error is 2. */
const CASES: [args: string[], code: number, errorCode: string, text: string][] = [
  [['jobs', 'list', '--frobnicate'], 2, 'usage', '--frobnicate'],
  [['jobs', 'list', '--limit', 'many'], 2, 'usage', 'Expected an integer'],
  [['jobs', 'list', '--limit', '-1'], 2, 'usage', 'greater than or equal to 0'],
  [['jobs', 'list', '--sort', 'nothing'], 2, 'usage', 'is not a sort order'],
  [['jobs', 'list', '--csv', '--ids'], 2, 'usage', 'cannot also be provided'],
  [['jobs', 'show'], 2, 'usage', 'Missing 1 required arg'],
  [['jobs', 'lst'], 2, 'unknown_command', 'is not a command'],
  [['jobs', 'list', '--config', '/nonexistent.yaml'], 2, 'config_unreadable', 'does not exist'],
  [['jobs', 'list', '--db', 'mysql://u:k4n4ry-S3cret@h/d'], 2, 'config_value', 'is not a postgres://'],
  [['jobs', 'list'], 5, 'database_unreachable', 'cannot be reached'],
];

test.each(CASES)('%j ends with %i and one line', async (args, code, _, text) => {
  const result = await hs(args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(text);
  expect(result.stderr).toMatch(/^error: [^\n]+\n {2}hint: [^\n]+\n$/);
});

test.each(CASES)('%j with --json prints one error object on stderr', async (args, code, errorCode, text) => {
  const result = await hs([...args, '--json'].filter((arg) => arg !== '--ids'));
  expect(result.stdout).toBe('');
  const error = JSON.parse(result.stderr) as { message: string };
  expect(error).toMatchObject({ type: 'error', code: errorCode, exit_code: code, hint: expect.any(String) });
  expect(error.message).toContain(text);
  expect(Object.keys(error).sort()).toEqual(['code', 'exit_code', 'hint', 'message', 'type']);
});

test('a password in flag, variable or file is never printed by a command that fails', async () => {
  const ways: [string[], Record<string, string>][] = [
    [['--db', UNREACHABLE], {}],
    [[`--db=${UNREACHABLE}`], {}],
    [['--db', `postgres://hs:${CANARY}@nonexistent.invalid/hs?sslmode=verify-full`], {}],
    [['--db', `postgres://hs:${CANARY}/with/slash@127.0.0.1:1/hs`], {}],
    [['--db', `postgres://127.0.0.1:1/hs?user=hs&password=${CANARY}`], {}],
    [['--db', `not a url ${CANARY}`], {}],
    [[], { HS_DATABASE_URL: UNREACHABLE }],
    [[], { DATABASE_URL: UNREACHABLE, HS_DATABASE_URL: '' }],
    [['--frobnicate'], { HS_DB: UNREACHABLE }],
    [['--limit', 'x'], { HS_DB: UNREACHABLE }],
  ];
  for (const [extra, env] of ways) {
    const modes = [[], ['--json', '--verbose']];
    const results = await Promise.all(modes.map((mode) => hs(['jobs', 'list', ...extra, ...mode], env)));
    for (const { code, stdout, stderr } of results) {
      expect(code, extra.join(' ')).not.toBe(0);
      expect(stdout + stderr).not.toContain(CANARY);
    }
  }
}, 120_000);

test('an argument that is missing is not taken from standard input', async () => {
  const result = await runHs(['jobs', 'show'], { env: { HS_DATABASE_URL: UNREACHABLE }, input: 'some-id\n' });
  expect(result).toMatchObject({ code: 2 });
  expect(result.stderr).toContain('Missing 1 required arg');
});

test('an unknown command names the nearest one', async () => {
  expect((await hs(['jbos', 'list'])).stderr).toBe('error: jbos list is not a command of hs\n  hint: did you mean hs jobs list?\n');
});
