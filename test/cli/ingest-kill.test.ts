import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeMixedFootage } from '../faults/mixed-footage.ts';
import { killsOf, runStorm } from '../faults/storm.ts';

// Processes are found by what they inherited, which only Linux tells.
test.skipIf(process.platform !== 'linux')(
  'kill -9 of the program, its workers and its database server at random moments costs nothing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hs-storm-'));
    try {
      await chmod(folder, 0o755);
      const [footage, homes] = [join(folder, 'footage'), join(folder, 'homes')];
      await mkdir(homes);
      await makeMixedFootage(footage);
      const result = await runStorm({ footage, homes, kills: 6, seed: 5, log: () => undefined });
      expect(result.violations).toEqual([]);
      expect(killsOf(result)).toBe(6);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
