import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';
import { echoCardJson } from '../unit/inference/tiny-models.ts';
import { echoModel } from '../unit/inference/tiny-onnx.ts';

let db: TestDatabase;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-doctor-'));
  const weights = echoModel();
  await writeFile(join(folder, 'mine.onnx'), weights);
  await writeFile(join(folder, 'wrong.onnx'), weights);
  // The model answers with the pixels themselves, so any of 256 classes may come.
  const classes = Array.from({ length: 256 }, (_, index) => `class ${String(index)}`);
  await writeFile(join(folder, 'mine.json'), JSON.stringify(echoCardJson(weights, { id: 'mine', classes })));
  await writeFile(join(folder, 'wrong.json'), JSON.stringify(echoCardJson(weights, { id: 'wrong', classes: ['only one'] })));
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

const hs = (args: string[], env: Record<string, string> = {}): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_HOME: join(folder, 'home'), HS_TIMEZONE: 'Europe/Berlin', ...env }, cwd: folder });

type Report = { items: { check: string; status: string; message: string; hint: string | null }[]; exit_code: number };
const of = ({ stdout }: HsResult, check: string): Report['items'][number] | undefined =>
  (JSON.parse(stdout) as Report).items.find((item) => item.check === check);

test('without a model it ends with 0, says what does the work and how to get one', async () => {
  const found = await hs(['doctor', '--json']);
  expect(found.code).toBe(0);
  expect(of(found, 'database')).toMatchObject({ status: 'ok', message: expect.stringContaining('writable') });
  expect(of(found, 'model')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('motion detector'),
    hint: expect.stringContaining('hs models install'),
  });
  expect(of(found, 'timezone')).toMatchObject({ status: 'ok' });
  expect(of(found, 'threats')).toMatchObject({ status: 'warn' });
});

test('runs a real inference with an installed model', async () => {
  expect(await hs(['models', 'install', '--from', 'mine.onnx'])).toMatchObject({ code: 0 });
  const found = await hs(['doctor', '--json', '--require', 'model']);
  expect(found.code).toBe(0);
  expect(of(found, 'model')).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/^mine: sha256 is right, [\d.]+ ms a picture on cpu/),
  });
  expect(of(found, 'device')).toMatchObject({ status: 'ok', message: expect.stringMatching(/^cpu: /) });
});

test('an installed model whose answers do not fit its card is found by running it', async () => {
  expect(await hs(['models', 'install', '--from', 'wrong.onnx'])).toMatchObject({ code: 0 });
  const found = await hs(['doctor', '--json']);
  expect(await hs(['models', 'remove', 'wrong', '--yes'])).toMatchObject({ code: 0 });
  expect(found.code).toBe(6);
  expect((JSON.parse(found.stdout) as Report).items).toContainEqual(
    expect.objectContaining({ check: 'model', status: 'fail', message: expect.stringContaining('wrong') }),
  );
});

test('says in lines for people what to do next', async () => {
  const { stdout, code } = await hs(['doctor'], { HS_TIMEZONE: '' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {4}database {2}PostgreSQL/m);
  expect(stdout).toMatch(/^ +→ /m);
});

test('a database that does not answer ends with 5 and tells no password', async () => {
  const found = await hs(['doctor', '--json'], { HS_DATABASE_URL: 'postgresql://hs:sesame@127.0.0.1:1/hs' });
  expect(found.code).toBe(5);
  expect(of(found, 'database')).toMatchObject({ status: 'fail' });
  expect(found.stdout + found.stderr).not.toContain('sesame');
});

test('a schema that is behind ends with 10 and names the command that helps', async () => {
  const empty = await createTestDatabase({ migrated: false });
  const found = await hs(['doctor', '--json'], { HS_DATABASE_URL: empty.url });
  await empty.drop();
  expect(found.code).toBe(10);
  expect(of(found, 'database')).toMatchObject({ status: 'fail', hint: expect.stringContaining('hs db migrate') });
});

test('an ffmpeg that is set but not there ends with 6', async () => {
  expect(await hs(['doctor', '--json'], { HS_FFMPEG: '/nonexistent/ffmpeg' })).toMatchObject({ code: 6 });
});
