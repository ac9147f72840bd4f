import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveTarget } from '../../../../src/services/export/export-target.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hs-target-')));
});
afterEach(() => rm(folder, { recursive: true }));

const target = (out: string | undefined): ReturnType<typeof resolveTarget> =>
  resolveTarget({ out, folder, type: 'events', suffix: 'csv', at: new Date('2026-01-14T08:15:00.250Z') });

test('- is standard output', async () => {
  expect(await target('-')).toEqual({ kind: 'stdout' });
});

test('without --out a name with the time is made in the current folder', async () => {
  expect(await target(undefined)).toEqual({ kind: 'file', path: join(folder, 'hs-events-20260114T081500Z.csv') });
});

test('a name made here never hits an existing file', async () => {
  await writeFile(join(folder, 'hs-events-20260114T081500Z.csv'), 'old');
  expect(await target(undefined)).toEqual({ kind: 'file', path: join(folder, 'hs-events-20260114T081500Z-2.csv') });
});

test('a folder gets a file with a made name', async () => {
  await mkdir(join(folder, 'out'));
  for (const out of ['out', 'out/'])
    expect(await target(out)).toEqual({ kind: 'file', path: join(folder, 'out', 'hs-events-20260114T081500Z.csv') });
});

test('a named file is taken as it is, whether it exists or not', async () => {
  await writeFile(join(folder, 'old.csv'), 'old');
  expect(await target('old.csv')).toEqual({ kind: 'file', path: join(folder, 'old.csv') });
  expect(await target('new.csv')).toEqual({ kind: 'file', path: join(folder, 'new.csv') });
});

test('a link is followed, so that the link stays one', async () => {
  await writeFile(join(folder, 'real.csv'), 'old');
  await symlink(join(folder, 'real.csv'), join(folder, 'link.csv'));
  expect(await target('link.csv')).toEqual({ kind: 'file', path: join(folder, 'real.csv') });
});

test.each(['/dev/null', 'missing/x.csv', 'missing/'])('%s is refused', async (out) => {
  await expect(target(out)).rejects.toThrow(expect.objectContaining({ exitCode: 2 }));
});
