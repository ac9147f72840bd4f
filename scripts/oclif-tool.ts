import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs oclif's own tool, so that what it writes depends neither on this terminal nor on the network. */
export function runOclif(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('node_modules', 'oclif', 'bin', 'run.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '120', NO_COLOR: '1', OCLIF_SKIP_NEW_VERSION_CHECK: 'true' },
  });
  if (status !== 0) throw new Error(`oclif ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
