import { expect, test } from 'vitest';
import { errorText } from '../../../src/cli/print-error.ts';
import { EXIT, mostTellingExitCode } from '../../../src/errors/exit-codes.ts';
import { LockedError, SchemaError, TemporaryError, UnavailableError, UsageError } from '../../../src/errors/hs-error.ts';
import { InterruptedError } from '../../../src/errors/interrupted-error.ts';
import { toErrorReport } from '../../../src/errors/to-error-report.ts';

const withCode = (code: string): Error => Object.assign(new Error('it failed'), { code });

test.each([
  [new UsageError('x'), 'usage', 2],
  [new TemporaryError('db_down', 'x'), 'db_down', 5],
  [new UnavailableError('no_ffmpeg', 'x'), 'no_ffmpeg', 6],
  [new SchemaError('schema_behind', 'x'), 'schema_behind', 10],
  [new LockedError('x'), 'locked', 11],
  [new InterruptedError('SIGINT'), 'interrupted', 130],
  [new InterruptedError('SIGTERM'), 'interrupted', 143],
  [withCode('ENOSPC'), 'disk_full', 5],
  [withCode('EFBIG'), 'file_too_large', 5],
  [withCode('EIO'), 'disk_error', 5],
  [withCode('ECONNREFUSED'), 'unreachable', 5],
  [withCode('57P01'), 'database_unavailable', 5],
  [withCode('08006'), 'database_unavailable', 5],
  [withCode('EACCES'), 'no_permission', 2],
  [withCode('23505'), 'bug', 1],
  [new TypeError('x is not a function'), 'bug', 1],
  ['thrown text', 'bug', 1],
  [undefined, 'bug', 1],
])('%s is reported as %s with exit code %i (§11)', (error, code, exitCode) => {
  expect(toErrorReport(error)).toMatchObject({ code, exitCode });
});

test("a parser error shows its message only, not the parser's state", () => {
  const error = Object.assign(new Error('Nonexistent flag: --x\nSee more help with --help'), {
    oclif: { exit: 2 },
    parse: { input: { flags: { db: { default: 'postgres://u:k4n4ry@h/d' } } } },
  });
  const text = errorText(error, { json: true, verbose: true, secrets: [] });
  expect(JSON.parse(text)).toEqual({
    type: 'error',
    code: 'usage',
    message: 'Nonexistent flag: --x',
    hint: expect.any(String),
    exit_code: 2,
  });
  expect(text).not.toContain('k4n4ry');
});

test('people get one line and a hint; the trace of a bug only with --verbose', () => {
  const bug = new Error('broke at postgres://u:k4n4ry@h/d\x1b[2J');
  const plain = errorText(bug, { json: false, verbose: false, secrets: [] });
  expect(plain.split('\n')).toEqual(['error: broke at postgres://***@h/d\\x1b[2J', expect.stringContaining('hint: this is a bug'), '']);
  const verbose = errorText(bug, { json: false, verbose: true, secrets: [] });
  expect(verbose).toContain('to-error-report.test.ts');
  expect(verbose).not.toContain('k4n4ry');
});

test('of several codes the most telling wins (§11)', () => {
  expect(mostTellingExitCode([])).toBe(EXIT.ok);
  expect(mostTellingExitCode([0, 4, 7, 3])).toBe(3);
  expect(mostTellingExitCode([3, 8, 5, 1])).toBe(1);
  expect(mostTellingExitCode([1, 6, 11, 10, 2])).toBe(2);
  expect(mostTellingExitCode([2, 143, 130])).toBe(130);
});
