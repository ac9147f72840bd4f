import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { locateFfmpeg } from '../../../../src/media/ffmpeg/locate-ffmpeg.ts';
import { makeFolder, testFfmpeg } from '../../../helpers/footage.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;
const oldPath = process.env['PATH'];
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(async () => {
  process.env['PATH'] = oldPath;
  await folder.dispose();
});

async function fakeProgram(path: string, answer: string): Promise<string> {
  const file = join(folder.path, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "${answer}"\n`);
  await chmod(file, 0o755);
  return file;
}

describe('where ffmpeg comes from', () => {
  test('a setting wins and is used as it is', async () => {
    const ffmpeg = await fakeProgram('set/ffmpeg', 'ffmpeg version 7.1-custom -fps_mode');
    const ffprobe = await fakeProgram('set/ffprobe', 'ffprobe version 7.1-custom');
    expect(await locateFfmpeg({ ffmpeg, ffprobe })).toEqual({
      ffmpeg,
      ffprobe,
      version: '7.1-custom',
      origin: 'setting',
      bundledOld: false,
      hasFpsMode: true,
    });
  });

  test('then PATH, also for a setting without a folder', async () => {
    const ffmpeg = await fakeProgram('path/ffmpeg', 'ffmpeg version n6.0');
    const ffprobe = await fakeProgram('path/ffprobe', 'ffprobe version n6.0');
    process.env['PATH'] = `${join(folder.path, 'path')}:${oldPath ?? ''}`;
    try {
      expect(await locateFfmpeg()).toMatchObject({ ffmpeg, ffprobe, origin: 'path', version: 'n6.0' });
      expect(await locateFfmpeg({ ffmpeg: 'ffmpeg' })).toMatchObject({ ffmpeg, origin: 'setting' });
    } finally {
      process.env['PATH'] = oldPath;
    }
  });

  test('a broken one on PATH is passed over for the bundled one', async () => {
    await fakeProgram('broken/ffmpeg', 'no version here');
    await symlink('/nowhere', join(folder.path, 'broken/ffprobe'));
    process.env['PATH'] = `${join(folder.path, 'broken')}:/bin:/usr/bin`;
    try {
      const tools = await locateFfmpeg();
      // Where the system has its own in /usr/bin, that one is shadowed by the broken one as well.
      expect(tools.ffmpeg).not.toContain('broken');
      expect(tools.ffprobe).not.toContain('broken');
    } finally {
      process.env['PATH'] = oldPath;
    }
  });

  test.each([
    ['does not exist', '/nowhere/ffmpeg'],
    ['is another program', '/bin/true'],
  ])('a setting that %s is an error that names it', async (_, ffmpeg) => {
    await expect(locateFfmpeg({ ffmpeg })).rejects.toMatchObject({
      code: 'ffmpeg_missing',
      exitCode: 6,
      message: expect.stringContaining(ffmpeg) as string,
      hint: expect.stringContaining('HS_FFMPEG') as string,
    });
  });
});

test('the answer can be sent to another process', async () => {
  const tools = await testFfmpeg();
  expect(structuredClone(tools)).toEqual(tools);
});
