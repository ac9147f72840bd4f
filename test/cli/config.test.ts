import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder = '';

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  await db.drop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-config-'));
  return () => rm(folder, { recursive: true });
});

test('an unknown key ends with 2 and the nearest known name (§12)', async () => {
  await writeFile(join(folder, 'hs.yaml'), 'detector:\n  devise: cpu\n');
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(
    `error: "detector.devise" in config file ${join(folder, 'hs.yaml')} is not a known setting\n  hint: did you mean device?\n`,
  );
});

test('the database comes from the file, a variable wins over it, a flag over both', async () => {
  const other = 'postgres://nobody@127.0.0.1:1/none';
  const run = async (inFile: string, env: Record<string, string>, args: string[]): Promise<number | null> => {
    await writeFile(join(folder, 'my.yaml'), `database:\n  url: ${inFile}\n`);
    return (await runHs(['jobs', 'list', '--config', 'my.yaml', ...args], { cwd: folder, env })).code;
  };
  expect(await run(db.url, {}, [])).toBe(0);
  expect(await run(other, {}, [])).toBe(5);
  expect(await run(other, { HS_DATABASE_URL: db.url }, [])).toBe(0);
  expect(await run(db.url, { HS_DATABASE_URL: other }, [])).toBe(5);
  expect(await run(other, { HS_DATABASE_URL: other }, ['--db', db.url])).toBe(0);
});

test('a mistyped variable does not silently use another database', async () => {
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASEURL: db.url } });
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean HS_DATABASE_URL?');
});

test('a server whose schema is not there yet ends with 10 and says what to do', async () => {
  const empty = await createTestDatabase({ migrated: false });
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASE_URL: empty.url } });
  await empty.drop();
  expect(code).toBe(10);
  expect(stderr).toContain('hs db migrate');
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)('a configuration of another user in the current folder is refused (needs root to make one)', async () => {
  const path = join(folder, 'hs.yaml');
  await writeFile(path, 'layout: auto\n');
  const { chown } = await import('node:fs/promises');
  await chown(path, 12_345, 12_345);
  const refused = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASE_URL: db.url } });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('belongs to another user');
  const asked = await runHs(['jobs', 'list', '--config', path], { cwd: folder, env: { HS_DATABASE_URL: db.url } });
  expect(asked.code).toBe(0);
});
