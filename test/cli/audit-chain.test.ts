import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'hs-anchor-'));
const file = join(folder, 'anchors.txt');
const audit = (...args: string[]): Promise<HsResult> => runHs(['audit', ...args], { env: { HS_DATABASE_URL: db.url }, cwd: folder });

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true });
});

test('an empty log is intact, and its anchor is a line', async () => {
  expect(await audit('verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^intact: 0 rows, head 0 0{64}; without an anchor/),
  });
  expect(await audit('anchor')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^hs-audit-1 0 0{64} \d{4}-.*Z\n$/) });
});

test('anchors are added to a file that only its owner may read, and all of them are proved', async () => {
  const umask = process.umask(0);
  for (const actor of ['alice', 'bob']) {
    await runHs(['properties', 'add', `of ${actor}`, '--timezone', 'UTC', '--actor', actor], { env: { HS_DATABASE_URL: db.url } });
    expect(await audit('anchor', '--out', 'anchors.txt')).toMatchObject({ code: 0, stderr: '' });
  }
  process.umask(umask);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['2', '3']);
  expect(await audit('verify', '--anchor', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 anchors proved') });
  for (const given of [lines[0] ?? '', lines[1]?.split(' ')[2] ?? ''])
    expect(await audit('verify', '--anchor', given)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 of 1 anchor proved') });
});

test('rows removed at the end are found with the anchor only, and end with code 7', async () => {
  await db.knex('audit_logs').where('sequence', 3).delete();
  expect(await audit('verify')).toMatchObject({ code: 0 });
  expect(await audit('verify', '--anchor', file)).toMatchObject({
    code: 7,
    stdout: 'wrong: there was a row at place 3 when it was anchored, and there is none now\nnot intact: 1 finding in 2 rows\n',
  });
  const { code, stdout } = await audit('verify', '--anchor', file, '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([
    7,
    { schema_version: 1, exit_code: 7, item: { intact: false, rows: 2, anchors: [{ state: 'stands' }, { state: 'missing' }] } },
  ]);
});

test('a changed row is found without one, and named', async () => {
  await db.knex('audit_logs').where('sequence', 1).update({ actor: '\u001b[31mmallory' });
  const { code, stdout } = await audit('verify');
  expect([code, stdout]).toEqual([7, expect.stringMatching(/^wrong: row \d+ at place 1 is not what was sealed there\nnot intact/)]);
  expect(stdout).not.toContain('\u001b');
});

test.each([
  ['a file that is not there', 'absent.txt', 'there is no file'],
  ['an empty file', 'empty.txt', 'holds no anchor'],
  ['any other file', 'other.txt', 'line 2 of'],
])('%s is no anchor, and is not written over', async (_, name, message) => {
  if (name !== 'absent.txt') writeFileSync(join(folder, name), name === 'empty.txt' ? '' : `${'a'.repeat(64)}\nmy notes\n`);
  expect(await audit('verify', '--anchor', name)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  if (name !== 'other.txt') return;
  expect(await audit('anchor', '--out', name)).toMatchObject({ code: 2, stdout: '' });
  expect(readFileSync(join(folder, name), 'utf8')).toMatch(/my notes\n$/);
});
