import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

/** Gives the run a home for its database server, which starts only when a test asks for a database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const home = mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${String(process.pid)}-`));
  chmodSync(home, 0o755); // as root the server runs as another account and must get through
  project.provide('databaseHome', home);
  return () => remove(home);
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

async function remove(home: string): Promise<void> {
  const layout = layOutStore(home);
  // a lock file alone proves nothing: by now its pid may belong to somebody else
  if ((await readServerState(layout)) !== 'down') await shutDown(layout);
  rmSync(home, { recursive: true, force: true });
}
