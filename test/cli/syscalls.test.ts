import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { runSyscallStorm } from '../faults/run-syscall-storm.ts';
import { canTrace } from '../faults/traced-run.ts';
import { WRITERS } from '../faults/writers.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';

// Where nobody may trace, as in some containers, `hs` cannot be made to fail at a call.
const isTraced = process.platform === 'linux' && canTrace();
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

// All writers at all their calls: test/faults/syscalls.ts.
test.skipIf(!isTraced)(
  'an export whose write, fsync or rename fails leaves the old file, says why, and is on record (needs strace)',
  async () => {
    const env = { HS_HOME: join(folder.path, 'home'), HS_DATABASE_URL: db.url };
    const { counts, violations } = await runSyscallStorm({
      database: db.database,
      material: { event: 0, detection: 0, camera: '', footage: '', env, folder: folder.path },
      writers: WRITERS.filter(({ name }) => name === 'export csv'),
      faults: ['EIO'],
      calls: ['fsync', 'rename'],
      callsOfAKind: 2,
      log: () => undefined,
    });
    expect(violations).toEqual([]);
    // The fsync of the file, the rename and no room for the first byte; the fsync of the folder comes when the file is there.
    expect(counts).toMatchObject({ 'code 5 by EIO, old content': 2, 'code 5 by EIO, new content': 1, 'code 5 by ENOSPC, old content': 1 });
  },
);
