import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { countRows } from '../../../src/db/queries/backup/backup-tables.ts';
import type { UsageError } from '../../../src/errors/hs-error.ts';
import { writeBackup } from '../../../src/services/backup/create-backup.ts';
import { restoreBackup } from '../../../src/services/backup/restore-backup.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { putTogether, resign, takeApart, type BackupParts } from '../../helpers/forge-backup.ts';
import { seedHouse } from '../seed-house.ts';

let db: TestDatabase;
let folder: string;
let good: string;
let bad: string;
let parts: BackupParts;

const { signal } = new AbortController();

beforeAll(async () => {
  [db, folder] = [await createTestDatabase(), await mkdtemp(path.join(os.tmpdir(), 'hs-backup-'))];
  [good, bad] = [path.join(folder, 'good.zip'), path.join(folder, 'bad.zip')];
  await seedHouse(db.knex);
  await writeBackup(db.knex, { path: good, appVersion: '0.1.0', signal, now: () => new Date(), onProgress: () => undefined });
}, 60_000);

beforeEach(async () => {
  parts = await takeApart(good);
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

const restore = (): Promise<unknown> =>
  restoreBackup(db.database, {
    path: bad,
    replace: true,
    dryRun: false,
    signal,
    lockWaitMs: 0,
    safetyPath: undefined,
    appVersion: '0.1.0',
    onProgress: () => undefined,
    record: () => Promise.resolve(),
  });

/** What restoring `bad` is refused with: one short line, exit code 2, and the rows are where they were. */
async function refusal(): Promise<string> {
  const error = await restore().then(
    () => undefined,
    (thrown: unknown) => thrown as UsageError,
  );
  expect(error).toMatchObject({ code: expect.stringMatching(/^backup_(corrupt|invalid)$/) as string, exitCode: 2 });
  expect(error?.message).not.toMatch(/\p{Cc}/u);
  expect(error?.message.length).toBeLessThan(500);
  expect(await countRows(db.knex, 'cameras')).toBe(1);
  return error?.message ?? '';
}

const GATE = 'tables/cameras.ndjson';

function setCameras(text: string): void {
  parts.files.set(GATE, Buffer.from(text));
  resign(parts, 'cameras');
}

const cameras = (): string => String(parts.files.get(GATE));

test('what is put together unchanged is restored: the forgeries below fail for what they change', async () => {
  await putTogether(bad, parts);
  await expect(restore()).resolves.toMatchObject({ tables: parts.files.size });
});

test.each([
  ['a name out of the folder', ['tables/cameras.ndjson', '../../../ameras.ndjson'], /relative path/],
  ['an absolute name', ['tables/cameras.ndjson', '//////cameras.ndjson'], /absolute path/],
  ['a backslash', ['tables/cameras.ndjson', 'tables\\cameras.ndjson'], /invalid characters|cameras/],
  ['the same name twice', ['tables/zones.ndjson', 'tables/areas.ndjson'], /two entries/],
  ['a name that would colour a terminal', ['tables/zones.ndjson', '../\u001b[31m\nes.ndjson'], /relative path/],
] as const)('%s in the zip is refused', async (_what, [from, to], said) => {
  await putTogether(bad, parts, { renames: [[from, to.slice(0, from.length).padEnd(from.length, 'x')]] });
  expect(await refusal()).toMatch(said);
});

test.each<[string, () => void, RegExp]>([
  ['an entry more', () => parts.files.set('tables/more.ndjson', Buffer.from('{}\n')), /"tables\/more.ndjson" is not in its manifest/],
  ['an entry less', () => parts.files.delete(GATE), /is missing/],
  ['a table less', () => [parts.files.delete(GATE), delete parts.manifest.tables['cameras']], /lacks the table cameras/],
  ['two tables of one file', () => (parts.manifest.tables['zones'] = { ...parts.manifest.tables['cameras']! }), /share a file/],
  ['two files that changed places', swap, /of another size|other content/],
  ['a count that is wrong', () => (parts.manifest.tables['cameras']!.count = 2), /1 lines instead of 2/],
  ['a size that is wrong', () => (parts.manifest.tables['cameras']!.bytes += 1), /of another size/],
  ['a hash that is wrong', () => (parts.manifest.tables['cameras']!.sha256 = '0'.repeat(64)), /other content/],
  ['other columns', () => parts.manifest.tables['cameras']!.columns.reverse(), /has other columns/],
  ['a table name with a line break', () => (parts.manifest.tables['x\n\u001b[31m'] = parts.manifest.tables['zones']!), /manifest is wrong/],
  [
    'a text where a number belongs',
    () => {
      setCameras(cameras().replace(/"property_id":"\d+"/, '"property_id":"many\u001b[31m"'));
    },
    /refuses a row/,
  ],
  [
    'an object where a text belongs',
    () => {
      setCameras(cameras().replace(/"created_at":"[^"]*"/, '"created_at":{"a":1}'));
    },
    /refuses a row/,
  ],
  [
    'a reference to nothing',
    () => {
      setCameras(cameras().replace(/"property_id":"\d+"/, '"property_id":"99"'));
    },
    /refuses a row/,
  ],
  [
    'the same row twice',
    () => {
      setCameras(cameras().repeat(2));
    },
    /refuses a row/,
  ],
  [
    'two rows in a line',
    () => {
      setCameras(`${cameras().trim()},${cameras().replaceAll(/gate/gi, 'more')}`);
    },
    /not one row/,
  ],
  [
    'a line that is null',
    () => {
      setCameras('null\n');
    },
    /refuses a row/,
  ],
  [
    'a line that closes the list',
    () => {
      setCameras(']; DROP TABLE cameras; --\n');
    },
    /refuses a row/,
  ],
  [
    'an empty line',
    () => {
      setCameras('\n');
    },
    /not one row/,
  ],
  [
    'half a line',
    () => {
      setCameras(cameras().slice(0, -9));
    },
    /middle of a line/,
  ],
  [
    'a line of 50 MB',
    () => {
      setCameras(`${' '.repeat(50_000_000)}\n`);
    },
    /a line of more than 8000000/,
  ],
])('%s behind a right seal is refused', async (_what, change, said) => {
  change();
  await putTogether(bad, parts);
  expect(await refusal()).toMatch(said);
});

function swap(): void {
  const [a, b] = [parts.manifest.tables['cameras']!, parts.manifest.tables['zones']!];
  [a.file, b.file] = [b.file, a.file];
}

test('a manifest that is no JSON, of another form or far too large is refused', async () => {
  for (const [manifestText, said] of [
    ['{', /not JSON/],
    ['[]', /wrong at the start/],
    [JSON.stringify({ ...parts.manifest, app_version: '\u001b[31m' }), /wrong at app_version/],
    [' '.repeat(2_000_000), /too large/],
  ] as const) {
    await putTogether(bad, parts, { manifestText });
    expect(await refusal()).toMatch(said);
  }
});

test('a file that is larger than the zip says is refused at the byte too many', async () => {
  const line = `${' '.repeat(5_000_000)}\n`;
  setCameras(line.repeat(3));
  parts.manifest.tables['cameras']!.bytes = 100;
  await putTogether(bad, parts);
  expect(await refusal()).toMatch(/of another size/);
  await putTogether(bad, parts, { renames: [[uint32(3 * line.length), uint32(100)]] });
  expect(await refusal()).toMatch(/too many bytes/);
});

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
}
