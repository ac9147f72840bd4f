import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';

import type { StoreLayout } from './store-layout.ts';

export type ServerState = 'ready' | 'starting' | 'down';

/** Line 8 of `postmaster.pid` says starting, ready or stopping; a socket that answers says that the file is not a leftover. */
export async function readServerState(layout: StoreLayout): Promise<ServerState> {
  const lines = readLockFile(layout);
  if (lines === undefined || !(await answers(layout.socket))) return 'down';
  return lines[7]?.trim() === 'ready' ? 'ready' : 'starting';
}

/** Process id of the server as its lock file says; undefined when there is none. */
export function readServerPid(layout: StoreLayout): number | undefined {
  const pid = Number(readLockFile(layout)?.[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

export function hasLockFile(layout: StoreLayout): boolean {
  return existsSync(layout.lockFile);
}

function readLockFile(layout: StoreLayout): string[] | undefined {
  try {
    return readFileSync(layout.lockFile, 'utf8').split('\n');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = net.connect(socket);
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
    client.once('error', () => {
      resolve(false);
    });
  });
}

export function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
