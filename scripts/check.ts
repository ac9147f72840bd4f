import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs every check one after the other, goes on after a failure, and ends with `N passed, N failed`:
 * the tests' own counts plus one for each other check.
 */
const CHECKS = ['typecheck', 'lint', 'format:check', 'layers', 'unused', 'docs:check', 'package:check', 'test:package'];

type Counts = { passed: number; failed: number; skipped: number };
type TestReport = { numPassedTests: number; numFailedTests: number; numPendingTests: number };

function npm(args: readonly string[]): boolean {
  const started = Date.now();
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: npm ${args.slice(0, 2).join(' ')} (${seconds} s)\n`);
  return status === 0;
}

function runTests(): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'hs-check-'));
  const report = join(folder, 'tests.json');
  const isGood = npm(['test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  const counts = readCounts(report);
  rmSync(folder, { recursive: true });
  // A run that failed without a failed test broke before or after the tests: that counts as one failure.
  return isGood || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function readCounts(path: string): Counts {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as TestReport;
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

const results = CHECKS.map((check) => ({ check, isGood: npm(['run', check]) }));
const tests = runTests();
const failedChecks = results.filter(({ isGood }) => !isGood).map(({ check }) => check);
const passed = tests.passed + results.length - failedChecks.length;
const failed = tests.failed + failedChecks.length;
if (failedChecks.length > 0) console.log(`failed checks: ${failedChecks.join(', ')}`);
const skipped = tests.skipped > 0 ? `, ${String(tests.skipped)} skipped` : '';
console.log(`${String(passed)} passed, ${String(failed)} failed${skipped}`);
process.exitCode = failed === 0 ? 0 : 1;
