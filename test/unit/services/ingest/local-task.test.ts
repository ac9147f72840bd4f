import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { useObjectOptions } from '../../../../src/media/objects/object-options.ts';
import { withLocalFiles } from '../../../../src/services/ingest/process/local-task.ts';
import type { AnalysisTask, FileToAnalyse } from '../../../../src/services/ingest/worker/analysis-task.ts';
import { makeFolder } from '../../../helpers/footage.ts';
import { BUCKET, optionsFor, S3_ENVIRONMENT, startS3Double, type S3Double } from '../../../helpers/s3-double.ts';
import { useVariables } from '../../../helpers/use-variables.ts';

let store: S3Double;
let home: Awaited<ReturnType<typeof makeFolder>>;
let putBack: () => void;

beforeEach(async () => {
  putBack = useVariables(S3_ENVIRONMENT);
  store = await startS3Double();
  home = await makeFolder();
  useObjectOptions(optionsFor(store, join(home.path, 'cache')));
});
afterEach(async () => {
  useObjectOptions(undefined);
  await store.close();
  await home.dispose();
  putBack();
});

function fileAt(id: number, path: string): FileToAnalyse {
  return { id, path, root: dirname(path), mediaType: 'image', startMs: 0, endMs: 0, movingCamera: false };
}

test('a task without objects is handed on as it is, and no store is asked', async () => {
  useObjectOptions(undefined);
  const task: AnalysisTask = { files: [fileAt(1, '/footage/a.jpg')], before: [] };
  expect(await withLocalFiles(task, (given) => Promise.resolve(given === task))).toBe(true);
});

test('objects lie on this machine while the task runs; one that is gone says so, and leads up to nothing', async () => {
  for (const name of ['a', 'b']) store.put(`${name}.jpg`, name);
  const at = (id: number, name: string): FileToAnalyse => fileAt(id, `s3://${BUCKET}/${name}.jpg`);
  const task: AnalysisTask = { files: [at(1, 'a'), at(2, 'gone')], before: [at(3, 'gone'), at(4, 'b')] };
  const seen = await withLocalFiles(task, async ({ files, before }) => {
    const [own, gone] = files;
    expect(gone).toMatchObject({ id: 2, unreadable: { code: 'vanished' } });
    expect(before.map(({ id }) => id)).toEqual([4]);
    expect(own?.path.startsWith(`${own.root}/`)).toBe(true);
    return Promise.all([own, ...before].map((file) => readFile(file?.path ?? '', 'utf8')));
  });
  expect(seen).toEqual(['a', 'b']);
  // Two copies, and no second name of them.
  expect((await readdir(join(home.path, 'cache'))).map((name) => name.slice(64))).toEqual(['.jpg', '.jpg']);
});
