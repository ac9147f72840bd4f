import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBackupStorm } from '../faults/run-backup-storm.ts';
import { createTestDatabase } from '../helpers/database.ts';

test.skipIf(process.platform === 'win32')(
  'kills, full disks and damaged files leave the old content or the new one',
  async () => {
    const [db, folder] = [await createTestDatabase(), await mkdtemp(join(tmpdir(), 'hs-backup-storm-'))];
    try {
      const amount = { kills: 1, bytes: 10, parts: 1, rows: 1000, seed: 7 };
      const { violations, counts } = await runBackupStorm({ database: db.database, url: db.url, folder, ...amount, log: () => undefined });
      expect(violations).toEqual([]);
      expect(counts['refused: one byte changed']).toBe(10);
    } finally {
      await db.drop();
      await rm(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
