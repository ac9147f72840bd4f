import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { TestProject } from 'vitest/node';

import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { shutDown } from '../../src/db/embedded/presence.ts';
import { readServerState } from '../../src/db/embedded/server-state.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- vitest is extended by merging
  interface ProvidedContext {
    databaseHome: string;
  }
}

const PREFIX = 'hs-test-';
const HOME = 'home';

/**
 * Gives the run a home for its database server, which starts only when a test asks for a database. It lies in a folder in which all
 * temporary files of the run are: what a test leaves behind goes with it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const folder = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${String(process.pid)}-`));
  const home = path.join(folder, HOME);
  mkdirSync(home);
  // As root the server runs as another account and must get through.
  for (const one of [folder, home]) chmodSync(one, 0o755);
  process.env['TMPDIR'] = folder;
  project.provide('databaseHome', home);
  return () => remove(folder);
}

/** Servers and folders of test runs that were killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid)) await remove(path.join(os.tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function remove(folder: string): Promise<void> {
  const layout = layOutStore(path.join(folder, HOME));
  // a lock file alone proves nothing: by now its pid may belong to somebody else
  if ((await readServerState(layout)) !== 'down') await shutDown(layout);
  // Servers of tests that were just left may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
}
