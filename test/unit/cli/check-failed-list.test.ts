import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFailedList } from '../../../src/cli/write-failed-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-list-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a list in a folder that is there can be written, whether it exists or not', async () => {
  await expect(checkFailedList(join(folder, 'failed.tsv'))).resolves.toBeUndefined();
});

test.each([
  ['a folder that is missing', 'missing/failed.tsv', /missing is not there, or not writable/],
  ['a folder in its place', '.', /is a folder/],
])('%s is found out before the work begins, as an error of usage', async (_case, name, message) => {
  const checking = checkFailedList(join(folder, name));
  await expect(checking).rejects.toMatchObject({ name: 'UsageError', exitCode: 2 });
  await expect(checking).rejects.toThrow(message);
});
