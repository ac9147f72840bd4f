import { dirname } from 'node:path';

import { isObjectUri } from '../../../domain/object-uri.ts';
import { holdLocal } from '../../../media/hold-local.ts';
import { MediaError } from '../../../media/media-error.ts';
import type { AnalysisTask, FileToAnalyse } from '../worker/analysis-task.ts';

/** Hands on a task whose files all lie on this machine for as long as it runs. A file that cannot be had says why; one that only leads up is left out. */
export async function withLocalFiles<Result>(task: AnalysisTask, run: (task: AnalysisTask) => Promise<Result>): Promise<Result> {
  const all = [...task.before, ...task.files];
  if (!all.some(({ path }) => isObjectUri(path))) return run(task);
  const releases: (() => Promise<void>)[] = [];
  try {
    const found = await Promise.allSettled(all.map((file) => toLocal(file, releases)));
    const local = found.map((one) => {
      if (one.status === 'rejected') throw one.reason as Error;
      return one.value;
    });
    const before = local.slice(0, task.before.length).filter((file) => file.unreadable === undefined);
    return await run({ ...task, before, files: local.slice(task.before.length) });
  } finally {
    await Promise.all(releases.map((release) => release()));
  }
}

async function toLocal(file: FileToAnalyse, releases: (() => Promise<void>)[]): Promise<FileToAnalyse> {
  try {
    const { path, release } = await holdLocal(file.path);
    releases.push(release);
    return path === file.path ? file : { ...file, path, root: dirname(path) };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { ...file, unreadable: { code: error.code, message: error.message } };
  }
}
