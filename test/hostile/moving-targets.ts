import { appendFile, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import type { Knex } from 'knex';

import { makeVideo } from '../helpers/footage.ts';
import { OLD, noise, writeOld } from './hostile-input.ts';
import { goodJpeg } from './picture-inputs.ts';

export type MovingTarget = { paths: string[]; stop: () => Promise<void> };

/** Files that somebody writes to until `stop`, which also makes them old. Last in the list, so that a run waits for them last. */
export async function keepGrowing(root: string): Promise<MovingTarget> {
  const paths = [join(root, 'zz-growing/clip.ts'), join(root, 'zz-growing/picture.jpg')];
  await writeOld(paths[0] ?? '', await readFile(await makeVideo({ name: 'growing.ts', seconds: 2 })));
  await writeOld(paths[1] ?? '', await goodJpeg(7500));
  let writing: Promise<unknown> = Promise.resolve();
  const grow = (): void => {
    writing = Promise.all(paths.map((path, index) => appendFile(path, noise(188, index + 1))));
  };
  grow();
  const timer = setInterval(grow, 100);
  return {
    paths,
    stop: async () => {
      clearInterval(timer);
      await writing;
      for (const path of paths) await utimes(path, OLD, OLD);
    },
  };
}

/** Files that are there when the folder is listed and gone when their turn comes. */
export async function removeOnceListed(root: string, knex: Knex): Promise<MovingTarget> {
  const paths = [join(root, 'a-gone/20260114_120000.jpg'), join(root, 'a-gone/20260114_120010.mp4')];
  await writeOld(paths[0] ?? '', await goodJpeg(7600));
  await writeOld(paths[1] ?? '', await readFile(await makeVideo({ name: 'gone.mp4', seconds: 2, size: '176x144' })));
  let isOver = false;
  const removing = (async (): Promise<void> => {
    for (let listed = 0; listed < paths.length && !isOver;) {
      await new Promise((done) => setTimeout(done, 50));
      listed = (await knex('media_files').whereIn('path', paths)).length;
    }
    for (const path of paths) await rm(path, { force: true });
  })();
  return {
    paths,
    stop: async () => {
      isOver = true;
      await removing;
    },
  };
}
