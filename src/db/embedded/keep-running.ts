import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { layOutStore } from './store-layout.ts';

/** From now on the last command leaves the server of this store running. */
export function keepRunning(home: string): void {
  writeFileSync(layOutStore(home).keep, '');
}

export function isKeptRunning(home: string): boolean {
  return existsSync(layOutStore(home).keep);
}

export function stopKeepingRunning(home: string): void {
  rmSync(layOutStore(home).keep, { force: true });
}
