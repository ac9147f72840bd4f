import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { seedCamera, seedEvent } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

const PASSPHRASE = 'open sesame';
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let eventId: number;
const at = (name: string): string => join(folder.path, name);

const hs = (args: string[], { input, ...more }: { input?: string; HS_HOME?: string } = {}): Promise<HsResult> => {
  const env = { HS_DATABASE_URL: db.url, HS_EVIDENCE_KEY_PASSPHRASE: PASSPHRASE, HS_HOME: at('home'), ...more };
  return runHs(['evidence', ...args], { cwd: folder.path, env, ...(input === undefined ? {} : { input }) });
};

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await seedCamera(db.knex, 'gate');
  eventId = await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-10T20:00:00Z' });
  const made = await hs(['keygen', '--out', 'case.key', '--json']);
  expect(JSON.parse(made.stdout)).toMatchObject({ item: { public_key: 'case.key.pub', encrypted: true } });
  const created = await hs(['create', '--event', '-', '--no-clips', '--sign', 'case.key', '--out', 'case.zip', '--hold', '--json'], {
    input: `${String(eventId)}\n`,
  });
  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(created.stdout)).toMatchObject({ schema_version: 1, item: { path: at('case.zip'), events: 1, files: 2, missing: [] } });
  expect(made.stdout + created.stdout + String(await readFile(at('case.key')))).not.toContain(PASSPHRASE);
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

test('a bundle is verified without a database, and it says what its signature is worth', async () => {
  const nowhere = { HS_HOME: at('nowhere'), HS_DATABASE_URL: '' };
  const enclosed = await hs(['verify', 'case.zip'], nowhere);
  expect(enclosed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('proves nothing about who made it') });
  const given = await hs(['verify', 'case.zip', '--key', 'case.key.pub'], nowhere);
  expect(given).toMatchObject({ code: 0, stdout: expect.stringContaining('signed with the key given') });
  expect(existsSync(at('nowhere'))).toBe(false);
});

test('what is wrong with a bundle is told in lines, with code 3', async () => {
  await writeFile(at('bad.zip'), Buffer.concat([await readFile(at('case.zip')), Buffer.from('\n')]));
  const found = await hs(['verify', 'bad.zip']);
  expect(found).toMatchObject({ code: 3, stderr: '', stdout: expect.stringMatching(/^wrong: .*\nnot intact: 1 finding\n/) });
});

test.each([
  [['verify', 'case.zip', '--key', 'case.key'], 'no public Ed25519 key'],
  [['create', '--event', '4711'], 'is no event 4711'],
  [['create', '--event', '1', '--out', '-'], 'must be a file or folder'],
])('%j is a usage error', async (args, message) => {
  expect(await hs(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
