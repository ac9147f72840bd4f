import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryBeside } from '../../../src/lib/temporary-file.ts';
import { writeAtomically } from '../../../src/lib/write-atomically.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-atomic-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('writes text and bytes, readable by the owner only, and leaves nothing beside it', async () => {
  const path = join(folder, 'out.csv');
  expect(await writeAtomically(path, ['é\n', new Uint8Array([65, 66])])).toBe(5);
  expect(await readFile(path, 'utf8')).toBe('é\nAB');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['out.csv']);
});

test('an empty stream makes an empty file', async () => {
  expect(await writeAtomically(join(folder, 'empty'), [])).toBe(0);
  expect((await stat(join(folder, 'empty'))).size).toBe(0);
});

test('replaces an existing file only when everything is written', async () => {
  const path = join(folder, 'out');
  await writeFile(path, 'old');
  function* failing(): Generator<string> {
    yield 'new';
    throw new Error('source broke');
  }
  await expect(writeAtomically(path, failing())).rejects.toThrow('source broke');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['out']);
  await writeAtomically(path, ['new']);
  expect(await readFile(path, 'utf8')).toBe('new');
});

test('a signal or a failing check before the rename leaves no trace', async () => {
  const path = join(folder, 'out');
  await expect(writeAtomically(path, ['x'], { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  const beforeRename = (): Promise<void> => Promise.reject(new Error('refused'));
  await expect(writeAtomically(path, ['x'], { beforeRename })).rejects.toThrow('refused');
  expect(await readdir(folder)).toEqual([]);
});

test('says what is wrong when the folder is not there', async () => {
  await expect(writeAtomically(join(folder, 'no', 'out'), ['x'])).rejects.toThrow('ENOENT');
});

test('what a killed process left of the same file is removed, what a living one writes is not', async () => {
  const path = join(folder, 'out.csv');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const started = new Map([
    [temporaryBeside(path).replace(String(process.pid), String(dead)), 'gone'],
    [temporaryBeside(path), 'kept'],
    [temporaryBeside(join(folder, 'other.csv')).replace(String(process.pid), String(dead)), 'kept'],
    [join(folder, `.out.csv.0a0a0a-${String(dead)}-0a0a0a0a0a0a.tmp`), 'kept'],
    [join(folder, `.out.csv.${String(dead)}.tmp`), 'kept'],
  ]);
  for (const [name, fate] of started) await writeFile(name, fate);
  await writeAtomically(path, ['new']);
  const kept = [...started].filter(([, fate]) => fate === 'kept').map(([name]) => basename(name));
  expect((await readdir(folder)).sort()).toEqual([...kept, 'out.csv'].sort());
});

test('a file that must be new never takes the place of another, and is whole', async () => {
  const path = join(folder, 'key');
  await writeAtomically(path, ['first'], { mustBeNew: true });
  await expect(writeAtomically(path, ['second'], { mustBeNew: true })).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(path, 'utf8')).toBe('first');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['key']);
});
